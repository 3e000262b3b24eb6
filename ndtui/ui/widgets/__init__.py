"""Widgets: parts of the screen that show state and post what the operator wants. None of them edits anything."""
