"""The form of a packet: whatever is written in words stands in its fields, and the fields write it again."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.analysis.traffic.packet_grammar import LOCAL_TYPES
from ndtui.analysis.traffic.packet_values import taken_for_granted
from ndtui.common.errors import InputError
from ndtui.ui.rows.form_fields import ChoiceField, Form, IncompleteError, TicksField
from ndtui.ui.rows.packet_form import LINE, PARTS, Asked, packet_form, part_of
from tests.strategies import designs, packets
from tests.support import often

IN = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
START = Asked(parse_packet(IN), before_bfe=False)


def form_of(text: str, *, before_bfe: bool = False) -> Form[Asked]:
    return packet_form(text, START._replace(before_bfe=before_bfe), str)


def changed(text: str, **fields: Any) -> Mapping[str, Any]:
    """Return what the fields hold after some of them were changed, one after the other."""
    form = form_of(text)
    values = dict(form.values)
    for field, value in fields.items():
        values[field] = value
        values.update(form.follow(field, values))
    return values


@pytest.mark.parametrize(
    ("before", "fields", "line"),
    [
        (IN, {"direction": "out"}, "out tcp 10.0.0.9:443 -> 10.0.0.5:51000"),
        (IN, {"protocol": "udp", "local_port": "53"}, "in udp 10.0.0.5:51000 -> 10.0.0.9:53"),
        (IN, {"protocol": "icmp"}, "in icmp 10.0.0.5 -> 10.0.0.9"),
        (IN, {"protocol": "icmp", "icmp_type": "3", "icmp_code": "4"}, "in icmp 10.0.0.5 -> 10.0.0.9 type 3 code 4"),
        (IN, {"protocol": "gre"}, "in gre 10.0.0.5 -> 10.0.0.9"),
        ("in icmp 10.0.0.5 -> 10.0.0.9 type 3 code 4", {"protocol": "tcp"}, IN),
        (f"{IN} later", {"remote_port": ""}, "in tcp 10.0.0.5:49152 -> 10.0.0.9:443 later"),
        (IN, {"also": ("later", "loopback")}, f"{IN} loopback later"),
        (IN, {"profile": "public"}, f"{IN} profile public"),
        (f"{IN} profile public", {"profile": ""}, IN),
        (IN, {"interface": "wireless"}, f"{IN} interface wireless"),
        (IN, {"interface": " 24 "}, f"{IN} interface 24"),
        (IN, {"program": r"C:\Program Files\x.exe"}, rf'{IN} app "C:\Program Files\x.exe"'),
        (IN, {"program": r'"C:\x.exe"'}, rf"{IN} app C:\x.exe"),
        (IN, {"peer": "unauthorized"}, f"{IN} unauthorized"),
        (IN, {"machine": "s-1-5-21-7, DC", "user": "none"}, f"{IN} machine S-1-5-21-7,DC user none"),
        (f"{IN} machine DC", {"machine": ""}, IN),
        (IN, {"address_type": "anycast"}, f"{IN} anycast"),
        (IN, {"local": "2001:db8::9"}, "in tcp 10.0.0.5:51000 -> [2001:db8::9]:443"),
        (IN, {"local": "2001:db8::9", "remote": "2001:db8::5"}, "in tcp [2001:db8::5]:51000 -> [2001:db8::9]:443"),
    ],
)
def test_a_field_writes_the_words_of_the_packet(before: str, fields: dict[str, Any], line: str):
    assert changed(before, **fields)[LINE] == line


def test_the_line_fills_the_fields():
    values = changed(IN, packet=r'out udp [::1]:5 -> [::2]:6 profile private app "C:\a b.exe" later unauthorized')
    wanted = {"direction": "out", "protocol": "udp", "local": "::1", "local_port": "5", "remote": "::2"}
    wanted |= {"remote_port": "6", "profile": "private", "program": r"C:\a b.exe", "peer": "unauthorized"}
    assert {name: values[name] for name in wanted} == wanted
    assert values["also"] == ("later",)
    assert (values["interface"], values["address_type"]) == ("", "")


def test_what_is_no_packet_leaves_the_fields_and_is_refused_in_its_own_words():
    values = changed(IN, packet=f"{IN} profile home")
    assert (values["profile"], values["local"]) == ("", "10.0.0.9")
    with pytest.raises(ValueError, match="'home' is no network profile: write profile domain or private or public"):
        form_of(IN).make(values)
    with pytest.raises(ValueError, match=r"remote access.* is no type of interface"):
        form_of(IN).make(changed(IN, interface="remote access"))
    with pytest.raises(IncompleteError, match="Write the local address"):
        form_of(IN).make(changed(IN, local=" "))
    with pytest.raises(IncompleteError, match="Write a packet"):
        form_of(IN).make(changed(IN, local="", remote="", packet=" "))


def test_of_a_line_that_is_no_packet_the_fields_hold_the_one_that_was_traced():
    form = form_of("in tcp")
    assert (form.values[LINE], form.values["remote"]) == ("in tcp", "10.0.0.5")


def test_fields_of_what_the_protocol_does_not_have_are_left_out():
    hidden = {
        name: set(form_of(IN).hide({"protocol": name})) for name in ("TCP", "17", "icmp", "1", "icmpv6", "esp", "x")
    }
    ports, icmp = {"local_port", "remote_port"}, {"icmp_type", "icmp_code"}
    both = ports | icmp
    assert hidden == {"TCP": icmp, "17": icmp, "icmp": ports, "1": ports, "icmpv6": ports, "esp": both, "x": both}


def test_the_time_stands_in_the_form_and_not_in_the_words():
    form = form_of(IN, before_bfe=True)
    assert form.make(form.values) == Asked(parse_packet(IN), before_bfe=True)
    after = {**form.values, "time": ()}
    assert form.follow("time", after) == {}
    assert form.make(after) == START


def test_every_word_of_the_grammar_is_in_the_table():
    said = {part.word for part in PARTS if part.word}
    for part in PARTS:
        if not part.word and isinstance(part.field, TicksField | ChoiceField):
            said |= {option.id for option in part.field.options if option.id}
    with pytest.raises(InputError) as refused:
        parse_packet(f"{IN} nonsense")
    known = {words.split()[0] for words in refused.value.remedy.removeprefix("write ").split(", ")}
    assert set(LOCAL_TYPES) < known
    assert said == known


def test_everything_that_may_be_taken_for_granted_can_be_said():
    assert all(part_of(field) is not None for field in taken_for_granted(START.packet))


def test_a_hint_stands_before_the_help_of_its_field():
    form = packet_form(IN, START, str, open_={"profile": "2 filters ask for it."})
    helps = {each.id: each.help for each in form.fields}
    assert helps["profile"].startswith("2 filters ask for it. Of the network")
    assert helps["interface"].startswith("Its type")


@often
@given(st.data())
def test_any_packet_goes_through_the_fields_and_back(data: st.DataObject):
    packet: Packet = data.draw(packets(data.draw(designs(3))))
    text = str(packet)
    read = parse_packet(text)
    form = form_of(text)
    assert form.make(form.values).packet == read
    for part in ("direction", "local", "profile"):
        assert form.follow(part, form.values)[LINE] == str(read)
    other = form_of(IN)
    values = {**other.values, LINE: text}
    filled = {**values, **other.follow(LINE, values)}
    assert other.follow("local", filled)[LINE] == str(read)


@often
@given(
    st.sampled_from(["protocol", "local", "local_port", "interface", "program", "icmp_type", "machine"]),
    st.text(max_size=20),
)
def test_whatever_a_field_holds_it_is_a_packet_or_is_refused(field: str, text: str):
    values = changed(f"{IN}", **{field: text})
    try:
        made = form_of(IN).make(values)
    except ValueError:
        return
    assert str(made.packet) == str(parse_packet(values[LINE]))
