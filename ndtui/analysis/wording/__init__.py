"""Objects and their properties in words for a person."""
