"""The steps of the tour as data: which pane each speaks of, and what it says, with the keys that hold."""

from dataclasses import dataclass

from ndtui.ui.keys.user_keys import KeyMap


@dataclass(frozen=True, slots=True)
class Step:
    """``pane`` is the selector of the pane that the step speaks of; ``focus`` that of the one to show as in use."""

    pane: str
    text: str
    focus: str = ""


def tour_steps(keys: KeyMap) -> tuple[Step, ...]:
    """Return the steps, in their order."""
    key = keys.first
    move = f"{key('lists.cursor_down')} and {key('lists.cursor_up')} move"
    switch = f"{key('designer.switch')} switches, {key('designer.edit')} edits"
    return (
        Step(
            "#decisions",
            f"What you decide: rules, what negotiates, and exemptions. {move}, {switch}.",
            "#decisions",
        ),
        Step(
            "#detail",
            "What the selected row is about. For the policy's first row that is what becomes of traffic in and out, "
            "with a peer that has IPsec and with one that has not.",
            "#decisions",
        ),
        Step(
            "#table",
            "What Windows would be given: every filter, layer by layer. It follows each decision at once. tab goes "
            f"here and back, {key('tables.filter')} shows only rows that have what you type.",
            "#table",
        ),
        Step(
            "#decisions",
            f"{key('designer.add_exemption')} leaves traffic out of IPsec: type udp 53 and press enter. "
            f"{key('designer.add_rule')} adds a rule: tcp 1433 encrypt. The table marks with + what has come, and "
            f"{key('designer.undo')} undoes any change.",
            "#decisions",
        ),
        Step(
            "KeyBar",
            f"{key('designer.plan')} shows what applying would change. From there {key('plan.apply')} applies, and "
            f"{key('plan.apply_within')} applies and reverts by itself unless you confirm in time. "
            f"{key('designer.applied')} shows what is applied and its history, and rolls back.",
        ),
        Step(
            "KeyBar",
            f"{key('screens.help')} lists every key where you are, {key('screens.palette')} finds anything by name, "
            f"this tour too. {key('designer.save')} saves, {key('designer.leave')} leaves.",
        ),
    )
