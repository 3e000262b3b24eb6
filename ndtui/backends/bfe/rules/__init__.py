"""What the Base Filtering Engine accepts: its rules for objects, conditions and contexts, with its error codes."""
