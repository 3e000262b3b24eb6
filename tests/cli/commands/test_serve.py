"""``ndtui serve``: what it says when it cannot, its address, and the command of a session."""

import json
import re
import socket
import sys
from contextlib import closing

import pytest

from ndtui.app.serve import web_server


@pytest.mark.parametrize("port", ["", "x", "-1", "65536", "8000.0", "٣", "9" * 5000])
def test_what_is_no_port(run, port):
    refusal = run("serve", f"--port={port}").refusal()
    assert "is no port: a number from 0 to 65535" in refusal


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-"], "read anew for each visitor: name a preset or a file"),
        (["/dev/stdin"], "read anew for each visitor"),
        (["nd-trnsport"], "nd-transport"),
        (["no.toml"], "there is no file no.toml"),
        (["--backend", "nowhere"], "nowhere"),
        (["--host", "192.0.2.1"], "192.0.2.1 is no address of this machine"),
        (["--host", ""], "there is no host ''"),
    ],
)
def test_what_cannot_be_served(run, words, said):
    assert said in run("serve", "--port", "0", *words).refusal()


def test_a_port_in_use(run):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} is in use" in run("serve", "--port", str(port)).refusal()


@pytest.mark.parametrize("package", ["aiohttp", "textual_serve"])
def test_without_the_extra(run, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    refusal = run("serve").refusal()
    assert refusal.endswith(f'is not installed ({package}): pip install "ndtui[serve]"')


@pytest.fixture
def served(monkeypatch) -> list[tuple]:
    """Keep what would be served, instead of serving it."""
    kept: list[tuple] = []

    def serve(listening, gate, words, title, say) -> int:
        listening.socket.close()
        kept.append((gate, words, title))
        return 0

    monkeypatch.setattr(web_server, "serve", serve)
    return kept


def test_the_address_and_what_a_visitor_may(run, served):
    done = run("serve", "--port", "0")
    ((gate, words, title),) = served
    assert re.fullmatch(rf"http://127\.0\.0\.1:\d+/{gate.token}/\n", done.out)
    assert done.err == "Serving nd-transport to at most 8 visitors at once, read-only. Ctrl+C ends it.\n"
    assert (title, words[-2:]) == ("nd-transport", ["--", "nd-transport"])
    assert "--read-only" in words
    assert gate.token not in " ".join(words)


def test_a_visitor_may_write_when_that_is_said(run, served, tmp_path):
    store = tmp_path / "a b.db"
    done = run("serve", "nd-boundary", "--port", "0", "--write", "--store", store, "--no-color", "--json")
    ((gate, words, _),) = served
    assert json.loads(done.out)["address"].endswith(f"/{gate.token}/")
    assert {**json.loads(done.out), "address": ""} == {
        "address": "",
        "design": "nd-boundary",
        "readOnly": False,
        "visitors": 8,
    }
    assert "letting them save, export and apply" in done.err
    assert words[-5:] == ["--backend=store", f"--store={store}", "--no-color", "--", "nd-boundary"]


def test_from_elsewhere_it_is_warned_of(run, served):
    done = run("serve", "--port", "0", "--host", "0.0.0.0")
    assert "warning: no encryption" in done.err
    assert "ssh -L" in done.err
    assert socket.gethostname() in done.out


def test_each_start_has_another_token(run, served):
    assert run("serve", "--port", "0").out != run("serve", "--port", "0").out
