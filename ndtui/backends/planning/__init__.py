"""From what is held to what is wanted: plans, plan files, carrying a plan out, filters of others that interfere."""
