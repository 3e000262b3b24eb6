"""What can be done on the screen of a machine, as data for the registry of actions."""

from typing import Literal, NamedTuple


class MachineKey(NamedTuple):
    """An action of that screen: its id, keys, title and tooltip, as the registry has them; most only show something."""

    id: str
    keys: tuple[str, ...]
    title: str
    tooltip: str
    footer: int = 0
    owner: Literal["app", "screen"] = "screen"


MACHINE_KEYS: tuple[MachineKey, ...] = (
    MachineKey(
        "look('filters')",
        ("1",),
        "Filters",
        "Show the machine's filters in the order in which they are evaluated; those that sleep apart",
    ),
    MachineKey("look('sublayers')", ("2",), "Sublayers", "Show its sublayers, the one that is asked first above"),
    MachineKey("look('layers')", ("3",), "Layers", "Show its layers, with run-time ids, fields and callouts"),
    MachineKey("look('providers')", ("4",), "Providers", "Show its providers"),
    MachineKey("look('contexts')", ("5",), "Contexts", "Show its provider contexts with their whole policy"),
    MachineKey("look('sessions')", ("6",), "Sessions", "Show the sessions that were open with its filter engine"),
    MachineKey(
        "look('ours')",
        ("7",),
        "Ours",
        "Show where the filters of the open design would land among the machine's",
        footer=4,
    ),
    MachineKey(
        "look('events')", ("8",), "Events", "Show what Windows did with packets, from a file of events that was opened"
    ),
    MachineKey("to_filter", ("b",), "Because", "Go to the filter of the machine that decided the selected event"),
    MachineKey(
        "trace_machine",
        ("t",),
        "Trace",
        "Ask what this machine does with a packet, or with that of an event, and which filters decide",
        footer=2,
        owner="app",
    ),
    MachineKey(
        "take_over",
        ("i",),
        "Take over",
        "Make a design of the machine's IPsec policy, after saying what of it no design can have",
        footer=3,
        owner="app",
    ),
    MachineKey("next_look", ("v",), "View", "Show the next of the machine's views", footer=5),
    MachineKey("next_group", ("]", "f8"), "Next group", "Go to the next layer or sublayer of the machine's filters"),
    MachineKey(
        "previous_group", ("[", "f7"), "Group before", "Go to the layer or sublayer of the machine's filters before"
    ),
    MachineKey(
        "open_another",
        ("O",),
        "Open",
        "Open another file: the state of a machine, events, or a design",
        footer=6,
        owner="app",
    ),
    MachineKey("copy_object", ("y",), "Copy object", "Copy all that is said of the selected object"),
    MachineKey("copy_objects", ("Y",), "Copy list", "Copy the machine's table as it is shown"),
    MachineKey("leave_machine", ("escape", "q"), "Back", "Leave the text, or go back to the design", footer=7),
)
