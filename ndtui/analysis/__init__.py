"""What can be said about a design, a machine's dump and packets: findings, order, traces, proofs, explanations."""
