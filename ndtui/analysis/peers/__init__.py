"""What two hosts do together: what they agree on, who can talk to whom, and how a connection goes on over time."""
