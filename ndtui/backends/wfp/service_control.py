"""Windows' service control manager: how a service stands, and how it is started.

Source: https://learn.microsoft.com/windows/win32/api/winsvc/
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_uint32, cast, create_string_buffer
from typing import Any, NamedTuple

from ndtui.backends.contract.backend_errors import BackendError

#: More than the configuration of a service may have. Source: QueryServiceConfigW.
_LARGEST = 8192


class Service(NamedTuple):
    """How a service stands."""

    running: bool
    disabled: bool
    """Whether nothing can start it as it is configured."""


class ServiceControl:
    """Asks the service control manager; ``load`` returns win32more's module of its functions."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load

    def look(self, name: str) -> Service | None:
        """Return how a service stands, ``None`` where there is none, or Windows does not tell."""
        api = self._load()
        with self._opened(api, name, api.SERVICE_QUERY_STATUS | api.SERVICE_QUERY_CONFIG) as service:
            status, buffer, needed = api.SERVICE_STATUS(), create_string_buffer(_LARGEST), c_uint32()
            config = cast(buffer, POINTER(api.QUERY_SERVICE_CONFIGW))
            if not (
                service
                and api.QueryServiceStatus(service, byref(status))
                and api.QueryServiceConfigW(service, config, _LARGEST, byref(needed))
            ):
                return None
            running = status.dwCurrentState == api.SERVICE_RUNNING
            return Service(running, config.contents.dwStartType == api.SERVICE_DISABLED)

    def start(self, name: str) -> None:
        """Have a service started with Windows from now on, and start it.

        Raises:
            BackendError: Windows does not do it.
        """
        api = self._load()
        with self._opened(api, name, api.SERVICE_CHANGE_CONFIG | api.SERVICE_START) as service:
            keep = api.SERVICE_NO_CHANGE
            if not (
                service
                and api.ChangeServiceConfigW(
                    service, keep, api.SERVICE_AUTO_START, keep, None, None, None, None, None, None, None
                )
                and api.StartServiceW(service, 0, None)
            ):
                raise BackendError(
                    f"Windows does not start the service {name}",
                    remedy=f"in a terminal opened with Run as administrator: sc.exe start {name}",
                )

    @contextmanager
    def _opened(self, api: Any, name: str, rights: int) -> Iterator[Any]:
        """Yield the handle of a service, nothing where it cannot be opened."""
        manager = api.OpenSCManagerW(None, None, api.SC_MANAGER_CONNECT)
        service = api.OpenServiceW(manager, name, rights) if manager else None
        try:
            yield service
        finally:
            for handle in (service, manager):
                if handle:
                    api.CloseServiceHandle(handle)
