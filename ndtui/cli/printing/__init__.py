"""Printing: output and tables, and what commands print of dumps, orders and traces."""
