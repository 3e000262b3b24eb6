"""The contracts: what a backend is, what an engine is, and the values that pass between them and their callers."""
