"""Python: a program with win32more that installs and removes a policy."""
