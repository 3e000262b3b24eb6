"""Backends on an engine with transactions: history, rollback, confirming within a time, reverting, the watchdog."""
