"""What every room may use: errors, text that is safe to show, files, durations."""
