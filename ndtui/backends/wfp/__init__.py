"""Windows' own filter engine: documents become the structures of its C interface, and its structures documents."""
