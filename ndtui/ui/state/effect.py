"""What an edit would do, said before it is made: which filters come and go, and what the checker would say of it."""

from ndtui.model.design.design import Design
from ndtui.ui.state.workbench import Workbench


def effect_of(workbench: Workbench, design: Design) -> str:
    """Return what making a design of the present one would do, in a line.

    Findings are spoken of where they are known after no more than a moment's effort.
    """
    if design == workbench.design:
        return "changes nothing"
    after = workbench.edited(workbench.history.do("", design))
    count = len(after.filterset.filters)
    words = after.changes.words()
    parts = [f"{words} filters, {count} in all" if words else f"the same {count} filters"]
    contexts = after.changes.changed_contexts
    parts += [f"{contexts} provider context{'' if contexts == 1 else 's'} changed"] if contexts else []
    if workbench.checked_at_once and after.checked_at_once:
        known = {(each.id, each.where) for each in workbench.findings}
        found = [each for each in after.findings if (each.id, each.where) not in known]
        still = {(each.id, each.where) for each in after.findings}
        gone = len(known - still)
        parts += [f"{each.severity}: {each.message}" for each in found[:1]]
        parts += [f"{len(found) - 1} more findings" if len(found) > 2 else "1 more finding"] if len(found) > 1 else []
        parts += [f"{gone} finding{'' if gone == 1 else 's'} less"] if gone else []
    return "; ".join(parts)
