"""What is laid out, painted and sent to the terminal: once, and only what has changed."""
