"""A campaign against the promises of docs/reliability.md: everything that once broke something, in eight parts."""
