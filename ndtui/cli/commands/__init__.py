"""The commands: each module has ``HELP``, ``arguments(parser)`` and ``run(...)``.

What a command works with is imported when it runs: help and versions are printed without the model.
"""

from collections.abc import Mapping

#: Every command: its module under ``ndtui.cli.commands``, and what it does in a line.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "compile": ("compile", "Show every filter that a design becomes"),
    "check": ("check", "Say what is wrong with a design, why, and what helps"),
    "order": ("order", "Show the filters of each layer from first to last match"),
    "trace": ("trace", "Say what happens to a packet, at which layer, and why"),
    "matrix": ("matrix", "Show what becomes of a connection between hosts of some designs"),
    "diff": ("diff", "Compare two policies, by objects and by what becomes of traffic"),
    "inspect": ("inspect", "Read what netsh wfp show filters or show state wrote"),
    "plan": ("plan", "Show what applying a design would change"),
    "apply": ("apply", "Apply a design, all of it or nothing"),
    "status": ("status", "Show what is applied"),
    "confirm": ("confirm", "Let stay what was applied with --confirm-within"),
    "rollback": ("rollback", "Go back to what was applied before"),
    "remove": ("remove", "Remove everything of ours"),
    "history": ("history", "List what was applied, removed and rolled back"),
    "export": ("export", "Write a compiled design in another format"),
    "import": ("import_", "Save the design of a bundle or a file as a preset"),
    "presets": ("presets", "List or show the shipped presets and your own"),
    "backends": ("backends", "List what a design can be applied to"),
    "exporters": ("exporters", "List the formats that a design can be exported in"),
    "schema": ("schema", "Print the JSON Schema of a design or a bundle"),
    "serve": ("serve", "Show the designer in a browser"),
    "keys": ("keys", "List the keys of the designer"),
}
