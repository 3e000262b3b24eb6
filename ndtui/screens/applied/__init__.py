"""Applied: what a backend holds, what waits to be confirmed there, its history, and the way back along it."""
