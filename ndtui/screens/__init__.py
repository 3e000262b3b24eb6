"""Screens: the designer, plan and apply, trace; dialogs in a folder of their own."""
