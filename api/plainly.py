"""An answer as the one text a chat front end shows: Markdown in which nobody's words are mark-up, sources with links at the end.

A front end that renders Markdown fetches the images it is told of, so an outsider's `![](https://…)` in a quote would send what was asked
to them. Every such mark is escaped; the only links are those to Baton's own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import shorten

from assistant.answers import Answer, Citation
from assistant.brief.export.markdown import escaped
from assistant.render import AS_TRANSCRIBED, KIND_WORDS, KNOWN, clock, day, declined_words, known_words, receipt_text

QUOTE_WIDTH = 160
"""Characters of a quote in the list of sources; the whole of it opens with the link."""


def answer_markdown(answer: Answer, page: str) -> str:
    """`page` is the address of the account's page, where `?c=` and a citation's id open its exact words."""
    return "\n".join([*_said(answer), *_sources(answer, page)]).strip()


def _said(answer: Answer) -> Iterator[str]:
    numbers = {citation.id: number for number, citation in enumerate(answer.citations, 1)}

    def cited(words: str, ids: Iterable[str]) -> str:
        return f"{escaped(words)} {''.join(f'[{numbers[id]}]' for id in ids)}".rstrip()

    if answer.understood_as:
        yield from (f"Understood as: {escaped(answer.understood_as)}", "")
    if answer.people:
        yield from (escaped(declined_words(answer)), "") if answer.status == "declined" else ()
        yield from (KNOWN, "", *(f"- {escaped(known_words(one))}" for one in answer.people), "")
    if answer.status == "declined" and not answer.blocks and not answer.people:
        yield f"{escaped(declined_words(answer))} {escaped(receipt_text(answer.receipt))}"
        yield from ("", "Closest, but no answer:") if answer.receipt.nearest else ()
        return
    if answer.reason == "false_premise":
        yield from ("The history says otherwise.", "")
    for block in answer.blocks:
        yield from (f"{escaped(block.heading)}:", "") if block.heading else ()
        for claim in block.claims:
            yield f"{'- ' if block.kind == 'list' else ''}{cited(claim.text, claim.citations)}"
            yield from () if block.kind == "list" else ("",)
        yield ""
    for part in answer.unsaid:
        yield from (f"The deal history does not say: {escaped(part)}?", "")
    for change in answer.changes:
        yield from (f"Changed: {escaped(change.topic)}", "")
        yield from (f"- {step.on}: {cited(step.text, step.citations)}{' (superseded)' if step.superseded else ''}" for step in change.items)
        yield ""


def _sources(answer: Answer, page: str) -> Iterator[str]:
    shown = {c for block in answer.blocks for claim in block.claims for c in claim.citations}
    shown |= {c for change in answer.changes for step in change.items for c in step.citations}
    shown = shown or set(answer.receipt.nearest)
    for number, citation in enumerate(answer.citations, 1):
        if citation.id in shown:
            quote = shorten(" ".join(citation.exact.split()), QUOTE_WIDTH, placeholder=" …")
            yield f"- [{number}] [{_place(citation)}]({page}?c={citation.id}): “{escaped(quote)}”"


def _place(citation: Citation) -> str:
    """`E-mail, 10 Sep 2026, Dana Okafor (seller)`"""
    kind = KIND_WORDS[citation.kind][0]
    at = "" if citation.locator.start_ms is None else f" {clock(citation.locator.start_ms)}"
    leaf = "" if citation.locator.page is None else f" p. {citation.locator.page}"
    who = f"{citation.speaker.name} ({citation.speaker.side})" if citation.speaker else citation.title
    unsure = f", {AS_TRANSCRIBED}" if citation.low_confidence else ""
    return escaped(f"{kind[0].upper()}{kind[1:]}, {day(citation.occurred_on)}{at}{leaf}, {who}{unsure}")
