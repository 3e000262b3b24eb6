"""Secrets come from where they are kept, and no message shows one."""

import sys
import types

import pytest

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.wfp.secrets import SERVICE, resolve
from tests.support import one_line


def refused(reference: str) -> str:
    """Return the one line by which a reference is refused."""
    with pytest.raises(BackendError) as caught:
        resolve(reference)
    assert caught.value.remedy
    return one_line(str(caught.value))


@pytest.fixture
def keyring(monkeypatch):
    """Put a keyring in the place of the system's."""
    module = types.ModuleType("keyring")
    held = {(SERVICE, "site-a.example"): "hunter2 ö"}
    module.get_password = lambda service, name: held.get((service, name))
    monkeypatch.setitem(sys.modules, "keyring", module)
    return module


def test_from_the_environment(monkeypatch):
    monkeypatch.setenv("NDTUI_KEY", "größer")
    secret = resolve("env:NDTUI_KEY")
    assert secret == bytearray("größer", "utf-8")
    secret[:] = bytes(len(secret))
    assert resolve("env:NDTUI_KEY") == bytearray("größer", "utf-8")


def test_missing_or_empty_in_the_environment(monkeypatch):
    monkeypatch.delenv("NDTUI_KEY", raising=False)
    assert refused("env:NDTUI_KEY").startswith("the secret env:NDTUI_KEY is missing or empty: set the environment")
    monkeypatch.setenv("NDTUI_KEY", "")
    assert "is missing or empty" in refused("env:NDTUI_KEY")


def test_from_the_keyring(keyring):
    assert resolve("keyring:site-a.example") == bytearray("hunter2 ö", "utf-8")
    assert "keyring set ndtui other" in refused("keyring:other")


def test_without_the_package_that_reads_keyrings(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    message = refused("keyring:site-a.example")
    assert "keyring:site-a.example" in message
    assert 'pip install "ndtui[keyring]"' in message


def test_a_keyring_that_fails(keyring):
    def fail(service, name):
        raise RuntimeError("locked; hunter2 is in it")

    keyring.get_password = fail
    message = refused("keyring:site-a.example")
    assert "hunter2" not in message
    assert "RuntimeError" in message


@pytest.mark.parametrize("reference", ["hunter2", "", "env:", "keyring:", "(not shown)", "file:/etc/hunter2", ":x"])
def test_what_is_no_reference_is_not_repeated(reference):
    message = refused(reference)
    assert "hunter2" not in message
    assert '"env:NAME"' in message
