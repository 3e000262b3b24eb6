"""From Windows' structures to documents."""
