"""How a backend says that it could not do what was asked."""

from ndtui.common.errors import NdtuiError


class BackendError(NdtuiError):
    """A backend could not do what was asked. Nothing was changed."""

    status = 1


class StalePlanError(BackendError):
    """The state that a plan was made from has moved since."""


class MissingRevisionError(BackendError):
    """The history has no revision of the number that was given, so that the input is wrong."""

    status = 2


class PlaceError(BackendError):
    """The place that a backend was given for its state holds something else, so that the input is wrong."""

    status = 2
