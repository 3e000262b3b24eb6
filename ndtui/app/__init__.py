"""The application: the one place where state changes."""
