"""What is made of the command line's parser as a whole: completion scripts and the manual page."""
