"""What can be done on the screen of a machine."""

from functools import partial

from ndtui.ui.keys.action import Action

#: Most only show something, and are the screen's.
_of_machine = partial(Action, scope="machine", owner="screen")

MACHINE_ACTIONS: tuple[Action, ...] = (
    _of_machine(
        "look('filters')",
        ("1",),
        "Filters",
        "Show the machine's filters in the order in which they are evaluated; those that sleep apart",
    ),
    _of_machine("look('sublayers')", ("2",), "Sublayers", "Show its sublayers, the one that is asked first above"),
    _of_machine("look('layers')", ("3",), "Layers", "Show its layers, with run-time ids, fields and callouts"),
    _of_machine("look('providers')", ("4",), "Providers", "Show its providers"),
    _of_machine("look('contexts')", ("5",), "Contexts", "Show its provider contexts with their whole policy"),
    _of_machine("look('sessions')", ("6",), "Sessions", "Show the sessions that were open with its filter engine"),
    _of_machine(
        "look('ours')",
        ("7",),
        "Ours",
        "Show where the filters of the open design would land among the machine's",
        footer=4,
    ),
    _of_machine(
        "look('events')", ("8",), "Events", "Show what Windows did with packets, from a file of events that was opened"
    ),
    _of_machine("to_filter", ("b",), "Because", "Go to the filter of the machine that decided the selected event"),
    _of_machine(
        "trace_machine",
        ("t",),
        "Trace",
        "Ask what this machine does with a packet, or with that of an event, and which filters decide",
        footer=2,
        owner="app",
    ),
    _of_machine(
        "take_over",
        ("i",),
        "Take over",
        "Make a design of the machine's IPsec policy, after saying what of it no design can have",
        footer=3,
        owner="app",
    ),
    _of_machine("next_look", ("v",), "View", "Show the next of the machine's views", footer=5),
    _of_machine("next_group", ("]", "f8"), "Next group", "Go to the next layer or sublayer of the machine's filters"),
    _of_machine(
        "previous_group", ("[", "f7"), "Group before", "Go to the layer or sublayer of the machine's filters before"
    ),
    _of_machine(
        "open_another",
        ("O",),
        "Open",
        "Open another file: the state of a machine, events, or a design",
        footer=6,
        owner="app",
    ),
    _of_machine("copy_object", ("y",), "Copy object", "Copy all that is said of the selected object"),
    _of_machine("copy_objects", ("Y",), "Copy list", "Copy the machine's table as it is shown"),
    _of_machine("leave_machine", ("escape", "q"), "Back", "Leave the text, or go back to the design", footer=7),
)
