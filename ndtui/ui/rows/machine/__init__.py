"""The rows of a machine: its filters and other objects as tables, and what is said of each of them."""
