"""The registry of actions, as data: bindings, footer, help and palette read it.

Keys are letters, so that they reach the program through any terminal, multiplexer or remote session; where a ctrl
key is customary it stands beside the letter, alone only for what belongs to the terminal. A sign that some keyboards
make with AltGr or have not at all has a function key beside it.
"""

from typing import get_args

from ndtui.ui.keys.action import Action, DialogScope, QuestionScope, Scope, ScreenScope
from ndtui.ui.keys.of_machine import MACHINE_ACTIONS

#: Screens from which the explanation and the table are copied alike.
COPIED: tuple[ScreenScope, ...] = ("plan", "applied")
#: Screens beside the designer whose panes are adjusted as there.
PANED: tuple[ScreenScope, ...] = ("plan", "applied", "trace", "machine")
#: What is done to panes: the verbs of those actions.
OF_PANES = frozenset({"zoom", "higher", "lower"})
#: Keys that are the same everywhere, in dialogs and fields too, and what they do.
EVERYWHERE: tuple[tuple[str, str], ...] = (
    ("tab", "Go to the next pane, list or field, round and round"),
    ("shift+tab", "Go to the pane, list or field before"),
    ("f1", "Help, where one is"),
    ("f6", "Show a letter or two on every pane and field, and go to what is typed"),
    ("escape", "Leave what was entered last, or what takes long; show all rows of a filtered table; close a dialog"),
    ("ctrl+c", "Copy what is selected with the mouse or in a field; else say how the program is left"),
    ("ctrl+q", "Leave the program; asks first when there is unsaved work"),
)

#: Keys that belong to a field, a row of buttons or a list as such: they go to the next one, or choose. What has them
#: besides the registry may have no others.
OF_FIELDS = frozenset({"up", "down", "left", "right", "enter", "tab"})

#: Scopes whose actions work at the same time: a key must mean one thing in each of these groups.
TOGETHER: tuple[tuple[Scope, ...], ...] = (
    *((screen, "screens", "lists", "tables") for screen in get_args(ScreenScope)),
    *((own, "dialogs", "screens", "lists", "tables") for own in get_args(DialogScope)),
    *((own, "dialogs", "screens") for own in get_args(QuestionScope)),
    ("packet",),
)


def _answer(scope: QuestionScope, name: str, key: str, title: str, tooltip: str) -> Action:
    return Action(f"give('{name}')", (key,), title, tooltip, scope, owner="screen")


def _of_panes(scope: ScreenScope) -> tuple[Action, ...]:
    """Return the actions of the panes of a screen: actions of its own, so that each screen can have its own keys."""
    of = "" if scope == "designer" else f"('{scope}')"
    zoom = "Give the pane that has the focus the whole screen, and back"
    higher, lower = "Make the explanation higher", "Make the explanation lower"
    return (
        Action(f"zoom{of}", ("z",), "Zoom", zoom, scope, owner="screen"),
        Action(f"higher{of}", ("+", "shift+up", "="), "Higher", higher, scope, owner="screen"),
        Action(f"lower{of}", ("-", "shift+down"), "Lower", lower, scope, owner="screen"),
    )


