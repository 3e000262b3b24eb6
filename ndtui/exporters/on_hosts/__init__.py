"""On hosts: what a policy does to a host that it is installed on from outside of ndtui, whatever installs it."""
