"""The exemptions BFE makes by itself, so that IKE and AuthIP can negotiate."""

from itertools import product

import pytest

from ndtui.backends.contract.engine import Engine, Session
from ndtui.model.compiled.document_types import Document
from tests.backends.contract.expectations import add, everything, keys, refuses_delete, refuses_filter
from tests.backends.contract.sample_objects import (
    AUTHIP_MM,
    IKE_MM,
    IKE_QM,
    IKEEXT_V4,
    IKEEXT_V6,
    IPSEC_V4,
    PERMIT,
    a_filter,
    callout_filter,
    context,
    policy_filter,
    provider,
)

TRANSPORT = ("FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT")
ALE = ("FWPM_LAYER_ALE_AUTH_RECV_ACCEPT", "FWPM_LAYER_ALE_AUTH_CONNECT")
EXPECTED = sorted(
    (f"{stem}_{family}", port)
    for stem, (family, port) in product((*TRANSPORT, *ALE), (("V4", 500), ("V4", 4500), ("V6", 500)))
)


def main_mode_filter(session: Session, layer: str = IKEEXT_V4, context_type: str = IKE_MM, **members: str) -> str:
    """Add a main mode policy with its filter, and return the filter's key."""
    return add(
        session, "filter", policy_filter(add(session, "providerContext", context(context_type)), layer, **members)
    )


def exemptions(session: Session, *ours: str) -> list[Document]:
    """Return the filters that are not ours."""
    return [document for document in session.enumerate("filter") if document["filterKey"] not in ours]


def condition_of(document: Document, field: str) -> Document | None:
    """Return the only condition on a field, or nothing."""
    found = [c for c in document["filterCondition"] if c["fieldKey"] == f"FWPM_CONDITION_{field}"]
    assert len(found) <= 1
    return found[0] if found else None


def places(documents: list[Document]) -> list[tuple[str, int]]:
    """Return layer and local port of each filter."""
    ports = [condition_of(document, "IP_LOCAL_PORT") for document in documents]
    return sorted((d["layerKey"], port["conditionValue"]["uint16"]) for d, port in zip(documents, ports, strict=True))


@pytest.mark.parametrize("layer", [IKEEXT_V4, IKEEXT_V6])
@pytest.mark.parametrize("context_type", [IKE_MM, AUTHIP_MM])
def test_the_first_main_mode_filter_brings_the_exemptions(session: Session, layer: str, context_type: str) -> None:
    """BFE adds the exemptions when the first main mode policy filter is added (ike-exemptions)."""
    assert exemptions(session) == []
    ours = main_mode_filter(session, layer, context_type)
    assert places(exemptions(session, ours)) == EXPECTED


def test_a_second_main_mode_filter_brings_no_more(session: Session) -> None:
    """BFE adds the exemptions with the first main mode policy filter only (ike-exemptions)."""
    first = main_mode_filter(session)
    made = exemptions(session, first)
    second = main_mode_filter(session, IKEEXT_V6, AUTHIP_MM)
    assert exemptions(session, first, second) == made


def test_the_exemptions_stay_until_the_last_main_mode_filter_goes(session: Session) -> None:
    """BFE deletes the exemptions when the last main mode policy filter is deleted (ike-exemptions)."""
    first, second = main_mode_filter(session), main_mode_filter(session, IKEEXT_V6, AUTHIP_MM)
    made = exemptions(session, first, second)
    session.delete("filter", first)
    assert exemptions(session, second) == made
    session.delete("filter", second)
    assert session.enumerate("filter") == []


def test_other_filters_do_not_keep_the_exemptions(session: Session) -> None:
    """Only main mode policy filters count, when they go as when they come (ike-exemptions)."""
    quick = add(session, "providerContext", context(IKE_QM))
    ours = [add(session, "filter", each) for each in (policy_filter(quick, IPSEC_V4), callout_filter(), a_filter())]
    last = main_mode_filter(session)
    session.delete("filter", last)
    assert keys(session, "filter") == ours


def test_the_exemptions_come_back(session: Session) -> None:
    """After the last comes a first again (ike-exemptions)."""
    for _ in range(2):
        ours = main_mode_filter(session)
        assert places(exemptions(session, ours)) == EXPECTED
        session.delete("filter", ours)
        assert session.enumerate("filter") == []


def test_other_filters_bring_no_exemptions(session: Session) -> None:
    """Only filters at the IKEEXT layers with a main mode policy count (ike-exemptions)."""
    quick = add(session, "providerContext", context(IKE_QM))
    add(session, "providerContext", context(IKE_MM))
    ours = [
        add(session, "filter", document) for document in (policy_filter(quick, IPSEC_V4), callout_filter(), a_filter())
    ]
    assert keys(session, "filter") == ours


def test_a_refused_main_mode_filter_brings_no_exemptions(session: Session) -> None:
    """A filter that is not added changes nothing (ike-exemptions, object-management)."""
    policy = add(session, "providerContext", context())
    refuses_filter(session, "FWP_E_SUBLAYER_NOT_FOUND", policy_filter(policy, subLayerKey=policy))
    assert session.enumerate("filter") == []


