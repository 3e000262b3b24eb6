"""What a Design compiles to: objects, their documents, their weights."""
