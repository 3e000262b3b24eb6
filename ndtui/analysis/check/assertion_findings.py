"""Findings about assertions: each one that is false, with a packet that shows it, and each that is not decided."""

from collections.abc import Iterator, Sequence

from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.undecided import undecided
from ndtui.analysis.verify.assertions import Proof, failures, filter_words, verdict_of
from ndtui.common.text import in_quotes
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.pages import PAGES


def findings(proofs: Sequence[Proof], design: Design) -> Iterator[Finding]:
    """Return a finding for each assertion that is not true of every packet, or not known to be."""
    for proof in proofs:
        if proof.undecided:
            said = proof.assertion
            yield undecided(
                Origin("assert", said.traffic), f"whether {in_quotes(said.traffic)} is always {said.verdict}"
            )
    for proof in failures(proofs):
        if proof.outcomes is None:
            continue
        said = proof.assertion
        words = filter_words(proof.responsible, design)
        yield Finding(
            "assertion-failed",
            "error",
            Origin("assert", said.traffic),
            f"{in_quotes(said.traffic)} is not always {said.verdict}: {proof.witness} is {verdict_of(proof.outcomes)}",
            f"{words[:1].upper()}{words[1:]}.",
            f"See ndtui trace DESIGN {in_quotes(str(proof.witness))}; then change the design, or the assertion.",
            PAGES["filter-arbitration"],
        )
