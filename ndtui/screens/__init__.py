"""Screens: the workbench, plan and apply, and the dialogs."""
