"""ndtui designs Windows Filtering Platform IPsec policies in a terminal."""

__version__ = "0.1.0"
