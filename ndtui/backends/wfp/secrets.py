"""Secrets by reference: ``env:NAME`` and ``keyring:NAME``. No message ever holds a secret, or a part of one."""

import importlib
import os
from collections.abc import Callable, Mapping

from ndtui.backends.contract.backend_errors import BackendError

#: The service under which the system's keyring holds them.
SERVICE = "ndtui"


def resolve(reference: str) -> bytearray:
    """Return a secret as UTF-8, in a buffer that the caller overwrites after use.

    What the environment and the keyring hold in memory stays there.

    Raises:
        BackendError: there is no such secret, it is empty, or the reference is none.
    """
    scheme, _, name = reference.partition(":")
    look_up = _SCHEMES.get(scheme)
    if look_up is None or not name:
        raise BackendError(
            "a pre-shared key has no reference to take it from (what stands there is not shown)",
            remedy='write "env:NAME" or "keyring:NAME"',
        )
    secret = look_up(reference, name)
    if not secret:
        raise BackendError(f"the secret {reference} is missing or empty", remedy=_REMEDIES[scheme].format(name))
    return bytearray(secret, "utf-8", "surrogatepass")


def _from_environment(_reference: str, name: str) -> str | None:
    return os.environ.get(name)


def _from_keyring(reference: str, name: str) -> str | None:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        raise BackendError(
            f"the secret {reference} is in a keyring, and the package that reads it is not installed",
            remedy='pip install "ndtui[keyring]", or give the key as env:NAME',
        ) from None
    try:
        secret = keyring.get_password(SERVICE, name)
    except Exception as error:
        # A keyring raises exceptions of its own, and their messages may contain the secret.
        raise BackendError(
            f"the keyring did not give the secret {reference} ({type(error).__name__})",
            remedy="unlock it, or give the key as env:NAME",
        ) from None
    return None if secret is None else str(secret)


_SCHEMES: Mapping[str, Callable[[str, str], str | None]] = {"env": _from_environment, "keyring": _from_keyring}
_REMEDIES = {
    "env": "set the environment variable {} for this program",
    "keyring": f"store it with: keyring set {SERVICE} {{}}",
}
