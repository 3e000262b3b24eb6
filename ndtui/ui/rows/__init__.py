"""What is shown, as data: rows and columns, without Textual."""
