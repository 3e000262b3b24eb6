"""Themes: the only place where a colour has a value. Style sheets name what a colour is for, ``$nd-...``."""
