"""From what is held to what is wanted: plans, plan files, executing a plan, filters of others that interfere."""
