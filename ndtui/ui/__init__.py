"""What screens are made of: state, keys, rows and widgets."""
