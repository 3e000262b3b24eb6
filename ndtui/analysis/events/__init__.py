"""Events: what Windows says it did with packets and connections, from netsh and from its event log."""
