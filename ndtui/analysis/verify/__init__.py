"""Statements about every packet, not about samples: assertions, shadowed exemptions, two policies compared."""
