"""Check: findings about a design, each with a stable id, a severity, a place, why it matters and a remedy."""
