"""Where the emulated engine keeps its objects: in memory, or in one SQLite file."""
