"""A look at the backend beside the work on the design: whether something waits to be confirmed there."""

from typing import TYPE_CHECKING

from ndtui.common.errors import NdtuiError
from ndtui.ui.state.options import Options

if TYPE_CHECKING:
    from ndtui.backends.contract.backend import Backend


class BackendLook:
    """Looks at the backend that the designer was started with. It opens one of its own: to look needs no other."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._opened: Backend | None = None

    def waits(self, used: "Backend | None" = None) -> str:
        """Return what waits to be confirmed, for a status line; empty for nothing, and where that cannot be seen.

        ``used`` is the backend that is in use, if there is one. May be called from a thread.
        """
        from ndtui.backends.planning.waiting_wording import waiting_brief  # noqa: PLC0415
        from ndtui.backends.registry import open_backend  # noqa: PLC0415 - the designer starts without backends

        try:
            backend = used or self._opened or open_backend(self._options.backend, self._options.store)
            self._opened = backend
            pending = backend.pending() if backend.capabilities.confirm_or_revert else None
            return waiting_brief(backend, pending) if pending is not None else ""
        except NdtuiError:  # whoever plans or applies there is told what is wrong
            return ""
