"""Drift: what of a design is on a machine, what is missing there, changed, asleep, or left from an earlier version."""
