"""Reading what Windows says: small samples as netsh writes them, files that are traps, filters of machines."""

import codecs
import io
import tracemalloc
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndtui.analysis.dump import Dump, DumpFilter, dump_filters, filters_in_order, read_dump, stream
from ndtui.analysis.dump.tree import Limits
from ndtui.common.errors import InputError
from ndtui.model.compiled.objects import Condition, Value
from ndtui.model.vocabulary import GUIDS
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS
from tests.machines import MACHINES, STATES, filter_count, machine_file

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LAYER = "FWPM_LAYER_INBOUND_TRANSPORT_V4"
OTHER_LAYER = "FWPM_LAYER_ALE_AUTH_CONNECT_V6"
UNIVERSAL = "FWPM_SUBLAYER_UNIVERSAL"


def condition(field: str, value: str, match: str = "EQUAL") -> str:
    return (
        f"<item><fieldKey>{field}</fieldKey><matchType>FWP_MATCH_{match}</matchType>"
        f"<conditionValue>{value}</conditionValue></item>"
    )


def typed(data_type: str, value: str) -> str:
    return f"<type>{data_type}</type>{value}"


def filter_xml(
    key: str = "{a}",
    *,
    name: str = "A filter",
    layer: str = LAYER,
    sublayer: str = UNIVERSAL,
    weight: str = "<type>FWP_EMPTY</type>",
    effective: int = 0,
    conditions: str = "",
    action: str = "<type>FWP_ACTION_PERMIT</type><filterType/>",
    context: str = "<rawContext>0</rawContext>",
    more: str = "",
) -> str:
    return f"""<item>
\t<filterKey>{key}</filterKey>
\t<displayData><name>{name}</name><description>What it is for</description></displayData>
\t<flags numItems="1"><item>FWPM_FILTER_FLAG_PERSISTENT</item></flags>
\t<providerKey>FWPM_PROVIDER_MPSSVC_WF</providerKey>
\t<providerData><data>00ff</data><asString>..</asString></providerData>
\t<layerKey>{layer}</layerKey>
\t<subLayerKey>{sublayer}</subLayerKey>
\t<weight>{weight}</weight>
\t<filterCondition>{conditions}</filterCondition>
\t<action>{action}</action>
\t{context}
\t<reserved/>
\t<filterId>{66000 + effective % 1000}</filterId>
\t<effectiveWeight><type>FWP_UINT64</type><uint64>{effective}</uint64></effectiveWeight>{more}
</item>"""


PROVIDER = """<item><providerKey>{p}</providerKey><displayData><name>A provider</name><description/></displayData>
<flags numItems="1"><item>FWPM_PROVIDER_FLAG_PERSISTENT</item></flags><providerData/><serviceName>BFE</serviceName>
</item>"""


def diag(*filters: str, more: str = "") -> str:
    return f"{DECLARATION}<wfpdiag>\n<filters>\n{''.join(filters)}</filters>\n{more}</wfpdiag>\n"


def sublayer_xml(key: str, weight: str) -> str:
    return (
        f"<item><subLayerKey>{key}</subLayerKey><displayData><name>{key}</name><description/></displayData><flags/>"
        f"<providerKey>{{p}}</providerKey><providerData/><weight>{weight}</weight></item>"
    )


def layer_xml(name: str, *filters: str) -> str:
    return (
        f"<item><layer><layerKey>{name}</layerKey><displayData><name>L</name><description/></displayData>"
        "<flags/><field><item><fieldKey>FWPM_CONDITION_FLAGS</fieldKey></item></field>"
        f"<defaultSubLayerKey>{UNIVERSAL}</defaultSubLayerKey><layerId>1</layerId></layer>"
        f"<callouts><item><calloutKey>{{c}}</calloutKey></item></callouts><filters>{''.join(filters)}</filters></item>"
    )


def state(*layers: str, sublayers: str = "", more: str = "") -> str:
    contexts = "".join(
        f"<item><providerContextKey>{{x}}</providerContextKey><type>{name}</type></item>"
        for name in ("FWPM_GENERAL_CONTEXT", "FWPM_IPSEC_AUTHIP_MM_CONTEXT", "FWPM_GENERAL_CONTEXT")
    )
    return f"""{DECLARATION}<wfpstate>
<timeStamp>2026-01-02T03:04:05.678Z</timeStamp>
<sessions numItems="1"><item><sessionKey>{{s}}</sessionKey></item></sessions>
<layers numItems="{len(layers)}">{"".join(layers)}</layers>
<providers numItems="1">{PROVIDER}</providers>
<providerContexts numItems="3">{contexts}</providerContexts>
<subLayers>{sublayers}</subLayers>
{more}<ikeextSas/>
</wfpstate>
<firewallState>
\t<dynamicKeywordAddresses/>
</firewallState>
"""


