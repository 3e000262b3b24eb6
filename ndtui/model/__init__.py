"""The core: what the operator decides, what it compiles to, and Windows' own vocabulary. Knows no screen."""
