"""Who is let in: with the token, under a name of this server, from a page of its own."""

from ipaddress import ip_address

import pytest

from ndtui.app.serve.gate import Gate, new_token

LOCAL = Gate("t", ip_address("127.0.0.1"), "127.0.0.1")
NAMED = Gate("t", ip_address("192.0.2.7"), "Policy.example")
EVERYWHERE = Gate("t", ip_address("0.0.0.0"), "0.0.0.0")


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Desk")


def comes(gate, host="127.0.0.1:8000", path="/t/", origins=(), *, is_socket=False):
    return gate.lets_in([host], origins, path, is_socket=is_socket)


def test_a_token_is_new_and_cannot_be_guessed():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


@pytest.mark.parametrize("path", ["/t", "/t/", "/t/socket", "/t/page.js"])
def test_with_the_token(path):
    assert comes(LOCAL, path=path)


@pytest.mark.parametrize("path", ["", "/", "//t/", "/T/", "/tt/", "/t\x00/", "/x/t/", "/é/", "/\udcff/", "*"])
def test_without_the_token(path):
    assert not comes(LOCAL, path=path)


@pytest.mark.parametrize(
    ("gate", "host"),
    [
        (LOCAL, "localhost"),
        (LOCAL, "LOCALHOST:9000"),  # a tunnel may end at another port
        (LOCAL, "[::1]:8000"),
        (NAMED, "policy.example:8000"),
        (NAMED, "192.0.2.7"),
        (NAMED, "localhost:8000"),
        (EVERYWHERE, "desk:8000"),
        (EVERYWHERE, "192.0.2.9:8000"),
        (EVERYWHERE, "[2001:db8::1]:8000"),
    ],
)
def test_under_a_name_of_this_server(gate, host):
    assert comes(gate, host)


@pytest.mark.parametrize(
    ("gate", "host"),
    [
        (LOCAL, "evil.example:8000"),
        (LOCAL, "127.0.0.1.evil.example"),
        (LOCAL, "localhost.evil.example"),
        (LOCAL, "192.0.2.7:8000"),
        (LOCAL, "desk:8000"),
        (LOCAL, "evil.example@127.0.0.1"),
        (LOCAL, "127.0.0.1:x"),
        (LOCAL, "127.0.0.1:999999"),
        (LOCAL, "127.0.0.1/evil"),
        (LOCAL, "[::1"),
        (LOCAL, ""),
        (NAMED, "192.0.2.8"),
        (EVERYWHERE, "evil.example"),
    ],
)
def test_under_the_name_of_somebody_else(gate, host):
    assert not comes(gate, host)


@pytest.mark.parametrize("hosts", [[], ["127.0.0.1", "127.0.0.1"]])
def test_under_no_name_or_two(hosts):
    assert not LOCAL.lets_in(hosts, [], "/t/", is_socket=False)


def test_from_a_page_of_its_own():
    for origin in ("http://127.0.0.1:8000", "https://127.0.0.1:8000"):
        assert comes(LOCAL, origins=[origin], is_socket=True)
    assert comes(LOCAL, "LocalHost:8000", origins=["http://localhost:8000"], is_socket=True)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1", "http://127.0.0.1:8001", "null", "", "file://127.0.0.1:8000"]
)
def test_from_the_page_of_somebody_else(origin):
    for is_socket in (True, False):
        assert not comes(LOCAL, origins=[origin], is_socket=is_socket)
    assert not comes(LOCAL, origins=["http://127.0.0.1:8000", origin], is_socket=True)


def test_a_web_socket_from_no_page():
    assert not comes(LOCAL, is_socket=True)
