"""Every action as data, its keys, and the order in which keys are taken."""
