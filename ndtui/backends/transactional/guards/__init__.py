"""Lasting guards: what the system itself starts a watchdog with, after a restart of the machine or a watchdog's end."""