ACTIONS: tuple[Action, ...] = (
    Action("switch", ("space",), "Switch", "Switch the selected decision, rule or exemption on or off", footer=3),
    Action("add_exemption", ("a",), "Add", "Add an exemption: traffic that is left out of IPsec", footer=2),
    Action("add_rule", ("A",), "Add rule", "Add a rule: traffic that is protected, encrypted, or open to some only"),
    Action(
        "edit",
        ("e",),
        "Edit",
        "Edit what is selected, or what made the selected filter or context, or what a finding or a change is about",
        footer=4,
    ),
    Action("remedy", ("M",), "Remedy", "Carry out the one remedy of the selected finding, or of all of its kind"),
    Action("duplicate", ("D",), "Duplicate", "Copy the selected rule, exemption or test"),
    Action("delete", ("d", "delete"), "Delete", "Delete the selected rule, exemption or test; undo brings it back"),
    Action("move_up", ("K",), "Move up", "Move the selected rule, exemption or test up"),
    Action("move_down", ("J",), "Move down", "Move the selected rule, exemption or test down"),
    Action("undo", ("u",), "Undo", "Take the last change back", footer=5),
    Action("redo", ("U", "ctrl+r", "ctrl+y"), "Redo", "Do again what was undone"),
    Action("view('filters')", ("1",), "Filters", "Show every filter, layer by layer", owner="screen"),
    Action(
        "view('weights')",
        ("2",),
        "Weights",
        "Draw each layer as a ladder of weight ranges, from first to last match",
        owner="screen",
    ),
    Action("view('contexts')", ("3",), "Contexts", "Show the provider contexts with their policy", owner="screen"),
    Action("view('findings')", ("4",), "Findings", "Show what the checker has to say", owner="screen"),
    Action(
        "view('changes')",
        ("5",),
        "Changes",
        "Show how the design differs from its file, or from what B says",
        owner="screen",
    ),
    Action("next_view", ("v",), "Next view", "Show the next of the five views", owner="screen"),
    Action(
        "compare",
        ("B",),
        "Compare with",
        "Compare the design with its file, as it was opened, a preset, another file, or what is applied",
    ),
    Action("next_change", ("r",), "Next change", "Go to the next row that a change has marked", owner="screen"),
    Action(
        "previous_change",
        ("R",),
        "Previous change",
        "Go to the row before that a change has marked",
        owner="screen",
    ),
    Action("steps", ("H",), "Edits", "List the edits of this session, and go to any of them"),
    Action("next_layer", ("]", "f8"), "Next layer", "Go to the next layer of the table", owner="screen"),
    Action("previous_layer", ("[", "f7"), "Previous layer", "Go to the previous layer of the table", owner="screen"),
    *_of_panes("designer"),
    Action("narrower", ("<", "shift+left"), "Narrower", "Make the pane of decisions narrower", owner="screen"),
    Action("wider", (">", "shift+right"), "Wider", "Make the pane of decisions wider", owner="screen"),
    Action("plan", ("p",), "Plan", "Show what applying would change, and apply from there", footer=6),
    Action("applied", ("b",), "Applied", "Show what the backend holds, what waits there, and the history", footer=9),
    Action("trace", ("t",), "Trace", "Ask what happens to a packet, and why", footer=7),
    Action("machine", ("V",), "Machine", "Show again the machine whose state or events were opened from a file"),
    Action("save", ("w",), "Save", "Save the design as one of your presets", footer=8, writes=True),
    Action("save_as", ("W",), "Save as", "Save the design under another name", writes=True),
    Action("open", ("o",), "Presets", "Browse presets with a preview, load or delete one"),
    Action(
        "open_file",
        ("O",),
        "Open file",
        "Open a design, or what Windows wrote: filters, events; by its path, which is completed while you type",
    ),
    Action("edit_outside", ("E",), "Edit outside", "Edit the design's text in your own editor", writes=True),
    Action("file_news", ("f",), "File on disk", "Show what changed in the file on disk: compare, reload or keep"),
    Action("export", ("x",), "Export", "Export in one of the formats, with a preview", writes=True),
    Action("rename", ("n",), "Rename", "Give the design another name and description"),
    Action("copy_row", ("y",), "Copy row", "Copy the explanation of the selected row to the clipboard", owner="screen"),
    Action("copy_json", ("C",), "Copy JSON", "Copy the selected object as the JSON that a bundle has"),
    Action("link", ("l",), "Link", "Open or copy a page that the explanation names"),
    Action("copy_all", ("Y",), "Copy all", "Copy the table as it is shown to the clipboard", owner="screen"),
    Action("tour", ("i",), "Tour", "Show again in a few sentences what is where"),
    Action("leave", ("q", "ctrl+q"), "Quit", "Leave; asks first when there is unsaved work"),
    Action("theme", ("T",), "Theme", "Choose the colours from a list that shows each at once", "screens"),
    Action("messages", ("m",), "Messages", "Read again what was said in this session", "screens"),
    Action("palette", (":", "f9", "ctrl+p"), "Palette", "Find any action by name", "screens"),
    Action("help", ("?", "f1"), "Help", "Show what there is to see and every key", "screens", footer=1),
    Action(
        "jump", ("'", "f6"), "Jump", "Show a letter or two on every pane and field, and go to what is typed", "screens"
    ),
    Action(
        "suspend", ("ctrl+z",), "Suspend", "Leave the program for the shell that started it; fg comes back", "screens"
    ),
    Action("redraw", ("ctrl+l",), "Draw anew", "Draw all anew, where something else was written over it", "screens"),
    Action("cursor_down", ("j", "down"), "Down", "Go down a row", "lists", owner="screen"),
    Action("cursor_up", ("k", "up"), "Up", "Go up a row", "lists", owner="screen"),
    Action("page_down", ("ctrl+d", "pagedown"), "Page down", "Go down a page", "lists", owner="screen"),
    Action("page_up", ("ctrl+u", "pageup"), "Page up", "Go up a page", "lists", owner="screen"),
    Action("top", ("g", "home"), "Top", "Go to the first row", "lists", owner="screen"),
    Action("bottom", ("G", "end"), "Bottom", "Go to the last row", "lists", owner="screen"),
    Action(
        "activate",
        ("enter",),
        "Choose",
        "Choose the row: edit a decision, read a filter's explanation, or go to what a traced step is owed to",
        "lists",
        owner="screen",
    ),
    Action(
        "filter",
        ("/", "f3"),
        "Filter rows",
        'Show only rows that have what you type: words, "two words", -word, column:word, column=word, column>12',
        "tables",
        owner="screen",
    ),
    Action(
        "sort_next", ("S",), "Sort", "Sort by the next column; after the last one as it was", "tables", owner="screen"
    ),
    Action("sort_turn", ("I",), "Turn order", "Turn the order of the sorted column round", "tables", owner="screen"),
    Action("columns", ("c",), "Columns", "Choose the columns of the table and their order", "tables", owner="screen"),
    Action("fold", ("left",), "Fold", "Fold the group that the cursor is in", "tables", owner="screen"),
    Action("unfold", ("right",), "Unfold", "Unfold the group under the cursor", "tables", owner="screen"),
    Action("fold_all", ("F",), "Fold all", "Fold every group of the table", "tables", owner="screen"),
    Action("unfold_all", ("X",), "Unfold all", "Unfold every group of the table", "tables", owner="screen"),
    Action(
        "group", ("L",), "Group", "Group by layer or not, so that a sort goes over all rows", "tables", owner="screen"
    ),
    Action(
        "apply",
        ("A",),
        "Apply",
        "Carry the plan out, after a confirmation",
        "plan",
        footer=1,
        writes=True,
        owner="screen",
    ),
    Action(
        "apply_within",
        ("C",),
        "Apply, confirm",
        "Apply, to be confirmed: it is reverted by itself unless you confirm it in time",
        "plan",
        footer=2,
        writes=True,
        owner="screen",
    ),
    Action(
        "remove_all",
        ("R",),
        "Remove",
        "Plan to remove everything of ours from the backend",
        "plan",
        footer=3,
        writes=True,
        owner="screen",
    ),
    Action("replan", ("r",), "Replan", "Read the backend again and make a new plan", "plan", footer=4, owner="screen"),
    Action("back", ("escape", "q"), "Back", "Go back", "plan", footer=5, owner="screen"),
    Action(
        "decide",
        ("d",),
        "Confirm",
        "Confirm or revert what waits to be confirmed",
        "applied",
        footer=1,
        writes=True,
        owner="screen",
    ),
    Action(
        "roll_back",
        ("R",),
        "Roll back",
        "Plan a rollback to the selected revision, and carry it out from there",
        "applied",
        footer=2,
        writes=True,
        owner="screen",
    ),
    Action("look_again", ("r",), "Re-read", "Read the backend again", "applied", footer=3, owner="screen"),
    Action("side('contents')", ("1",), "Contents", "Show what the selected revision holds", "applied", owner="screen"),
    Action(
        "side('before')", ("2",), "Changes", "Show what it changed of the revision before", "applied", owner="screen"
    ),
    Action("side('now')", ("3",), "To now", "Show what differs between it and now", "applied", owner="screen"),
    Action(
        "side('design')", ("4",), "To design", "Show what differs between it and the design", "applied", owner="screen"
    ),
    Action(
        "side('drift')", ("5",), "Drift", "Show what others changed since the last apply", "applied", owner="screen"
    ),
    Action(
        "next_side", ("v",), "View", "Show the next of these views of the revision", "applied", footer=4, owner="screen"
    ),
    Action("read_message", ("M",), "Message", "Read the whole message of a revision", "applied", owner="screen"),
    Action(
        "step_back",
        ("escape",),
        "Back",
        "Leave the text or the view, or go back",
        "applied",
        footer=5,
        owner="screen",
    ),
    Action("to_workbench", ("q",), "Leave", "Go back to the design", "applied", owner="screen"),
    *(
        Action(f"copy_{scope}('{what}')", (key,), title, f"Copy {text} to the clipboard", scope)
        for scope in COPIED
        for what, key, title, text in (
            ("row", "y", "Copy row", "the explanation of the selected row"),
            ("table", "Y", "Copy all", "the table as it is shown"),
        )
    ),
    *(action for scope in PANED for action in _of_panes(scope)),
    Action(
        "edit_packet",
        ("e",),
        "Packet",
        "Edit the packet: in words, or part by part: network, interface, program, peer, before BFE",
        "trace",
        footer=1,
        owner="screen",
    ),
    Action(
        "write_packet",
        ("w",),
        "Write packet",
        "Write the packet in its line; up and down bring the last ones, enter traces it",
        "trace",
        owner="screen",
    ),
    Action(
        "turn", ("d",), "Direction", "Turn it round: same hosts and service, the other way", "trace", owner="screen"
    ),
    Action("next_protocol", ("o",), "Protocol", "Change the protocol: TCP, UDP or ICMP", "trace", owner="screen"),
    Action(
        "first_or_later",
        ("f",),
        "First or later",
        "The first packet of a connection, or a later one",
        "trace",
        owner="screen",
    ),
    Action("loopback", ("l",), "Loopback", "From this host to itself, or not", "trace", owner="screen"),
    Action(
        "before_bfe",
        ("B",),
        "Before BFE",
        "What boot-time filters do with it until BFE is up, or what the policy does then",
        "trace",
        footer=6,
        owner="screen",
    ),
    Action(
        "timeline",
        ("s",),
        "Timeline",
        "Show what happens to the connection over time, or the layers again",
        "trace",
        footer=2,
        owner="screen",
    ),
    Action(
        "next_peer",
        ("p",),
        "Peer",
        "Change what the peer of the timeline can do: no IPsec, IKE, AuthIP, IKEv2, IKE and AuthIP, or all",
        "trace",
        footer=3,
        owner="screen",
    ),
    Action(
        "because",
        ("b",),
        "Because",
        "Go to the design element that the outcome is owed to",
        "trace",
        footer=4,
        owner="screen",
    ),
    Action(
        "callouts",
        ("u",),
        "Callouts",
        "On a machine: take callouts that nobody knows to let the packet on, to block, or either",
        "trace",
        owner="screen",
    ),
    Action("copy_trace", ("y",), "Copy trace", "Copy the trace to the clipboard", "trace", owner="screen"),
    Action("to_design", ("escape", "q"), "Back", "Go back to the design", "trace", footer=5, owner="screen"),
    *MACHINE_ACTIONS,
    Action("older", ("up",), "Older", "Bring the packet before back", "packet", owner="screen"),
    Action("newer", ("down",), "Newer", "Bring the packet after back", "packet", owner="screen"),
    Action(
        "leave_field", ("escape",), "Leave", "Leave the field without tracing what it holds", "packet", owner="screen"
    ),
    Action("close", ("escape",), "Close", "Close the dialog without doing anything", "dialogs", owner="screen"),
    Action("done", ("q",), "Close", "Close what was opened only to be read", "reading", owner="screen"),
    Action(
        "delete_preset",
        ("d", "delete"),
        "Delete",
        "Delete the selected preset of your own; leave a recent file out of the list",
        "presets",
        writes=True,
        owner="screen",
    ),
    Action("open_by_path", ("O",), "File", "Open a file by its path", "presets", owner="screen"),
    Action("show_column", ("space",), "Show or not", "Show the selected column, or not", "columns", owner="screen"),
    Action("column_left", ("K",), "Move up", "Show the selected column further left", "columns", owner="screen"),
    Action("column_right", ("J",), "Move down", "Show the selected column further right", "columns", owner="screen"),
    Action("usual_columns", ("r",), "As usual", "Choose the columns that are usual", "columns", owner="screen"),
    Action("add_item", ("a",), "Add", "Add an item to the list of the form", "items", owner="screen"),
    Action("edit_item", ("e",), "Edit", "Edit the selected item", "items", owner="screen"),
    Action("copy_item", ("D",), "Duplicate", "Copy the selected item", "items", owner="screen"),
    Action("delete_item", ("d", "delete"), "Delete", "Delete the selected item", "items", owner="screen"),
    Action("item_up", ("K",), "Move up", "Move the selected item up", "items", owner="screen"),
    Action("item_down", ("J",), "Move down", "Move the selected item down", "items", owner="screen"),
    Action("tick", ("space",), "Tick", "Tick the box or not", "boxes", owner="screen"),
    Action("edit_again", ("e",), "Edit again", "Edit the text again", "errors", owner="screen"),
    Action("drop_edit", ("d",), "Drop", "Drop the edit; its text is kept in a file", "errors", owner="screen"),
    _answer("answers", "yes", "y", "Yes", "Do what is asked"),
    _answer("answers", "no", "n", "No", "Do nothing, and close the question"),
    _answer("answers", "save", "s", "Save", "Save the design first"),
    _answer("answers", "discard", "d", "Discard", "Go on, and lose what is not saved"),
    _answer("answers", "without", "w", "Without", "Go on without what is asked"),
    _answer("answers", "open", "o", "Open", "Open the page in the browser"),
    _answer("answers", "copy", "c", "Copy", "Copy the address of the page"),
    _answer("changed_file", "difference", "c", "Compare", "Show how the file and the work at hand differ"),
    _answer("changed_file", "reload", "r", "Reload", "Take what the file has now; undo brings your own work back"),
    _answer("changed_file", "overwrite", "o", "Overwrite", "Write over what somebody else did"),
    _answer("changed_file", "write", "w", "Write it again", "Write the file that is gone"),
    _answer("changed_file", "save_as", "a", "Save as", "Save the work at hand under another name"),
    _answer("changed_file", "keep_mine", "k", "Keep mine", "Leave the file and the work at hand as they are"),
    _answer("changed_file", "stay", "n", "Stay", "Do not save"),
    _answer("countdown", "keep", "K", "Keep", "Confirm what was applied: it stays"),
    _answer("countdown", "revert", "R", "Revert", "Revert what was applied now"),
)


_BY_NAME = {action.name: action for action in ACTIONS}


def by_name(name: str) -> Action:
    """Return the action of a name, such as ``designer.undo``; a KeyError where there is none."""
    return _BY_NAME[name]


def of_scope(scope: Scope) -> tuple[Action, ...]:
    """Return the actions of a scope, in the order of the registry."""
    return tuple(action for action in ACTIONS if action.scope == scope)


def of_screen(scope: ScreenScope) -> tuple[Action, ...]:
    """Return the actions of a screen: those of every screen, and its own."""
    return (*of_scope("screens"), *of_scope(scope))
