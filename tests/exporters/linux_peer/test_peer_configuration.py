"""The text of a peer's configuration: what stands in it, and that no text of a design changes its structure."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.common.errors import NdtuiError
from ndtui.common.text import is_hostile
from ndtui.exporters.contract import ExportError
from ndtui.exporters.linux_peer.peer_texts import comment, plain_name, points
from ndtui.model.design.design import Design
from tests.exporters.linux_peer.peer_designs import HOSTILE, certificate, effective, esp, main, peered, written
from tests.negotiations import negotiating_designs
from tests.support import one_line, preset

PROGRAMS = ("libreswan", "strongswan")


def said(text: str, name: str) -> list[str]:
    """Return what a setting is set to, each time."""
    return re.findall(rf"^\s*{re.escape(name)}\s*=\s*(.*)$", text, re.MULTILINE)


def test_libreswan_says_all_of_it():
    text = written(preset("nd-certificates"), "libreswan")
    assert text.endswith("\n")
    assert said(text, "type") == ["transport", "transport", "passthrough"]
    assert said(text, "auto") == ["ondemand", "add", "ondemand"]
    assert said(text, "ikev2") == ["yes", "no"]
    assert said(text, "right") == ["192.0.2.7", "192.0.2.7", "0.0.0.0"]
    assert said(text, "rightca") == ['"CN=Example Root CA"'] * 2
    assert said(text, "ike") == ["aes256-sha2_384-dh20,aes256-sha2_256-dh19,aes128-sha2_256-dh14"] * 2
    assert said(text, "esp") == [
        "aes_gcm256;dh20,aes_gcm128;dh20,aes256-sha2_256;dh20",
        "aes_gcm256;dh14,aes_gcm128;dh14,aes256-sha2_256;dh14",
    ]
    assert (said(text, "ikelifetime"), said(text, "salifetime")) == (["28800s"] * 2, ["3600s"] * 2)
    assert said(text, "ikev1-policy") == ["accept"]
    assert said(text, "encapsulation") == ["auto"] * 2
    assert said(text, "rightprotoport") == ["1/0"]
    assert "config setup" not in written(peered(("IKEv2",)), "libreswan")


def test_strongswan_says_all_of_it():
    text = written(preset("nd-certificates"), "strongswan")
    assert text.endswith("}\n")
    assert said(text, "mode") == ["transport", "transport", "pass"]
    assert said(text, "start_action") == ["trap", "none", "trap"]
    assert said(text, "version") == ["2", "1"]
    assert said(text, "ca_id") == ['"CN=Example Root CA"'] * 2
    assert said(text, "esp_proposals") == [
        "aes256gcm16-ecp384, aes128gcm16-ecp384, aes256-sha256-ecp384",
        "aes256gcm16-modp2048, aes128gcm16-modp2048, aes256-sha256-modp2048",
    ]
    assert said(text, "life_time") == ["3600s"] * 2
    assert said(text, "life_bytes") == ["102400000"] * 2
    assert said(text, "inactivity") == ["300s"] * 2
    assert said(text, "remote_ts") == ["dynamic", "dynamic", "192.0.2.7/32[1]"]


def test_without_an_address_a_peer_answers_and_says_so():
    text = written(preset("nd-certificates"), "libreswan", windows=None)
    assert said(text, "right")[:4] == ["%any"] * 4
    assert set(said(text, "auto")[:4]) == {"add"}
    assert "this peer only answers" in " ".join(text.replace("#", " ").split())
    text = written(preset("nd-certificates"), "strongswan", windows=None)
    assert said(text, "remote_addrs") == ["%any", "%any", "127.0.0.1"]
    assert said(text, "start_action")[:2] == ["none", "none"]
    assert "this peer only answers" in " ".join(text.replace("#", " ").split())


def test_the_networks_of_a_rule_are_asked_where_a_program_can():
    made = peered(("IKEv2",), rules=[{"scope": {"local_addresses": ["10.0.0.0/8", "192.0.2.7"], "protocol": "tcp"}}])
    text = written(made, "strongswan", windows=None)
    assert said(text, "remote_ts") == ["10.0.0.0/8[6], 192.0.2.7/32[6]"]
    assert said(text, "start_action") == ["trap"]
    assert "only answers" not in text
    text = written(made, "libreswan", windows=None)
    assert list(zip(said(text, "right"), said(text, "auto"), strict=True)) == [
        ("192.0.2.7", "ondemand"),
        ("%any", "add"),
    ]
    assert said(text, "leftprotoport") == ["6/0"] * 2


def test_addresses_of_peers_are_where_the_programs_have_them():
    made = peered(("IKEv2",), rules=[{"scope": {"remote_addresses": ["10.0.0.0/8"]}}])
    assert said(written(made, "strongswan"), "local_addrs") == ["10.0.0.0/8"]
    assert said(written(made, "strongswan", peer="10.0.0.5"), "local_addrs") == ["10.0.0.5"]
    assert said(written(made, "libreswan"), "left") == ["%defaultroute"]
    assert "The rule is for peers in 10.0.0.0/8" in written(made, "libreswan")
    text = written(made, "libreswan", peer="10.0.0.5")
    assert said(text, "left") == ["10.0.0.5"]
    assert "The rule is for peers" not in text


def test_ports_are_turned_round_for_each_program():
    scope = {"protocol": "tcp", "local_ports": [443], "remote_ports": [80], "either_port": True}
    made = peered(("IKEv2",), rules=[{"scope": scope}])
    text = written(made, "libreswan")
    assert list(zip(said(text, "leftprotoport"), said(text, "rightprotoport"), strict=True)) == [
        ("6/0", "6/443"),
        ("6/80", "6/0"),
    ]
    text = written(made, "strongswan")
    assert said(text, "local_ts") == ["dynamic[6]", "dynamic[6/80]"]
    assert said(text, "remote_ts") == ["dynamic[6/443]", "dynamic[6]"]


def test_lifetimes_beyond_libreswans_are_cut_and_short_ones_have_a_margin():
    made = peered(mains=(main(lifetime_seconds=100000),), quicks=(esp(lifetime_seconds=172800),))
    text = written(made, "libreswan")
    assert set(said(text, "ikelifetime") + said(text, "salifetime")) == {"86400s"}
    assert "A lifetime is longer than libreswan takes" in text
    assert said(text, "rekeymargin") == []
    assert set(said(written(peered(quicks=(esp(lifetime_seconds=300),)), "libreswan"), "rekeymargin")) == {"75s"}
    text = written(peered(mains=(main(lifetime_seconds=1),)), "strongswan")
    assert (said(text, "rekey_time")[0], said(text, "reauth_time")) == ("1s", ["1s"])


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_pre_shared_key_is_never_there_but_where_it_belongs_is(program: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OFFICE_KEY", "the secret itself")
    made = peered(methods=({"method": "IKEEXT_PRESHARED_KEY", "key": "env:OFFICE_KEY"},))
    text = written(made, program)
    assert "the secret itself" not in text
    assert "env:OFFICE_KEY" in text
    assert not any("REPLACE" in line or "PSK" in line or "secret =" in line for line in effective(text))
    expected = ["secret"] * 2 if program == "libreswan" else ["psk"] * 4
    assert said(text, "authby" if program == "libreswan" else "auth") == expected


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_not_matched_stops_it_or_stands_at_the_head(program: str):
    made = peered(("IKE", "AuthIP"), main_mode={"authip_authentication": [{"method": "IKEEXT_KERBEROS"}]})
    with pytest.raises(
        ExportError, match=r"cannot match keying_modules AuthIP \(Windows alone speaks it\): --lossy"
    ) as caught:
        written(made, program)
    assert caught.value.status == 1
    one_line(str(caught.value))
    text = written(made, program, lossy=True)
    head = text[: text.index("\n\n")]
    assert all(line.startswith("#") for line in head.splitlines())
    assert "# NOT MATCHED, and left out (--lossy):\n# - keying_modules AuthIP: Windows alone speaks it" in head
    assert "NOT MATCHED" not in written(peered(("IKE",)), program, lossy=True)


def test_the_first_elements_are_named_and_the_others_counted():
    exemptions = [{"name": f"e{number}", "profiles": ["domain"]} for number in range(6)]
    with pytest.raises(ExportError, match=r"'e3'.profiles \(.*\), and 2 more: --lossy"):
        written(peered(exemptions=exemptions), "libreswan")


def named(text: str) -> Design:
    """Return a design in which a text stands wherever one of a design can."""
    scope = {"protocol": "tcp", "local_ports": [1]}
    return peered(
        name=text,
        description=text,
        rules=[{"name": text, "comment": text, "scope": scope}],
        exemptions=[{"name": text, "comment": text, "protocol": "udp", "local_ports": [53]}],
    )


@pytest.mark.parametrize("program", PROGRAMS)
@given(
    st.text(min_size=1, max_size=60) | st.sampled_from([HOSTILE, "# x", "}", '"', "conn evil", "a" * 512, "\u202ex"])
)
def test_no_text_of_a_design_changes_the_structure(program: str, text: str):
    try:
        made = named(text)
    except ValueError:  # no name of a design
        return
    plain, name = effective(written(named("plain"), program)), plain_name(text)
    assert effective(written(made, program)) == [line.replace("plain-ike", f"{name}-ike") for line in plain]


@given(st.text(max_size=600), st.sampled_from(["", "\t"]))
def test_a_comment_is_never_left(text: str, indent: str):
    for lines in (list(comment(text, indent)), list(points([text]))):
        assert lines
        for line in lines:
            assert line.lstrip("\t").startswith("#")
            assert not any(map(is_hostile, line.lstrip("\t")))
            assert len(line.splitlines()) == 1


@given(st.text(max_size=600))
def test_a_name_is_letters_digits_and_hyphens(text: str):
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", plain_name(text))


@pytest.mark.parametrize("program", PROGRAMS)
@given(negotiating_designs())
def test_any_negotiation_is_written_or_refused_in_a_line(program: str, made: Design):
    try:
        text = written(made, program, windows=None, lossy=True)
    except NdtuiError as error:
        one_line(str(error))
        return
    lines = effective(text)
    assert len([line for line in lines if line.endswith("{")]) == len([line for line in lines if line.strip() == "}"])
    assert text == written(made, program, windows=None, lossy=True)


def test_a_root_beside_a_root_of_the_peer_is_a_comment():
    made = peered(("IKE",), methods=({**certificate("CN=a"), "inbound_criteria": [{"root": "subject:CN=b # c"}]},))
    text = written(made, "strongswan")
    assert said(text, "ca_id") == ['"CN=a"']
    assert "(RSA, under subject:CN=b # c)" in " ".join(text.split())
    assert not any("CN=b" in line for line in effective(text))
