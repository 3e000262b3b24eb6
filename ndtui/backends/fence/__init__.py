"""A plug-in's backend behind a fence: its callers get what the contract says, or one line."""
