"""A C program that installs and removes a policy: the objects as Windows' own structures, and what hands them over."""
