"""Serve: the designer in a browser, a session of its own for each visitor."""
