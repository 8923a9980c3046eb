"""How an answer shows that something stands against what it quotes: the contract beside the talk, and two sides of a disagreement."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers import DraftBlock, DraftClaim
from assistant.evidence import Against, Evidence, Stand
from assistant.facts.paper import calls_itself_a_contract
from assistant.models.changes import on_matter
from assistant.models.choice import Choice
from assistant.models.claims import claims, said_at
from assistant.vocabulary import related

Group = Sequence[Choice]
"""One claim: the likeliest first, the others further places where it stands."""

MOST_CLAUSES = 2
SILENT = "Said, and not in the contract"
PAPER: dict[Stand, str] = {"contradicted": "The contract says", "covered": "The contract says", "excluded": "The contract leaves out"}
TWO_SIDES: dict[Stand, str] = {
    "seller": "Said both ways on our side",
    "customer": "Two sides on record",
    "recap": "The talk and a summary of it differ",
}
"""Headings over both statements; which of them is right is not Baton's to say."""


def in_blocks(shown: Sequence[Group], evidence: Evidence) -> tuple[DraftBlock, ...]:
    """What answers, in its order: plainly where nothing stands against it, else beside what does, each with its own words."""
    clauses = _clauses(shown, evidence)
    silent = set() if _quotes_paper(shown, evidence) else {i for i, group in enumerate(shown) if _silent(group, evidence)}
    blocks: list[DraftBlock] = []
    plain: list[Group] = []
    told: set[str] = set()
    left = dict(enumerate(shown))

    def put(heading: str, *made: DraftClaim) -> None:
        if made:
            told.update(each.text for each in made)
            blocks.append(DraftBlock("list", made, heading))

    for i in range(len(shown)):
        group = left.pop(i, None)
        if group is None:
            continue
        dispute = _dispute(group, evidence)
        if dispute is None and i not in silent:
            plain.append(group)
            continue
        put("", *claims(plain, evidence, told))
        plain = []
        if dispute is not None and dispute.other is not None and dispute.words is not None:
            known = next((n for n, other in left.items() if other[0].best.passage.id == dispute.other.id), None)
            if known is not None:
                put(TWO_SIDES[dispute.stand], *claims([group, left.pop(known)], evidence, told))
            else:
                other = said_at(dispute.other, dispute.words, evidence, group[0].support)
                put(TWO_SIDES[dispute.stand], *claims([group], evidence, told), other)
        else:
            also = [left.pop(n) for n in sorted(silent) if n in left and _dispute(left[n], evidence) is None]
            put(SILENT, *claims([group, *also], evidence, told))
    put("", *claims(plain, evidence, told))
    for heading in dict.fromkeys((*PAPER.values(), "")):
        put(heading, *(each for over, each in clauses if over == heading and each.text not in told))
    return tuple(blocks)


def _clauses(shown: Sequence[Group], evidence: Evidence) -> list[tuple[str, DraftClaim]]:
    """What the contract says of promises that are shown, by its words, unless these are shown themselves; each with the heading it goes
    under. A clause that stands against words shown and not on the matter asked about goes without: `The contract says` would answer.

    A promise that the contract contradicts or leaves out is never shown without that; one that it covers where the question is about
    what holds.
    """
    made: dict[str, tuple[str, DraftClaim]] = {}
    if not _asks_for_standing(evidence):
        return []
    told = {one.best.passage.id for group in shown for one in group}
    for group in shown:
        for each in _on(group[0], evidence, "contradicted", "excluded", "covered"):
            if len(made) == MOST_CLAUSES or each.other is None or each.words is None or each.other.id in told:
                continue
            words = each.other.text[each.words.start : each.words.end]
            if each.stand == "covered" and not (_asks_what_holds(evidence) and on_matter(evidence, group[0].best.text, words)):
                continue
            said = said_at(each.other, each.words, evidence, group[0].support)
            made.setdefault(said.text, (PAPER[each.stand] if _on_topic(evidence, words) else "", said))
    return list(made.values())


def _on_topic(evidence: Evidence, words: str) -> bool:
    """On the matter asked about, be it in the field's other words for it."""
    return on_matter(evidence, words) or bool(set(related(evidence.understood.standalone)) & set(related(words)))


def _asks_what_holds(evidence: Evidence) -> bool:
    return evidence.understood.of_paper or evidence.route.now


def _asks_for_standing(evidence: Evidence) -> bool:
    """About the contract, what holds now, or a promise itself."""
    return _asks_what_holds(evidence) or evidence.understood.about.promise


def _silent(group: Group, evidence: Evidence) -> bool:
    """Only silent: of a sentence with two promises the contract may hold one."""
    said = _on(group[0], evidence, "silent", "covered", "contradicted", "excluded")
    return bool(said) and all(
        each.stand == "silent" and _asks_for_standing(evidence) and on_matter(evidence, group[0].best.text) for each in said
    )


def _quotes_paper(shown: Sequence[Group], evidence: Evidence) -> bool:
    """A contract that answers is not silent."""
    return any(calls_itself_a_contract(evidence.room.interactions[group[0].best.passage.interaction_id]) for group in shown)


def _dispute(group: Group, evidence: Evidence) -> Against | None:
    """What contradicts the words shown, if both are about what is asked."""
    one = group[0]
    for each in _on(one, evidence, *TWO_SIDES):
        if each.other is not None and each.words is not None:
            other = each.other.text[each.words.start : each.words.end]
            if each.other.id != one.best.passage.id and on_matter(evidence, one.best.text, other):
                return each
    return None


def _on(one: Choice, evidence: Evidence, *stands: Stand) -> list[Against]:
    mine = one.best.span
    found = evidence.against.get(one.best.passage.id, ())
    return [each for each in found if each.stand in stands and each.span.start < mine.end and mine.start < each.span.end]
