"""Ways out: a compiled design as text, bytes or files in a format that other people and programs read."""