def test_the_exemptions_permit_udp(session: Session) -> None:
    """IKE and AuthIP traffic is UDP, and permitted (ike-exemptions)."""
    for document in exemptions(session, main_mode_filter(session)):
        protocol = condition_of(document, "IP_PROTOCOL")
        assert protocol is not None
        assert (protocol["matchType"], protocol["conditionValue"]) == (
            "FWP_MATCH_EQUAL",
            {"type": "FWP_UINT8", "uint8": 17},
        )
        assert document["action"]["type"] == PERMIT


def test_the_exemptions_weigh_in_their_own_range(session: Session) -> None:
    """They are auto-weighted in FWPM_WEIGHT_RANGE_IKE_EXEMPTIONS (ike-exemptions, filter-weight-identifiers)."""
    for document in exemptions(session, main_mode_filter(session)):
        assert document["weight"] == {"type": "FWP_UINT8", "uint8": 0xC}
        assert document["effectiveWeight"]["uint64"] >> 60 == 0xC


def test_the_exemptions_are_open_to_all_addresses(session: Session) -> None:
    """No exemption has a condition on an address (ike-exemptions)."""
    for document in exemptions(session, main_mode_filter(session)):
        assert not [c for c in document["filterCondition"] if "ADDRESS" in c["fieldKey"]]


def test_at_the_ale_layers_only_the_local_system_is_exempt(session: Session) -> None:
    """At receive/accept and connect the exemptions are restricted to local system (ike-exemptions)."""
    for document in exemptions(session, main_mode_filter(session)):
        user = condition_of(document, "ALE_USER_ID")
        if document["layerKey"].startswith(TRANSPORT):
            assert user is None
        else:
            assert user is not None
            assert user["conditionValue"]["type"] == "FWP_SECURITY_DESCRIPTOR_TYPE"
            assert ";SY)" in user["conditionValue"]["sd"]


def test_the_exemptions_belong_to_no_provider(session: Session) -> None:
    """Policy providers do not have to manage exemptions, so they are none of theirs (ike-exemptions)."""
    owner = add(session, "provider", provider())
    ours = main_mode_filter(session, providerKey=owner)
    assert keys(session, "filter", provider=owner) == [ours]
    assert owner not in {document.get("providerKey") for document in exemptions(session, ours)}
    assert {document.get("origin") for document in exemptions(session, ours)} == {"bfe:ike-exemption"}


def test_each_exemption_is_a_filter_like_any_other(session: Session) -> None:
    """The exemptions have names, keys and ids of their own, and can be got (ike-exemptions, inferred)."""
    made = exemptions(session, main_mode_filter(session))
    assert len({d["filterKey"] for d in made}) == len({d["filterId"] for d in session.enumerate("filter")}) - 1
    for document in made:
        assert document["displayData"]["name"]
        assert session.get("filter", document["filterKey"]) == document


def test_the_exemptions_cannot_be_deleted(session: Session) -> None:
    """Filters of BFE's own are built in (object-management, ike-exemptions, inferred)."""
    for document in exemptions(session, main_mode_filter(session)):
        refuses_delete(session, "FWP_E_BUILTIN_OBJECT", "filter", document["filterKey"])


def test_an_abort_takes_the_exemptions_along(session: Session) -> None:
    """Exemptions of an aborted filter are gone with it (FwpmTransactionAbort0, ike-exemptions)."""
    policy = add(session, "providerContext", context())
    before = everything(session)
    session.begin()
    add(session, "filter", policy_filter(policy))
    session.abort()
    assert everything(session) == before


def test_an_abort_brings_the_exemptions_back(session: Session) -> None:
    """Exemptions that went in an aborted transaction are there as before (FwpmTransactionAbort0, ike-exemptions)."""
    ours = main_mode_filter(session)
    before = everything(session)
    session.begin()
    session.delete("filter", ours)
    assert session.enumerate("filter") == []
    session.abort()
    assert everything(session) == before


def test_the_exemptions_are_part_of_the_transaction(session: Session, other: Session) -> None:
    """Other sessions see the exemptions once the main mode filter is committed (object-management, ike-exemptions)."""
    session.begin()
    ours = main_mode_filter(session)
    assert places(exemptions(session, ours)) == EXPECTED
    assert other.enumerate("filter") == []
    session.commit()
    assert places(exemptions(other, ours)) == EXPECTED


def test_the_end_of_a_dynamic_session_takes_the_exemptions_along(session: Session, dynamic: Session) -> None:
    """With the session goes its last main mode filter, and so the exemptions (ike-exemptions, object-management)."""
    ours = main_mode_filter(dynamic)
    assert places(exemptions(session, ours)) == EXPECTED
    dynamic.close()
    assert session.enumerate("filter") == []


def test_the_exemptions_stay_while_another_session_needs_them(engine: Engine, session: Session) -> None:
    """The last main mode filter of all counts, not the last of a session (ike-exemptions)."""
    second = engine.open(dynamic=True)
    main_mode_filter(second)
    ours = main_mode_filter(session)
    second.close()
    assert places(exemptions(session, ours)) == EXPECTED
