"""Machine: what a machine's own filters, services and objects mean for a design that is, or is to be, applied there."""