@pytest.fixture
def dump(tmp_path: Path) -> "Reading":
    return Reading(tmp_path / "dump.xml")


class Reading:
    """Writes a file and reads it back."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, content: str | bytes, limits: Limits | None = None) -> Dump:
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_dump(self.path) if limits is None else read_dump(self.path, limits)

    def filter(self, **parts: str) -> DumpFilter:
        (found,) = self(diag(filter_xml(**parts))).filters  # type: ignore[arg-type]
        return found

    def refused(self, content: str | bytes, limits: Limits | None = None) -> str:
        """Return why a file is refused: one line that begins with the file, without its name."""
        with pytest.raises(InputError) as raised:
            self(content, limits)
        assert raised.value.remedy
        text = str(raised.value)
        assert text.isprintable()
        assert text.startswith(str(self.path))
        return text.removeprefix(str(self.path)).lstrip(", ")


def test_show_filters(dump: Reading) -> None:
    found = dump(
        diag(filter_xml("{a}"), filter_xml("{b}", layer=OTHER_LAYER), more=f"<providers>{PROVIDER}</providers>")
    )
    assert (found.kind, found.time_stamp, found.unknown) == ("filters", "", {})
    assert [f.key for f in found.filters] == ["{a}", "{b}"]
    assert (found.sublayers, found.contexts, found.layers) == ((), {}, (LAYER, OTHER_LAYER))
    (provider,) = found.providers
    assert (provider.key, provider.name, provider.service) == ("{p}", "A provider", "BFE")
    assert provider.flags == ("FWPM_PROVIDER_FLAG_PERSISTENT",)


def test_show_state_has_two_roots(dump: Reading) -> None:
    layers = (layer_xml(OTHER_LAYER), layer_xml(LAYER, filter_xml()))
    found = dump(state(*layers, sublayers=sublayer_xml("{s}", "65535")))
    assert (found.kind, found.time_stamp) == ("state", "2026-01-02T03:04:05.678Z")
    assert (len(found.filters), found.layers, found.unknown) == (1, (OTHER_LAYER, LAYER), {})
    assert found.contexts == {"FWPM_GENERAL_CONTEXT": 2, "FWPM_IPSEC_AUTHIP_MM_CONTEXT": 1}
    (sublayer,) = found.sublayers
    assert (sublayer.key, sublayer.provider, sublayer.weight, sublayer.flags) == ("{s}", "{p}", 65535, ())


def test_every_part_of_a_filter(dump: Reading) -> None:
    found = dump.filter(
        weight="<type>FWP_UINT8</type><uint8>12</uint8>",
        effective=0xC000_0000_0000_0000,  # type: ignore[arg-type]
        action="<type>FWP_ACTION_CALLOUT_TERMINATING</type><filterType>{c}</filterType>",
        context="<providerContextKey>{x}</providerContextKey>",
        conditions=condition("FWPM_CONDITION_IP_PROTOCOL", typed("FWP_UINT8", "<uint8>6</uint8>")),
    )
    assert found == DumpFilter(
        key="{a}",
        name="A filter",
        description="What it is for",
        layer=LAYER,
        sublayer=UNIVERSAL,
        provider="FWPM_PROVIDER_MPSSVC_WF",
        weight_type="FWP_UINT8",
        weight=12,
        effective_weight=0xC000_0000_0000_0000,
        action="FWP_ACTION_CALLOUT_TERMINATING",
        callout="{c}",
        raw_context=None,
        provider_context_key="{x}",
        flags=("FWPM_FILTER_FLAG_PERSISTENT",),
        conditions=(("FWPM_CONDITION_IP_PROTOCOL", "FWP_MATCH_EQUAL", "TCP"),),  # type: ignore[arg-type]
        filter_id=66000 + 0xC000_0000_0000_0000 % 1000,
        values=(Value("FWP_UINT8", 6, 6),),
    )
    with pytest.raises(FrozenInstanceError):
        found.key = "x"  # type: ignore[misc]


def test_weights_and_raw_contexts(dump: Reading) -> None:
    top = 2**64 - 1
    found = dump.filter(
        weight=f"<type>FWP_UINT64</type><uint64>{top}</uint64>", context=f"<rawContext>{top}</rawContext>"
    )
    assert (found.weight_type, found.weight, found.raw_context, found.provider_context_key) == (
        "FWP_UINT64",
        top,
        top,
        "",
    )
    blocking = dump.filter(action="<type>FWP_ACTION_BLOCK</type><filterType>{t}</filterType>")
    assert (blocking.action, blocking.callout) == ("FWP_ACTION_BLOCK", "")
    empty = dump.filter()
    assert (empty.weight_type, empty.weight, empty.effective_weight, empty.callout) == ("FWP_EMPTY", None, 0, "")


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("IP_PROTOCOL", typed("FWP_UINT8", "<uint8>58</uint8>"), "ICMPv6"),
        ("IP_PROTOCOL", typed("FWP_UINT8", "<uint8>200</uint8>"), "200"),
        ("IP_PROTOCOL", typed("FWP_UINT8", "<uint8>999</uint8>"), "999"),
        ("IP_PROTOCOL", typed("FWP_UINT8", f"<uint8>{'6' * 5000}</uint8>"), "6" * 5000),
        ("IP_LOCAL_ADDRESS_TYPE", typed("FWP_UINT8", "<uint8>1</uint8>"), "unicast"),
        ("IP_LOCAL_PORT", typed("FWP_UINT16", "<uint16>5555</uint16>"), "5555"),
        ("IP_REMOTE_ADDRESS", typed("FWP_UINT32", "<uint32>10.0.0.1</uint32>"), "10.0.0.1"),
        ("IP_REMOTE_ADDRESS", typed("FWP_BYTE_ARRAY16_TYPE", "<byteArray16>fe80::1</byteArray16>"), "fe80::1"),
        (
            "IP_LOCAL_PORT",
            typed(
                "FWP_RANGE_TYPE",
                "<rangeValue><valueLow><type>FWP_UINT16</type><uint16>1</uint16></valueLow>"
                "<valueHigh><type>FWP_UINT16</type><uint16>7</uint16></valueHigh></rangeValue>",
            ),
            "1-7",
        ),
        (
            "IP_REMOTE_ADDRESS",
            typed("FWP_V4_ADDR_MASK", "<v4AddrMask><addr>10.0.0.0</addr><mask>255.0.0.0</mask></v4AddrMask>"),
            "10.0.0.0/8",
        ),
        (
            "IP_REMOTE_ADDRESS",
            typed("FWP_V4_ADDR_MASK", "<v4AddrMask><addr>10.0.0.1</addr><mask>255.0.0.255</mask></v4AddrMask>"),
            "10.0.0.1/255.0.0.255",
        ),
        (
            "IP_REMOTE_ADDRESS",
            typed("FWP_V4_ADDR_MASK", "<v4AddrMask><addr>10.0.0.1</addr><mask>?</mask></v4AddrMask>"),
            "10.0.0.1/?",
        ),
        (
            "IP_REMOTE_ADDRESS",
            typed(
                "FWP_V6_ADDR_MASK",
                "<v6AddrMask><addr>2001:db8::</addr><prefixLength>32</prefixLength></v6AddrMask>",
            ),
            "2001:db8::/32",
        ),
        (
            "ALE_APP_ID",
            typed("FWP_BYTE_BLOB_TYPE", "<byteBlob><data>00</data><asString>System</asString></byteBlob>"),
            "System",
        ),
        ("ALE_APP_ID", typed("FWP_BYTE_BLOB_TYPE", "<byteBlob><data>00ff</data></byteBlob>"), "00ff"),
        ("ALE_USER_ID", typed("FWP_SECURITY_DESCRIPTOR_TYPE", "<sd>O:SYG:SY</sd>"), "O:SYG:SY"),
        ("ALE_PACKAGE_ID", typed("FWP_SID", "<sid>S-1-0-0</sid>"), "S-1-0-0"),
        ("FLAGS", typed("FWP_NEW_TYPE", "<new><a>one</a><b><c>two</c></b></new>"), "one two"),
        ("FLAGS", typed("FWP_EMPTY", ""), ""),
    ],
)
def test_condition_values_in_words(dump: Reading, field: str, value: str, text: str) -> None:
    name = f"FWPM_CONDITION_{field}"
    found = dump.filter(conditions=condition(name, value, "NOT_EQUAL") * 2)
    assert found.conditions == ((name, "FWP_MATCH_NOT_EQUAL", text),) * 2
    assert found.extra == ()


def test_guids_that_windows_has_no_name_for_are_named(dump: Reading) -> None:
    def braced(name: str) -> str:
        return f"{{{GUIDS[name].upper()}}}"

    flags = condition(braced("FWPM_CONDITION_FLAGS"), typed("FWP_UINT32", "<uint32>1</uint32>"))
    found = dump.filter(layer=braced(LAYER), sublayer=braced(UNIVERSAL), conditions=flags)
    assert (found.layer, found.sublayer, found.conditions[0].field) == (LAYER, UNIVERSAL, "FWPM_CONDITION_FLAGS")


def test_unknown_elements_are_kept_and_counted(dump: Reading) -> None:
    odd = filter_xml(
        more="<novelty><a>x</a><b>y</b></novelty>",
        weight="<type>FWP_EMPTY</type><odd/>",
        action="<type>FWP_ACTION_BLOCK</type><filterType/><odd>1</odd>",
    )
    more = (
        f"<tomorrow><filters><item>{odd}</item></filters></tomorrow><providers>{PROVIDER[:-7]}<odd/></item></providers>"
    )
    found = dump(diag(odd, filter_xml("{b}"), odd, more=more) + "<rest><filters/></rest>")
    kept = (("weight/odd", ""), ("action/odd", "1"), ("novelty", "x y"))
    assert [f.extra for f in found.filters] == [kept, (), kept]
    assert found.unknown == {
        "rest": 1,
        "wfpdiag/filters/item/action/odd": 2,
        "wfpdiag/filters/item/novelty": 2,
        "wfpdiag/filters/item/weight/odd": 2,
        "wfpdiag/providers/item/odd": 1,
        "wfpdiag/tomorrow": 1,
    }


def test_filter_keys_of_other_sections_are_no_filters(dump: Reading) -> None:
    events = f"<netEvents><item>{filter_xml('{event}')}</item></netEvents>"
    subscriptions = f"<subscriptions><filterSubscriptions>{filter_xml('{s}')}</filterSubscriptions></subscriptions>"
    found = dump(state(layer_xml(LAYER, filter_xml("{a}")), more=events + subscriptions))
    assert [f.key for f in found.filters] == ["{a}"]
    assert found.unknown == {}


WRITTEN = {
    "UTF-8": lambda text: text.encode(),
    "byte order mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "CRLF": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "UTF-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16 big-endian": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-16 unmarked": lambda text: text.encode("utf-16-le"),
    "UTF-16 big-endian unmarked": lambda text: text.encode("utf-16-be"),
    "declared otherwise": lambda text: text.replace("UTF-8", "windows-1252").encode(),
    "undeclared": lambda text: text.removeprefix(DECLARATION).encode(),
    "blank line first": lambda text: b"\r\n" + text.encode(),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_the_bytes_netsh_and_powershell_write(dump: Reading, written: str) -> None:
    name = "引导时间筛选器 – Filtre de démarrage 🛡"
    found = dump(WRITTEN[written](state(layer_xml(LAYER, filter_xml(name=name)))))
    assert [f.name for f in found.filters] == [name]


def test_names_from_outside_stay_as_they_are(dump: Reading) -> None:
    found = dump.filter(name=" [/x] [b &lt;i&gt; &#x202e;&amp;\n ")
    assert found.name == " [/x] [b <i> \u202e&\n "


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
def test_where_a_chunk_ends_does_not_matter(dump: Reading, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    text = state(layer_xml(LAYER, filter_xml(name="é🛡")), more="<!-- </wfpstate> -->")
    whole = dump(text)
    monkeypatch.setattr(stream, "CHUNK", size)
    again = dump(text + DECLARATION + "<third/>" + text)
    assert again.filters == whole.filters * 2
    assert again.unknown == {"third": 1}


# --- order ---


def test_filters_in_order(dump: Reading) -> None:
    filters = [
        filter_xml("{low}", effective=1),
        filter_xml("{first-of-equals}", effective=5),
        filter_xml("{second-of-equals}", effective=5),
        filter_xml("{inspection}", sublayer="FWPM_SUBLAYER_INSPECTION", effective=2**63),
        filter_xml("{own}", sublayer="{own}", effective=3),
        filter_xml("{nowhere}", sublayer="{nowhere}", effective=9),
        filter_xml("{top}", effective=2**64 - 1),
    ]
    found = dump(state(layer_xml(OTHER_LAYER), layer_xml(LAYER, *filters), sublayers=sublayer_xml("{own}", "40000")))
    groups = filters_in_order(found)
    assert [(g.layer, g.sublayer, g.sublayer_weight) for g in groups] == [
        (LAYER, "{own}", 40000),
        (LAYER, UNIVERSAL, BUILTIN_WEIGHTS[UNIVERSAL]),
        (LAYER, "FWPM_SUBLAYER_INSPECTION", 0),
        (LAYER, "{nowhere}", None),
    ]
    assert [f.key for f in groups[1].filters] == ["{top}", "{first-of-equals}", "{second-of-equals}", "{low}"]


def test_the_dumps_own_weight_of_a_sublayer_goes_first(dump: Reading) -> None:
    filters = (filter_xml("{a}", sublayer="FWPM_SUBLAYER_TEREDO"), filter_xml("{b}"))
    found = dump(state(layer_xml(LAYER, *filters), sublayers=sublayer_xml("FWPM_SUBLAYER_TEREDO", "50000")))
    assert [(g.sublayer, g.sublayer_weight) for g in filters_in_order(found)] == [
        ("FWPM_SUBLAYER_TEREDO", 50000),
        (UNIVERSAL, 32768),
    ]


def test_one_layer_by_its_full_or_short_name(dump: Reading) -> None:
    found = dump(state(layer_xml(OTHER_LAYER), layer_xml(LAYER, filter_xml())))
    assert [g.layer for g in filters_in_order(found, LAYER)] == [LAYER]
    assert [g.layer for g in filters_in_order(found, "INBOUND_TRANSPORT_V4")] == [LAYER]
    assert filters_in_order(found, OTHER_LAYER) == ()


def test_a_layer_that_is_not_there_is_refused(dump: Reading) -> None:
    with pytest.raises(InputError, match=r"no layer N\\x1b.*: name a layer that it has, such as FWPM_LAYER"):
        filters_in_order(dump(diag(filter_xml())), "N\x1b")
    with pytest.raises(InputError, match=r"name a layer that it has$"):
        filters_in_order(dump(diag()), LAYER)


# --- traps and broken files ---

BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
NO_DTD = "line 2: it declares a document type or entities, which Windows never writes: do not trust it"

HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "entity bomb": (f'{DECLARATION}<!DOCTYPE wfpdiag [<!ENTITY l0 "ha">{BOMB}]><wfpdiag>&l9;</wfpdiag>', NO_DTD),
    "external entity": (
        f'{DECLARATION}<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><wfpdiag>&e;</wfpdiag>',
        NO_DTD,
    ),
    "parameter entity": (f'{DECLARATION}<!DOCTYPE x [<!ENTITY % p SYSTEM "http://h/">%p;]><wfpdiag/>', NO_DTD),
    "external DTD": (f'{DECLARATION}<!DOCTYPE wfpdiag SYSTEM "http://example.invalid/x.dtd"><wfpdiag/>', NO_DTD),
    "DTD of the second root": ("<wfpdiag/>\n<!DOCTYPE x []><x/>", NO_DTD),
    "entity without DTD": ("<wfpdiag>\n&nbsp;</wfpdiag>", "line 2: this is no proper XML: undefined entity"),
    "nested too deep": ("<wfpdiag>\n" + "<a>" * 64, "line 2: elements are nested deeper than 64"),
    "binary": (b"\x00\x01\x02\x03" * 10, "line 1: this is no proper XML: not well-formed (invalid token)"),
    "no UTF-8": (diag(filter_xml(name="\n\xe9")).encode("latin-1"), "line 7: what follows is no UTF-8 text"),
    "half a character": ("<wfpdiag/>é".encode()[:-1], "line 1: what follows is no UTF-8 text"),
    "half UTF-16": ("<wfpdiag/>".encode("utf-16")[:-1], "line 1: what follows is no UTF-8 text"),
    "empty": ("", " holds no XML element: make one with netsh wfp show filters"),
    "blank": ("\n \n", " holds no XML element"),
    "only a declaration": (DECLARATION, " holds no XML element"),
    "cut off in an element": (diag(filter_xml())[:600], "line 14: the file ends in the middle: it was cut off"),
    "cut off in the first tag": ("<wfpd", "line 1: the file ends in the middle"),
    "cut off in the second root": ("<wfpdiag/>\n<firewallSta", "line 2: the file ends in the middle"),
    "tags that cross": ("<wfpdiag><a>\n</wfpdiag>", "line 2: this is no proper XML: mismatched tag"),
    "text after the root": ("<wfpdiag/>\n\nmore", "line 3: what follows is no XML element: "),
    "declaration within": ("<wfpdiag>\n<?xml version='1.0'?></wfpdiag>", "line 2: this is no proper XML: XML or text"),
    "other XML": ("\n<html>\n</html>", "line 2: the root element is <html>, so this is no dump: make one"),
    "long root": (f"<{'x' * 100}/>", f"line 1: the root element is <{'x' * 80}>, so this is no dump"),
    "another namespace": (
        "<a:wfpdiag xmlns:a='\u202e'/>",
        "line 1: the root element is <a:wfpdiag>, so this is no dump",
    ),
    "one word": ("Access", " holds no XML element: make one"),
    "more text": ("<wfpdiag/>\nmore text.", "line 2: this is no proper XML: syntax error"),
    "no XML": ("Failed to open file.", "line 1: this is no proper XML: syntax error"),
}


@pytest.mark.parametrize("trap", HOSTILE)
def test_a_trap_is_refused_in_one_line(dump: Reading, trap: str) -> None:
    content, message = HOSTILE[trap]
    assert dump.refused(content).startswith(message.lstrip())


@pytest.mark.parametrize(
    ("limits", "content", "message"),
    [
        (Limits(size=9), diag(), "is larger than 9 bytes: is it the file you meant?"),
        (Limits(roots=2), "<wfpdiag/>" * 2 + "\n<a/>", "line 2: there are more than 2 root elements"),
        (Limits(depth=2), "<wfpdiag><a>\n<b/></a></wfpdiag>", "line 2: elements are nested deeper than 2"),
        (Limits(names=2), "<wfpdiag>\n<a/><b/></wfpdiag>", "line 2: there are more than 2 different names"),
        (Limits(names=2), "<wfpdiag><a/>\n<a b=''/></wfpdiag>", "line 2: there are more than 2 different names"),
        (Limits(elements=20), diag(filter_xml()), "line 16: one object has more than 20 elements"),
        (Limits(objects=1), diag(filter_xml(), filter_xml("{b}")), "line 19: there are more than 1 objects"),
        (Limits(token=50), diag(filter_xml(name="n" * 51)), "line 6: a text is longer than 50 bytes"),
        (Limits(token=50), f"<wfpdiag\n a='{'x' * 200_000}'/>", "line 1: a tag or a comment is longer than 50 bytes"),
        (Limits(token=50), f"<wfpdiag>\n<!--{'x' * 200_000}--></wfpdiag>", "line 2: a tag or a comment is longer"),
    ],
)
def test_limits(dump: Reading, limits: Limits, content: str, message: str) -> None:
    assert dump.refused(content, limits).startswith(message)


def test_limits_are_no_smaller_than_needed(dump: Reading) -> None:
    limits = Limits(size=len(diag(filter_xml())), roots=1, depth=5, token=40, names=27, elements=26, objects=1)
    assert len(dump(diag(filter_xml()), limits).filters) == 1


def test_a_file_that_is_too_large_is_not_read_at_all(dump: Reading) -> None:
    content = "no XML" + " " * stream.CHUNK
    assert dump.refused(content, Limits(size=stream.CHUNK + 5)).startswith(f"is larger than {stream.CHUNK + 5} bytes")


def test_a_file_that_grows_while_it_is_read_is_still_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHUNK", 4)
    reader = stream.Reader(Path("pipe"), Limits(size=10), "")
    with pytest.raises(InputError, match="pipe is larger than 10 bytes"):
        list(stream.decoded(io.BytesIO(b" " * 11), reader))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"key": " "}, "line 4: <item> has no filterKey: leave the file as netsh writes it"),
        ({"layer": ""}, "line 4: <item> has no layerKey"),
        ({"context": ""}, "line 4: <item> has no rawContext"),
        ({"context": "<rawContext>0x1</rawContext>"}, "line 4: <item> has the rawContext '0x1', which is no number"),
        ({"context": "<rawContext>-1</rawContext>"}, "line 4: <item> has the rawContext '-1', which is no number"),
        ({"context": "<rawContext>1_0</rawContext>"}, "line 4: <item> has the rawContext '1_0', which is no number"),
        ({"context": "<rawContext>\u0661</rawContext>"}, "line 4: <item> has the rawContext '\u0661', which is"),
        ({"context": f"<rawContext>{2**64}</rawContext>"}, f"line 4: <item> has the rawContext '{2**64}', which is no"),
        (
            {"context": f"<rawContext>{'9' * 5000}</rawContext>"},
            f"line 4: <item> has the rawContext '{'9' * 40}', which",
        ),
        ({"effective": 2**64}, f"line 18: <effectiveWeight> has the uint64 '{2**64}', which is no number of 64 bits"),
        ({"weight": "<type>FWP_UINT8</type>"}, "line 12: <weight> has no uint8"),
        ({"weight": "<type>FWP_\u202e</type>"}, "line 12: <weight> has no \\u202e"),
    ],
)
def test_a_filter_that_is_no_filter_is_refused(dump: Reading, parts: dict[str, str], message: str) -> None:
    assert dump.refused(diag(filter_xml(**parts))).startswith(message)  # type: ignore[arg-type]


def test_a_sublayer_weighs_sixteen_bits(dump: Reading) -> None:
    message = dump.refused(state(sublayers=sublayer_xml("{s}", "65536")))
    assert message.startswith("line 10: <item> has the weight '65536', which is no number of 16 bits")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.xml", "there is no file .*missing.xml: check the spelling of the path"),
        (".", "is a directory: name a file"),
        ("nul\0.xml", "cannot be read: embedded null byte"),
        ("x" * 300, "cannot be read: File name too long|there is no file"),
    ],
)
def test_a_path_that_is_no_file(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_dump(tmp_path / name)


def test_a_file_that_fails_while_it_is_read(monkeypatch: pytest.MonkeyPatch, dump: Reading) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(stream, "open_file", lambda path, limits: Broken())
    assert dump.refused("") == "cannot be read: Input/output error"


SAMPLE = state(layer_xml(LAYER, filter_xml()), sublayers=sublayer_xml("{s}", "1")).encode()


@settings(deadline=None)
@given(st.data())
def test_whatever_a_file_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.xml"
    changed = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(changed)))
        end = data.draw(st.integers(start, min(start + 40, len(changed))))
        changed[start:end] = data.draw(st.binary(max_size=8) | st.sampled_from([b"<", b">", b"&", b"</item>", b"]]>"]))
    path.write_bytes(changed)
    try:
        found = read_dump(path)
    except InputError as error:
        assert str(error).startswith((f"{path}, line ", f"{path} holds no XML"))
    else:
        assert len(found.filters) <= 1


def test_policy_trees_in_full(dump: Reading) -> None:
    policy = (
        "<authipQmTransportPolicy><ipsecProposals numItems='2'><item><pfsGroup>IPSEC_PFS_NONE</pfsGroup></item>"
        "<item><pfsGroup>IPSEC_PFS_2</pfsGroup></item></ipsecProposals><flags numItems='1'><item>F</item></flags>"
        "<saIdleTimeout><idleTimeoutSeconds>300</idleTimeoutSeconds></saIdleTimeout><twice>1</twice><twice>2</twice>"
        "<empty/></authipQmTransportPolicy>"
    )
    context = (
        "<item><providerContextKey>{x}</providerContextKey><displayData><name>Policy</name><description>For it"
        "</description></displayData><flags/><providerKey>{p}</providerKey><providerData/>"
        f"<type>FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT</type>{policy}<providerContextId>9</providerContextId></item>"
    )
    (found,) = dump(
        f"<wfpstate><providerContexts numItems='1'>{context}</providerContexts></wfpstate>"
    ).provider_contexts
    assert (found.key, found.name, found.description, found.provider) == ("{x}", "Policy", "For it", "{p}")
    assert found.policy["authipQmTransportPolicy"] == {
        "ipsecProposals": [{"pfsGroup": "IPSEC_PFS_NONE"}, {"pfsGroup": "IPSEC_PFS_2"}],
        "flags": ["F"],
        "saIdleTimeout": {"idleTimeoutSeconds": "300"},
        "twice": "1",
        "twice 4": "2",
        "empty": "",
    }


def test_sessions(dump: Reading) -> None:
    session = (
        "<item><sessionKey>{s}</sessionKey><displayData><name>Mine</name><description/></displayData>"
        "<flags numItems='1'><item>FWPM_SESSION_FLAG_DYNAMIC</item></flags><processId>4</processId><sid>S-1-5-18</sid>"
        "<username>NT AUTHORITY\\SYSTEM</username><kernelMode>true</kernelMode></item>"
    )
    (found,) = dump(f"<wfpstate><sessions numItems='1'>{session}</sessions></wfpstate>").sessions
    assert (found.key, found.name, found.process, found.user) == ("{s}", "Mine", "4", "NT AUTHORITY\\SYSTEM")
    assert found.flags == ("FWPM_SESSION_FLAG_DYNAMIC",)


def number(data_type: str, text: object) -> str:
    return typed(data_type, f"<v>{text}</v>")


def between(data_type: str, low: object, high: object) -> str:
    ends = "".join(
        f"<{tag}>{number(data_type, text)}</{tag}>" for tag, text in (("valueLow", low), ("valueHigh", high))
    )
    return typed("FWP_RANGE_TYPE", f"<rangeValue>{ends}</rangeValue>")


NUMBERS = {
    "a number": (number("FWP_UINT16", 443), "EQUAL", Value("FWP_UINT16", 443, 443)),
    "an address": (number("FWP_UINT32", "10.0.0.1"), "EQUAL", Value("FWP_UINT32", 0x0A000001, 0x0A000001)),
    "an address of IPv6": (number("FWP_BYTE_ARRAY16_TYPE", "::7"), "EQUAL", Value("FWP_BYTE_ARRAY16_TYPE", 7, 7)),
    "a range": (between("FWP_UINT16", 5, 9), "RANGE", Value("FWP_RANGE_TYPE", 5, 9, "FWP_UINT16")),
    "a mask": (
        typed("FWP_V4_ADDR_MASK", "<v4AddrMask><addr>10.1.2.3</addr><mask>255.255.0.0</mask></v4AddrMask>"),
        "EQUAL",
        Value("FWP_V4_ADDR_MASK", 0x0A010000, 0x0A01FFFF),
    ),
    "a prefix": (
        typed("FWP_V6_ADDR_MASK", "<v6AddrMask><addr>::ff</addr><prefixLength>124</prefixLength></v6AddrMask>"),
        "EQUAL",
        Value("FWP_V6_ADDR_MASK", 0xF0, 0xFF),
    ),
    "greater": (number("FWP_UINT8", 250), "GREATER", Value("FWP_UINT8", 251, 255)),
    "greater or equal": (number("FWP_UINT8", 250), "GREATER_OR_EQUAL", Value("FWP_UINT8", 250, 255)),
    "less": (number("FWP_UINT8", 250), "LESS", Value("FWP_UINT8", 0, 249)),
    "less or equal": (number("FWP_UINT8", 250), "LESS_OR_EQUAL", Value("FWP_UINT8", 0, 250)),
    "flags": (number("FWP_UINT32", 9), "FLAGS_ALL_SET", Value("FWP_UINT32", 9, 9)),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_conditions_about_numbers(case: str, dump: Reading) -> None:
    text, match, value = NUMBERS[case]
    found = dump.filter(conditions=condition("FWPM_CONDITION_ANY", text, match))
    assert found.parsed == (Condition("FWPM_CONDITION_ANY", f"FWP_MATCH_{match}", value),)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (typed("FWP_SID", "<sid>S-1-0-0</sid>"), "EQUAL"),
        (typed("FWP_BYTE_BLOB_TYPE", "<byteBlob><data>00</data></byteBlob>"), "EQUAL"),
        (number("FWP_UINT8", 256), "EQUAL"),
        (number("FWP_UINT8", "x"), "EQUAL"),
        (number("FWP_UINT16", "10.0.0.1"), "EQUAL"),
        (number("FWP_UINT32", "9" * 5000), "EQUAL"),
        (number("FWP_UINT8", 255), "GREATER"),
        (number("FWP_UINT8", 0), "LESS"),
        (between("FWP_UINT16", 9, 5), "RANGE"),
        (typed("FWP_V4_ADDR_MASK", "<v4AddrMask><addr>1.2.3.4</addr><mask>255.0.0.255</mask></v4AddrMask>"), "EQUAL"),
        (
            typed("FWP_V6_ADDR_MASK", "<v6AddrMask><addr>::</addr><prefixLength>129</prefixLength></v6AddrMask>"),
            "EQUAL",
        ),
    ],
)
def test_conditions_that_are_not_about_an_interval_of_numbers(text: str, match: str, dump: Reading) -> None:
    other = condition("FWPM_CONDITION_IP_LOCAL_PORT", number("FWP_UINT16", 1))
    found = dump.filter(conditions=other + condition("FWPM_CONDITION_ANY", text, match))
    assert found.parsed is None
    assert found.values == (Value("FWP_UINT16", 1, 1), None)


def test_a_filter_without_conditions_is_about_everything(dump: Reading) -> None:
    assert dump.filter().parsed == ()


def test_the_filters_of_a_layer_in_order(dump: Reading) -> None:
    text = state(
        layer_xml(LAYER, filter_xml("{low}", effective=1), filter_xml("{high}", effective=9)), layer_xml(OTHER_LAYER)
    )
    assert [each.key for each in dump_filters(dump(text), LAYER)] == ["{high}", "{low}"]
    assert dump_filters(dump(text), OTHER_LAYER) == []
    assert dump_filters(dump(text), "FWPM_LAYER_OF_TOMORROW_V4") == []


def test_the_fields_a_layer_lists(dump: Reading) -> None:
    found = dump(state(layer_xml(LAYER)).replace("</fieldKey>", "</fieldKey><dataType>FWP_UINT32</dataType>"))
    assert found.layer_fields == {LAYER: (("FWPM_CONDITION_FLAGS", "FWP_UINT32"),)}


def test_objects_are_let_go_as_they_are_read(dump: Reading) -> None:
    sessions = f"<item><a>{'x' * 200}</a></item>" * 50_000
    events = f"<item><header>{'x' * 200}</header></item>" * 20_000
    text = state(more=f"<subscriptions>{sessions}</subscriptions><netEvents>{events}</netEvents>")
    dump(state())  # what is loaded once does not count
    tracemalloc.start()
    try:
        found = dump(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.contexts["FWPM_GENERAL_CONTEXT"] == 2
    assert len(text) > 15_000_000
    assert peak - len(text) < 3_000_000  # the text encoded by this test, and little else


# --- machines ---


@pytest.mark.parametrize("name", MACHINES)
def test_machines(name: str, tmp_path: Path) -> None:
    path = machine_file(name, tmp_path)
    found = read_dump(path)
    assert len(found.filters) == path.read_bytes().count(b"<filterKey>") == filter_count(name) > 60
    assert found.unknown == {}
    assert len({f.filter_id for f in found.filters}) == len(found.filters)
    assert all(f.name and c.text != "" for f in found.filters for c in f.conditions)
    groups = filters_in_order(found)
    assert sum(len(g.filters) for g in groups) == len(found.filters)
    for group in groups:
        weights = [f.effective_weight for f in group.filters]
        assert weights == sorted(weights, reverse=True)
    assert (found.kind == "state") == (name in STATES)
    if found.kind == "state":
        own = {s.key: s.weight for s in found.sublayers}
        assert {name: own[name] for name in BUILTIN_WEIGHTS if name in own}.items() <= BUILTIN_WEIGHTS.items()
        assert all(g.sublayer_weight is not None for g in groups)
        assert found.time_stamp.endswith("Z")
