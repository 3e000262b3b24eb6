"""From documents to Windows' structures."""
