"""Reconstruct: a machine's own policy, read from a dump, back into a Design."""
