"""A look at the backend beside the work on the design: what waits to be confirmed there, and how that ended."""

from typing import TYPE_CHECKING, NamedTuple

from ndtui.common.errors import NdtuiError
from ndtui.ui.state.options import Options

if TYPE_CHECKING:
    from ndtui.backends.contract.backend import Backend
    from ndtui.backends.contract.changes import Pending


class Seen(NamedTuple):
    """What a look has seen: an apply that waits, of which policy, whether anybody watches over it.

    ``ended`` says in a sentence how what the look before has seen ended; empty as long as it waits.
    """

    pending: "Pending | None" = None
    policy: str = ""
    watched: bool | None = None
    ended: str = ""


class BackendLook:
    """Looks at the backend that the designer was started with. It opens one of its own: to look needs no other."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._opened: Backend | None = None

    def look(self, used: "Backend | None", before: Seen) -> Seen | None:
        """Return what there is to see, after what was seen before; ``None`` where the backend cannot be read now.

        ``used`` is the backend that is in use, if there is one. May be called from a thread.
        """
        from ndtui.backends.registry import open_backend  # noqa: PLC0415 - the designer starts without backends

        try:
            backend = used or self._opened or open_backend(self._options.backend, self._options.store)
            self._opened = backend
            return _seen(backend, before) if backend.capabilities.confirm_or_revert else Seen()
        except NdtuiError:  # whoever plans or applies there is told what is wrong
            return None


def _seen(backend: "Backend", before: Seen) -> Seen:
    from ndtui.backends.transactional.answering import ending_of  # noqa: PLC0415

    pending, ended = backend.pending(), ""
    same = pending is not None and before.pending is not None and pending.token == before.pending.token
    if before.pending is not None and not same:
        ending = ending_of(backend, before.pending)
        ended = "" if ending is None else f"{before.policy or 'What was done last'} was {ending.words()}"
    if pending is None:
        return Seen(ended=ended)
    policy = before.policy if same else _policy_of(backend, pending)
    return Seen(pending, policy, backend.watched(pending), ended)


def _policy_of(backend: "Backend", pending: "Pending") -> str:
    """Return the name of the policy that waits."""
    return next((each.policy for each in backend.history() if each.number == pending.back_to + 1), "")
