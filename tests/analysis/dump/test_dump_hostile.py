"""Hostile dumps: each ends in one clear line, and the memory it takes is bounded, however large it is."""

import codecs
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ndtui.analysis.dump import read_dump
from ndtui.common.errors import InputError
from tests.support import one_line

#: Bytes a refusal may take: what is read ahead, one tag and one text at their limits, and the parser's copy of each.
BOUND = 32 * 1024 * 1024
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ITEM = b"<item><filterKey>{a}</filterKey><layerKey>L</layerKey><rawContext>0</rawContext><filterId>1</filterId></item>"


def bomb() -> Iterator[bytes]:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    yield HEAD + f'<!DOCTYPE wfpdiag [<!ENTITY l0 "lol">{entities}]><wfpdiag>&l11;</wfpdiag>'.encode()


def quadratic_bomb() -> Iterator[bytes]:
    yield HEAD + b'<!DOCTYPE wfpdiag [<!ENTITY a "' + b"a" * 100_000 + b'">]><wfpdiag>' + b"&a;" * 100_000


def external_entity() -> Iterator[bytes]:
    yield HEAD + b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><wfpdiag>&e;</wfpdiag>'


def hundred_megabytes_of_one_text() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag><filters><item><filterKey>"
    yield from (b"x" * 1_000_000 for _ in range(100))


def megabytes_of_unknown() -> Iterator[bytes]:
    """Elements nobody knows are passed over; the file then ends in the middle."""
    yield HEAD + b"<wfpdiag><tomorrow>"
    yield from (b"<a><b>text</b></a>" * 55_000 for _ in range(10))


def one_object_of_many_elements() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag><filters><item>"
    yield from (b"<a/>" * 100_000 for _ in range(10))


def cut_off() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag><filters>" + ITEM[:60]


def wrong_encoding() -> Iterator[bytes]:
    yield HEAD + "<wfpdiag><filters><item><filterKey>é</filterKey>".encode("latin-1")


def deep() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag>" + b"<a>" * 1_000_000


def deep_within_an_object() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag><filters><item>" + b"<a>" * 1_000_000


def wrong_root() -> Iterator[bytes]:
    yield HEAD + b"<html><body>Not found</body></html>"


def marked_utf_16_cut_in_a_character() -> Iterator[bytes]:
    yield codecs.BOM_UTF16_LE + "<wfpdiag/>".encode("utf-16-le")[:-1]


def two_marks() -> Iterator[bytes]:
    yield codecs.BOM_UTF8 * 2 + HEAD + b"<wfpdiag/>"


def nul_bytes() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag>" + b"\x00" * 1000 + b"</wfpdiag>"


def huge_attribute() -> Iterator[bytes]:
    yield HEAD + b'<wfpdiag><filters><item a="'
    yield from (b"x" * 1_000_000 for _ in range(40))


def many_attributes() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag " + b" ".join(b'a%d=""' % n for n in range(60_000)) + b"/>"


def the_same_attribute_twice() -> Iterator[bytes]:
    yield HEAD + b'<wfpdiag a="1" a="2"/>'


def a_filter_without_what_it_needs() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag><filters><item><filterKey>{a}</filterKey></item></filters></wfpdiag>"


def unknown_elements_by_the_million() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag><filters>"
    yield from (ITEM.replace(b"</item>", b"<a/>" * 50_000 + b"</item>") for _ in range(20))


def contexts_of_many_elements() -> Iterator[bytes]:
    yield HEAD + b"<wfpstate><providerContexts>"
    yield from (b"<item><type>T</type>" + b"<a/>" * 120_000 + b"</item>" for _ in range(20))


def filters_by_the_million() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag><filters>"
    yield from (b"<item/>" * 100_000 for _ in range(10))


def endless_comment() -> Iterator[bytes]:
    yield HEAD + b"<wfpdiag><!--"
    yield from (b"-x" * 500_000 for _ in range(40))


TRAPS: dict[Callable[[], Iterator[bytes]], str] = {
    bomb: "it declares a document type or entities",
    quadratic_bomb: "it declares a document type or entities",
    external_entity: "it declares a document type or entities",
    hundred_megabytes_of_one_text: "a text is longer than 1048576 bytes",
    megabytes_of_unknown: "the file ends in the middle",
    one_object_of_many_elements: "one object has more than 200000 elements",
    cut_off: "the file ends in the middle",
    wrong_encoding: "what follows is no UTF-8 text",
    deep: "elements are nested deeper than 64",
    deep_within_an_object: "elements are nested deeper than 64",
    wrong_root: "the root element is <html>",
    marked_utf_16_cut_in_a_character: "what follows is no UTF-8 text",
    two_marks: "this is no proper XML",
    nul_bytes: "this is no proper XML",
    huge_attribute: "a tag or a comment is longer than 1048576 bytes",
    many_attributes: "there are more than 10000 different names",
    the_same_attribute_twice: "this is no proper XML: duplicate attribute",
    a_filter_without_what_it_needs: "has no layerKey",
    unknown_elements_by_the_million: "there are more than 100000 elements that no dump has",
    contexts_of_many_elements: "provider contexts have more than 250000 elements",
    filters_by_the_million: "has no filterKey",
    endless_comment: "a tag or a comment is longer than 1048576 bytes",
}


MANY = (one_object_of_many_elements, unknown_elements_by_the_million)


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__)
def test_a_hostile_file_ends_in_one_line_and_little_memory(trap: Callable[[], Iterator[bytes]], tmp_path: Path) -> None:
    path = tmp_path / "hostile.xml"
    with path.open("wb") as file:
        file.writelines(trap())
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as raised:
            read_dump(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    message = one_line(str(raised.value))
    assert message.startswith(f"{path}, line ")
    assert TRAPS[trap] in message
    assert raised.value.remedy
    # Objects of many elements are what the limits allow; nothing else may take more than the bound.
    assert peak < (5 * BOUND if trap is contexts_of_many_elements else 3 * BOUND if trap in MANY else BOUND)


def test_elements_twice_are_kept_and_the_first_counts(tmp_path: Path) -> None:
    path = tmp_path / "twice.xml"
    twice = ITEM.replace(b"<layerKey>L</layerKey>", b"<layerKey>L</layerKey><layerKey>M</layerKey>")
    path.write_bytes(HEAD + b"<wfpdiag><filters>" + twice + b"</filters></wfpdiag>")
    found = read_dump(path)
    assert [each.layer for each in found.filters] == ["L"]
    assert found.filters[0].extra == (("layerKey", "M"),)
    assert found.unknown == {"wfpdiag/filters/item/layerKey": 1}
