"""Arguments that several commands share, and how what they name is read."""
