"""How a backend says that it could not do what was asked."""

from ndtui.common.errors import NdtuiError


class BackendError(NdtuiError):
    """A backend could not do what was asked. Nothing was changed."""

    status = 1


class StalePlanError(BackendError):
    """The state that a plan was made from has moved since."""


class PlaceError(BackendError):
    """The place a backend was given for its state holds something else: bad input rather than bad luck."""

    status = 2
