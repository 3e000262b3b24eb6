"""What the designer does with its backend: shows the plan, and what is applied."""

from typing import TYPE_CHECKING, Protocol

from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.ui.state.host import Host
from ndtui.ui.state.progress import LeftError

if TYPE_CHECKING:
    from ndtui.backends.contract.backend import Backend


class BackendHost(Host, Protocol):
    """What these actions ask of the application beyond what others may."""

    def backend(self) -> "Backend":
        """Return the backend of this session.

        Raises:
            NdtuiError: it cannot be opened.
        """


async def open_plan(host: BackendHost) -> None:
    """Show what applying the design would change, and say at the end what has been applied."""
    from ndtui.screens.plan import PlanScreen  # noqa: PLC0415 - keeps the start short
    from ndtui.screens.plan_goals import applying  # noqa: PLC0415

    backend = await _opened(host)
    if backend is None:
        return
    screen = PlanScreen(
        backend,
        applying(host.workbench.filterset),
        read_only=host.options.read_only,
        confirm_seconds=host.options.settings.confirm_seconds,
    )
    done = await host.push_screen_wait(screen)
    if done is not None:
        host.notify(f"{visible(done.policy) or 'Nothing'} is applied to {host.options.backend}", markup=False)


async def open_applied(host: BackendHost) -> None:
    """Show what the backend holds, what waits to be confirmed there, and the history."""
    from ndtui.screens.applied.applied_screen import AppliedScreen  # noqa: PLC0415 - keeps the start short

    backend = await _opened(host)
    if backend is not None:
        screen = AppliedScreen(
            backend,
            host.workbench.filterset,
            read_only=host.options.read_only,
            confirm_seconds=host.options.settings.confirm_seconds,
        )
        await host.push_screen_wait(screen)


async def _opened(host: BackendHost) -> "Backend | None":
    """Return the backend, or say why it cannot be opened; the operator may leave one that lets him wait."""
    try:
        return await host.long(f"Opening the backend {visible(host.options.backend)}", host.backend)
    except LeftError:
        return None
    except NdtuiError as error:
        host.notify(visible(str(error)), severity="error", markup=False)
        return None
