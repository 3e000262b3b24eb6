"""A campaign against the promises of docs/reliability.md: everything at once that once broke something."""
