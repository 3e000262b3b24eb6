"""The state of the designer: the workbench, unsaved work, the selection."""
