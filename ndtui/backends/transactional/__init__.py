"""Backends on an engine with transactions: history, rollback, confirmation within a time, and the watchdog."""
