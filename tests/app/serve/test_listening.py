"""Where the server listens, and the one line where it cannot."""

import socket
from contextlib import closing

import pytest

from ndtui.app.serve.listening import listen
from ndtui.common.errors import InputError
from tests.support import one_line


def refusal(host, port=0):
    with pytest.raises(InputError) as caught:
        listen(host, port)
    return one_line(str(caught.value))


@pytest.mark.parametrize(("host", "there"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("::1", "[::1]")])
def test_on_this_machine_alone(host, there):
    try:
        listening = listen(host, 0)
    except InputError:
        if host != "::1":
            raise
        pytest.skip("this machine has no IPv6")
    with closing(listening.socket):
        assert listening.is_local
        assert listening.address_with("t") == f"http://{there}:{listening.port}/t/"


def test_on_every_address_it_is_told_by_the_machines_name(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "desk")
    listening = listen("0.0.0.0", 0)
    with closing(listening.socket):
        assert not listening.is_local
        assert listening.address_with("t") == f"http://desk:{listening.port}/t/"


def test_a_port_in_use():
    listening = listen("127.0.0.1", 0)
    with closing(listening.socket):
        text = refusal("127.0.0.1", listening.port)
    assert text == f"port {listening.port} is in use at 127.0.0.1: --port 0 takes one that is free"


@pytest.mark.parametrize("host", ["", "no such host", "a" * 300, "x\x00y", "xn--", "ü" * 70])
def test_no_host(host):
    assert "there is no host" in refusal(host)


def test_the_address_of_another_machine():
    assert "192.0.2.1 is no address of this machine" in refusal("192.0.2.1")
