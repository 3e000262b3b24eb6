"""Any sequence of calls: the engine agrees with a small reference of plain dictionaries, call by call."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from ndtui.backends.contract.changes import KINDS
from ndtui.backends.contract.engine import Engine, EngineError, Session
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import Document, Kind
from tests.backends.contract.expectations import everything
from tests.backends.contract.reference import DYNAMIC, SLOTS, Call, Place, Reference
from tests.backends.contract.sample_objects import a_filter, context, of_kind, policy_filter, provider, sublayer

#: What an object of a kind may refer to.
REFERENCES: dict[Kind, tuple[Kind, ...]] = {
    "provider": (),
    "subLayer": ("provider",),
    "providerContext": ("provider",),
    "filter": ("provider", "subLayer", "providerContext"),
}
Seen = dict[Kind, list[tuple[str, str, tuple[Place, ...]]]]
NUMBERS = 3
OTHER_CALLS = ("begin", "begin", "commit", "commit", "abort", "close", "open", "open")

slots = st.sampled_from([0, 0, 0, 0, *range(1, SLOTS)])
kinds = st.sampled_from([*KINDS, "filter"])
numbers = st.integers(0, NUMBERS - 1)
often_nothing = st.one_of(st.none(), numbers)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw a call; adding is what happens most. Nothing at all is the simplest one."""
    what = draw(st.sampled_from(["rest", *["add"] * 12, *["delete"] * 6, *OTHER_CALLS]))
    wild = draw(st.sampled_from([False, False, False, True]))
    if what not in ("add", "delete"):
        return Call(what, draw(slots), wild=wild)
    kind = draw(kinds)
    targets = REFERENCES[kind] if what == "add" else ()
    refers = tuple((target, number) for target in targets if (number := draw(often_nothing)) is not None)
    return Call(what, draw(slots), kind, draw(numbers), refers, f"{kind} {draw(st.integers(0, 10**6))}", wild)


def key(number: int) -> str:
    """Return the key of a number, the same in every kind."""
    return f"{{aaaaaaaa-0000-4000-8000-{number:012x}}}"


def document(call: Call) -> Document:
    """Return the object that a call adds."""
    members: Document = {
        KEY_MEMBERS[call.kind]: key(call.number),
        "displayData": {"name": call.name, "description": ""},
        **{f"{target}Key": key(number) for target, number in call.refers},
    }
    if call.kind == "filter" and "providerContextKey" in members:
        return policy_filter(members.pop("providerContextKey"), **members)
    return of_kind(call.kind, **members)


def held(session: Session) -> Seen:
    """Return what of ours a session sees: key, name and references."""
    return {
        kind: sorted(
            (str(each[KEY_MEMBERS[kind]]), each["displayData"]["name"], _refers(kind, each))
            for each in documents
            if str(each[KEY_MEMBERS[kind]]).startswith("{aaaaaaaa")
        )
        for kind, documents in everything(session).items()
    }


def _refers(kind: Kind, each: Document) -> tuple[Place, ...]:
    by_key = {key(number): number for number in range(NUMBERS)}
    found = ((target, by_key.get(each.get(f"{target}Key") or "")) for target in REFERENCES[kind])
    return tuple((target, number) for target, number in found if number is not None)


def expected(reference: Reference, slot: int) -> Seen:
    """Return what the session of a slot should see, in the same form."""
    seen = reference.view(slot)
    return {
        kind: sorted((key(number), each.name, each.refers) for (of, number), each in seen.items() if of == kind)
        for kind in KINDS
    }


def concerned(call: Call, reference: Reference) -> list[int]:
    """Return the slots whose sessions may see something else after a call: all of them once it is over."""
    over = call.what in ("commit", "abort", "close")
    return [slot for slot in reference.sessions if over or slot == call.slot]


class Players:
    """The sessions of an engine, by slot."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sessions: dict[int, Session] = {}

    def open(self, slot: int) -> None:
        """Open the session of a slot, which hardly waits for the lock."""
        self.sessions[slot] = self.engine.open(name=f"slot {slot}", dynamic=slot in DYNAMIC, wait=0.002)

    def error(self, call: Call) -> str:
        """Make a call; return the code of its error, empty when there is none."""
        session = self.sessions[call.slot]
        try:
            if call.what == "open":
                self.open(call.slot)
            elif call.what == "add":
                session.add(call.kind, document(call))
            elif call.what == "delete":
                session.delete(call.kind, key(call.number))
            else:
                getattr(session, call.what)()
        except EngineError as error:
            return error.code
        return ""


@settings(max_examples=settings().max_examples // 3)
@given(sequence=st.lists(calls(), min_size=40, max_size=60))
def test_any_sequence_of_calls_does_what_the_rules_say(new_engine: Callable[[], Engine], sequence: list[Call]) -> None:
    """Each call succeeds or fails as the rules have it, and all see what they should (object-management)."""
    players, reference = Players(new_engine()), Reference()
    for slot in range(SLOTS):
        players.open(slot)
        reference.do(Call("open", slot))
    for wish in sequence:
        call = reference.settle(wish)
        if call is None:
            continue
        allowed = reference.errors(call)
        error = players.error(call)
        assert error in allowed if allowed else error == "", f"{call}: {error or 'no error'}, not {allowed or 'none'}"
        if not error:
            reference.do(call)
        for slot in concerned(call, reference):
            assert held(players.sessions[slot]) == expected(reference, slot), f"after {call}, session {slot}"
    for slot in sorted(reference.sessions, key=lambda slot: slot != reference.writer):
        players.sessions[slot].close()
        reference.do(Call("close", slot))
    last = players.engine.open()
    assert held(last) == expected(reference, -1)
    last.close()


@settings(max_examples=settings().max_examples // 3)
@given(before=st.lists(calls(), min_size=10, max_size=15), inside=st.lists(calls(), min_size=10, max_size=30))
def test_an_abort_restores_everything(new_engine: Callable[[], Engine], before: list[Call], inside: list[Call]) -> None:
    """Whatever a transaction has tried, after its abort all is as it was (FwpmTransactionAbort0)."""
    players = Players(new_engine())
    players.open(0)
    for call in before:
        if call.what == "add":
            players.error(call._replace(slot=0))
    session = players.sessions[0]
    was = everything(session)
    session.begin()
    for call in inside:
        if call.what in ("add", "delete"):
            players.error(call._replace(slot=0))
    session.abort()
    assert everything(session) == was
    session.close()


def test_a_policy_can_be_built_and_taken_down_step_by_step(session: Session) -> None:
    """Objects are added in the order of their references, and deleted in the opposite one (object-management)."""
    was = everything(session)
    owner, place, policy = provider(), sublayer(), context()
    steps: list[tuple[Kind, Document]] = [
        ("provider", owner),
        ("subLayer", {**place, "providerKey": owner["providerKey"]}),
        ("providerContext", {**policy, "providerKey": owner["providerKey"]}),
        ("filter", policy_filter(policy["providerContextKey"], subLayerKey=place["subLayerKey"])),
        ("filter", a_filter(subLayerKey=place["subLayerKey"], providerKey=owner["providerKey"])),
    ]
    states = [was]
    for kind, each in steps:
        session.add(kind, each)
        states.append(everything(session))
    for kind, each in reversed(steps):
        assert everything(session) == states.pop()
        session.delete(kind, each[KEY_MEMBERS[kind]])
    assert everything(session) == was
