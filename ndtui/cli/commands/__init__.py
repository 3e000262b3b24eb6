"""The commands: each module has ``HELP``, ``arguments(parser)`` and ``run(...)``.

A module with ``DESCRIBES_COMMAND_LINE`` is given the parser of all commands as ``whole``.
What a command works with is imported when it runs: help and versions are printed without the model.
"""

from collections.abc import Mapping

#: Every command: its module under ``ndtui.cli.commands``, and what it does in a line.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "compile": ("compile", "Show every filter that a design becomes"),
    "check": ("check", "Say what is wrong with a design, why, and what helps"),
    "order": ("order", "Show the filters of each layer from first to last match"),
    "trace": ("trace", "Say what happens to a packet, at which layer, and why"),
    "matrix": ("matrix", "Show who can talk to whom, between hosts with these designs"),
    "diff": ("diff", "Compare two designs: objects, and traffic that changes"),
    "inspect": ("inspect", "Show what netsh wfp show wrote on a Windows machine"),
    "events": ("events", "Show what Windows did with packets, and which filters decided"),
    "plan": ("plan", "Show what applying a design would change"),
    "apply": ("apply", "Apply a design, all of it or nothing"),
    "status": ("status", "Show what is applied, and what waits to be confirmed"),
    "confirm": ("confirm", "Keep what was applied with --confirm-within"),
    "rollback": ("rollback", "Go back to what was applied before"),
    "remove": ("remove", "Remove everything that ndtui applied"),
    "history": ("history", "List what was applied and why; show or compare revisions"),
    "export": ("export", "Write a design as a bundle, a report or a table"),
    "peer": ("peer", "Print the configuration of a Linux peer: libreswan, strongSwan"),
    "import": ("import_", "Make a preset of a bundle, a file or a machine's policy"),
    "presets": ("presets", "List, show or delete presets, shipped ones and your own"),
    "backends": ("backends", "List what a design can be applied to"),
    "exporters": ("exporters", "List the formats that a design can be exported in"),
    "schema": ("schema", "Print the JSON Schema of a design, a bundle or settings"),
    "serve": ("serve", "Show the designer in a browser"),
    "keys": ("keys", "List the keys of the designer, your own too"),
    "config": ("config", "Print or check your settings, or say where they are"),
    "man": ("man", "Print the manual page"),
    "completion": ("completion", "Print the script with which a shell completes the command line"),
}

#: What the commands from this one on are for, up to the next; the list of commands in the help has it as a heading.
HEADINGS: Mapping[str, str] = {
    "compile": "looking at a policy",
    "plan": "applying it, and going back",
    "export": "designs in files",
    "backends": "everything else",
}
