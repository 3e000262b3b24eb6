"""What each argument of the command line is completed with: files, designs, presets, or one of some words.

Functions of the four shells stand here for what they complete with at the moment of the key: files and the names of
presets. Names of backends, formats and layers are those of the moment the script is made.
"""

from argparse import Action, ArgumentParser
from collections.abc import Sequence

#: What an argument stands for in usage lines, and what it is completed with.
_BY_METAVAR = {"DESIGN": "designs", "A": "policies", "B": "policies", "FILE": "files", "DUMP": "files"}

#: For each shell the functions that complete with presets, with designs (presets and files), with policies (designs,
#: and what a backend holds), with files, and with the presets that an action of ``presets`` takes: to delete one's own.
#: A name of a preset is a word to the shell and nothing that it expands or runs, whatever it holds.
_FUNCTIONS = {
    "bash": r"""
_ndtui_presets() {
  local typed="$1" name
  shift
  while IFS= read -r name; do
    [[ "$name" == "$typed"* ]] && printf '%s\n' "$name"
  done < <(command ndtui presets list --names "$@" 2>/dev/null)
}

_ndtui_presets_of_action() {
  case " ${COMP_WORDS[*]} " in
    *" delete "*) _ndtui_presets "$1" --own ;;
    *) _ndtui_presets "$1" ;;
  esac
}

_ndtui_files() {
  local typed="${1#[\"\']}"
  compgen -f -- "${typed//\\/}"
}

_ndtui_designs_files() {
  [[ "$1" == */* ]] || _ndtui_presets "$1"
  _ndtui_files "$1"
}

_ndtui_policies_files() {
  [[ store: == "$1"* ]] && printf '%s\n' store:
  _ndtui_designs_files "$1"
}
""",
    "zsh": r"""
_ndtui_presets() {
  local -a names own
  (( ${words[(I)presets]} && ${words[(I)delete]} )) && own=(--own)
  names=(${(f)"$(command ndtui presets list --names $own 2>/dev/null)"})
  _wanted presets expl preset compadd -a names
}

_ndtui_designs() {
  _alternative 'presets:preset:_ndtui_presets' 'files:file:_files'
}

_ndtui_policies() {
  _alternative 'held:what a backend holds:(store\:)' 'presets:preset:_ndtui_presets' 'files:file:_files'
}
""",
    "fish": r"""
function __ndtui_presets
  command ndtui presets list --names $argv 2>/dev/null
end

function __ndtui_presets_of_action
  if contains -- delete (commandline -opc)
    __ndtui_presets --own
  else
    __ndtui_presets
  end
end

function __ndtui_files
  __fish_complete_path (commandline -ct)
end

function __ndtui_designs
  __ndtui_presets
  __ndtui_files
end

function __ndtui_policies
  echo store:
  __ndtui_designs
end
""",
    "powershell": r"""
function _ndtui_word {
  param([string]$Text)
  if ($Text -match '[^\w./\\:~+-]') { "'" + $Text.Replace("'", "''") + "'" } else { $Text }
}

function _ndtui_presets {
  param([string]$WordToComplete, [string[]]$Options = @())
  $typed = $WordToComplete.Trim("'", '"')
  @(& ndtui presets list --names @Options 2>$null) | Where-Object { "$_".StartsWith($typed) } |
    ForEach-Object { _ndtui_word "$_" }
}

function _ndtui_presets_of_action {
  param([string]$WordToComplete)
  $options = @()
  if ("$commandAst" -match '\bpresets\s+delete\b') { $options = @('--own') }
  _ndtui_presets $WordToComplete $options
}

function _ndtui_files {
  param([string]$WordToComplete)
  $typed = $WordToComplete.Trim("'", '"')
  $folder = ''
  if ($typed -match '^(.*[\\/])') { $folder = $Matches[1] }
  Get-ChildItem -Path ([WildcardPattern]::Escape($typed) + '*') -ErrorAction SilentlyContinue | ForEach-Object {
    $end = ''
    if ($_.PSIsContainer) { $end = [System.IO.Path]::DirectorySeparatorChar }
    _ndtui_word ($folder + $_.Name + $end)
  }
}

function _ndtui_designs {
  param([string]$WordToComplete)
  _ndtui_presets $WordToComplete
  _ndtui_files $WordToComplete
}

function _ndtui_policies {
  param([string]$WordToComplete)
  if ('store:'.StartsWith($WordToComplete)) { 'store:' }
  _ndtui_designs $WordToComplete
}
""",
}

#: The shells that a script can be made for.
SHELLS = tuple(_FUNCTIONS)

#: What a script calls for each kind; of bash's functions those that complete files have to say so in their name.
_CALLS = {
    "presets": {
        "bash": "_ndtui_presets",
        "zsh": "_ndtui_presets",
        "fish": "(__ndtui_presets)",
        "powershell": "_ndtui_presets",
    },
    "presets of the action": {
        "bash": "_ndtui_presets_of_action",
        "zsh": "_ndtui_presets",
        "fish": "(__ndtui_presets_of_action)",
        "powershell": "_ndtui_presets_of_action",
    },
    "policies": {
        "bash": "_ndtui_policies_files",
        "zsh": "_ndtui_policies",
        "fish": "(__ndtui_policies)",
        "powershell": "_ndtui_policies",
    },
    "designs": {
        "bash": "_ndtui_designs_files",
        "zsh": "_ndtui_designs",
        "fish": "(__ndtui_designs)",
        "powershell": "_ndtui_designs",
    },
    "files": {"bash": "_ndtui_files", "zsh": "_files", "fish": "(__ndtui_files)", "powershell": "_ndtui_files"},
}


def functions(shell: str) -> str:
    """Return the functions of a shell that complete what the program has to be asked for."""
    return _FUNCTIONS[shell]


def call(kind: str, shell: str) -> str:
    """Return what a script of that shell calls to complete one of the kinds, such as ``designs``."""
    return _CALLS[kind][shell]


def add_completers(parser: ArgumentParser) -> None:
    """Say of each argument of a command what it is completed with, where shtab looks for that."""
    for action in parser._actions:
        kind = _kind(parser, action)
        words = _words(action)
        if kind:
            action.complete = _CALLS[kind]  # type: ignore[attr-defined]  # how shtab is told
        elif words:
            action.choices = words


def _kind(parser: ArgumentParser, action: Action) -> str:
    if action.dest == "name" and parser.prog.endswith(" presets"):
        return "presets of the action"
    return _BY_METAVAR.get(action.metavar, "") if isinstance(action.metavar, str) else ""


def _words(action: Action) -> Sequence[str]:
    """Return the words that an option takes and that are known without its command's help."""
    if action.dest == "backend":
        from ndtui.backends.registry import names  # noqa: PLC0415 - one kind of argument at a time

        return names()
    if action.dest == "theme":
        from ndtui.ui.themes.theme_names import AUTO, NAMES  # noqa: PLC0415

        return (AUTO, *NAMES)
    if action.dest == "interface":
        from ndtui.analysis.traffic.packet_grammar import INTERFACE_WORDS  # noqa: PLC0415

        return INTERFACE_WORDS
    if action.dest == "layer":
        from ndtui.model.vocabulary import short_name  # noqa: PLC0415
        from ndtui.model.vocabulary.guids import LAYERS  # noqa: PLC0415

        return [short_name(layer) for layer in LAYERS]
    if action.dest == "peer":
        from ndtui.analysis.peers.peer_words import KINDS  # noqa: PLC0415

        return [*KINDS]
    return ()
