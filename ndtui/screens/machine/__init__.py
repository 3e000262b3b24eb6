"""Machine: what Windows itself has on a machine, from a file that netsh wrote."""
