"""What should have been confirmed or reverted by now, and is neither: said by whoever looks, who changes nothing."""

import time

from ndtui.backends.contract.changes import Pending


def overdue_words(pending: Pending | None) -> str:
    """Return what is overdue and how to settle it, in a line; empty where nothing is."""
    if pending is None or pending.seconds_left() > 0:
        return ""
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(pending.deadline))
    return f"what was applied last was not confirmed by {since}, and is not reverted yet: ndtui rollback reverts it"
