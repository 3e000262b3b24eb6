"""Packets, what becomes of them, and how filters at one layer are arbitrated."""
