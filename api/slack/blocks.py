"""An answer as Slack shows it: typed elements whose text is never read as markup, each quote with a link to where it was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten
from typing import Any
from urllib.parse import quote

from api.telling.words import many
from assistant.answers import Answer, Citation
from assistant.render import KNOWN, declined_words, known_words, receipt_text, setting
from ingest.archive.rows import StoredAccount

Element = dict[str, Any]
MOST_CLAIMS = 8
MOST_QUOTES = 8
QUOTE = 400
"""Characters shown of one; the link opens the whole of it."""
ASK_ACCOUNT, ANSWER_GAP, FORM = "ask_account", "answer_gap", "gap_answered"
MOST_VALUE = 1900
"""Characters that a button may carry: Slack takes 2,000."""


def answer_blocks(answer: Answer, account: StoredAccount, base: str, *, words: bool) -> list[Element]:
    """Without `words` it says how much was found, and where to read it."""
    page = f"{base}/a/{quote(account.slug)}"
    if not words:
        return [_paragraph([*_found(answer), _text(" "), _link(page, "Read it in Baton")])]
    numbers = {citation.id: number for number, citation in enumerate(answer.citations, 1)}
    claims = [claim for block in answer.blocks for claim in block.claims]
    known = _known(answer)
    if not claims and not known:
        near = [one for one in answer.citations if one.id in answer.receipt.nearest]
        said = f"{declined_words(answer)} {receipt_text(answer.receipt)}" + (" Closest, but no answer:" if near else "")
        return [_paragraph([_text(said)]), *_quotes(near, numbers, page)]
    shown = claims[:MOST_CLAIMS]
    steps = [(change, step) for change in answer.changes for step in change.items]
    used = {id for claim in shown for id in claim.citations} | {id for _, step in steps for id in step.citations}
    lines = [[_text(f"{claim.text} "), *_marks(claim.citations, numbers)] for claim in shown]
    left = len(claims) - len(shown)
    made = [*known, *([_list(lines)] if lines else [])]
    made += [_paragraph([_text(f"The deal history does not say: {part}?")]) for part in answer.unsaid[:3]]
    for change in answer.changes[:2]:
        told = [f"{step.on}: {_short(step.text)}" + (" (superseded)" if step.superseded else "") for step in change.items]
        made += [_paragraph([_text(f"Changed: {_short(change.topic)}")]), _list([[_text(one)] for one in told])]
    made += _quotes([one for one in answer.citations if one.id in used], numbers, page)
    if left or len(used) > MOST_QUOTES:
        made.append(_paragraph([_link(page, "There is more: read it in Baton")]))
    return made


def answer_line(answer: Answer, account: str) -> str:
    """What is shown where blocks are not, a notification say: no word of the history."""
    return f"About {account}: {''.join(one['text'] for one in _found(answer))}"


def question_blocks(user: str, question: str) -> list[Element]:
    return [_paragraph([{"type": "user", "user_id": user}, _text(f" asks: {question}")])]


def choice_blocks(accounts: Sequence[StoredAccount], question: str) -> list[Element]:
    if len(question) > MOST_VALUE - 100:
        return [_section("This channel is about more than one account. Ask that in the channel of one, or shorter.")]
    buttons = [_button(f"{ASK_ACCOUNT}_{nth}", one.name, f"{one.id} {question}") for nth, one in enumerate(accounts[:5])]
    return [_section("This channel is about more than one account. Which one do you mean?"), {"type": "actions", "elements": buttons}]


def gap_blocks(gaps: Sequence[Mapping[str, Any]], brief: str, url: str, *, may_answer: bool) -> list[Element]:
    made: list[Element] = []
    for nth, gap in enumerate(gaps[:5], 1):
        made.append(_section(f"{nth}. {gap['question']}"))
        if may_answer:
            made.append({"type": "actions", "elements": [_button(f"{ANSWER_GAP}_{nth}", "Answer", f"{brief} {gap['id']}")]})
    more = f"All {len(gaps)} in the brief" if len(gaps) > 5 else "Open the brief"
    return [*made, _paragraph([_link(url, more)])]


def gap_form(question: str, carried: str) -> Element:
    """`carried` comes back with the answer."""
    told = "What you write becomes a note of yours: evidence, cited with your name and the hour."
    return {
        "type": "modal", "callback_id": FORM, "private_metadata": carried,
        "title": _plain("Answer for the brief"), "submit": _plain("Keep"), "close": _plain("Cancel"),
        "blocks": [
            _section(question), _section(told),
            {"type": "input", "block_id": "answer", "label": _plain("Your answer"),
             "element": {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 3000}},
        ],
    }  # fmt: skip


def _known(answer: Answer) -> list[Element]:
    """Who is asked about, as lists and the CRM have them; the choice where it may be several."""
    if not answer.people:
        return []
    lead = f"{declined_words(answer)} {KNOWN}" if answer.status == "declined" else KNOWN
    return [_paragraph([_text(lead)]), _list([[_text(known_words(one))] for one in answer.people[:MOST_CLAIMS]])]


def _found(answer: Answer) -> list[Element]:
    claims = sum(len(block.claims) for block in answer.blocks)
    if not claims and answer.people and answer.status == "answered":
        return [_text(f"Who that is, from lists of participants and the CRM ({len(answer.people)}).")]
    if not claims:
        return [_text(f"{declined_words(answer)} {receipt_text(answer.receipt)}")]
    used = {id for block in answer.blocks for claim in block.claims for id in claim.citations}
    return [_text(f"{many(claims, 'sentence')} from {many(len(used), 'quote')}.")]


def _quotes(citations: Sequence[Citation], numbers: Mapping[str, int], page: str) -> list[Element]:
    made: list[Element] = []
    for one in citations[:MOST_QUOTES]:
        url = f"{page}?c={quote(one.id)}"
        made.append(_paragraph([_link(url, f"[{numbers[one.id]}] {_short(setting(one))}")]))
        made.append(_rich({"type": "rich_text_quote", "elements": [_text(_short(one.exact))]}))
    return made


def _marks(citations: Iterable[str], numbers: Mapping[str, int]) -> list[Element]:
    return [_text("".join(f"[{numbers[id]}]" for id in citations))]


def _list(lines: Sequence[Sequence[Element]]) -> Element:
    items = [{"type": "rich_text_section", "elements": list(line)} for line in lines]
    return _rich({"type": "rich_text_list", "style": "bullet", "elements": items})


def _paragraph(elements: Sequence[Element]) -> Element:
    return _rich({"type": "rich_text_section", "elements": list(elements)})


def _rich(part: Element) -> Element:
    return {"type": "rich_text", "elements": [part]}


def _text(text: str) -> Element:
    return {"type": "text", "text": text[:2900]}


def _link(url: str, text: str) -> Element:
    return {"type": "link", "url": url, "text": text}


def _section(text: str) -> Element:
    return {"type": "section", "text": _plain(text[:2900])}


def _button(action: str, text: str, value: str) -> Element:
    return {"type": "button", "action_id": action, "text": _plain(text[:75]), "value": value[:2000]}


def _plain(text: str) -> Element:
    return {"type": "plain_text", "text": text, "emoji": False}


def _short(text: str) -> str:
    return shorten(" ".join(text.split()), QUOTE, placeholder=" …")
