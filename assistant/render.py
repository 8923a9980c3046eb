"""Answers in the two shapes people and programs read: JSON for other programs, and plain text with `[n]` for a terminal."""

from __future__ import annotations

from datetime import date, datetime
from textwrap import fill, shorten
from typing import Any

from assistant.answers import Answer, Change, Citation, Claim, Known, Reason, Receipt, Usage
from assistant.term import renewal_of
from ingest.archive.rows import StoredDeal
from ingest.records import Kind, Side

KIND_WORDS: dict[Kind, tuple[str, str]] = {
    "call": ("call", "calls"), "email": ("e-mail", "e-mails"), "crm_note": ("CRM note", "CRM notes"),
    "crm_field": ("CRM record", "CRM records"),
    "doc": ("document", "documents"), "chat": ("chat", "chats"), "meeting": ("meeting", "meetings"), "ae_note": ("AE note", "AE notes"),
}  # fmt: skip

AS_TRANSCRIBED = "as transcribed, low confidence"
"""Said of a quote that a recogniser was not sure of."""


def answer_json(answer: Answer) -> dict[str, Any]:
    """The Answer object of the public interface."""
    return {
        "id": answer.id,
        "thread_id": answer.thread_id,
        "status": answer.status,
        "partial": answer.partial,
        "unsaid": list(answer.unsaid),
        "reason": answer.reason,
        "question": answer.question.text,
        "standalone_question": answer.standalone,
        "model": answer.model,
        "as_of": moment(answer.question.as_of),
        "blocks": [{"kind": b.kind, "heading": b.heading or None, "claims": [claim_json(c) for c in b.claims]} for b in answer.blocks],
        "changes": [change_json(change) for change in answer.changes],
        "citations": [citation_json(citation, number) for number, citation in enumerate(answer.citations, 1)],
        "people": [known_json(one) for one in answer.people],
        "unknown_person": answer.unknown or None,
        "receipt": receipt_json(answer.receipt),
        "removed_claims": answer.removed_claims,
        "follow_ups": list(answer.follow_ups),
        "timing": {"retrieve_ms": answer.retrieve_ms, "total_ms": answer.total_ms},
        "degraded": list(answer.degraded),
        "usage": usage_json(answer.usage) if answer.usage else None,
    }


def known_json(one: Known) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "side": one.side,
        "email": one.email or None,
        "title": one.title or None,
        "title_from": one.title_from or None,
        "calls": one.calls,
        "spoke": one.spoke,
        "mails": one.mails,
        "first": one.first.isoformat() if one.first else None,
        "last": one.last.isoformat() if one.last else None,
        "words": known_words(one),
    }


def known_words(one: Known) -> str:
    """`Ana Ruiz (their side): Depot Manager, as the CRM or a list of participants has it. In 2 calls (speaks in 1) and 3 e-mails,
    1 Sep 2026 to 4 Oct 2026.`"""
    title = f"{one.title}, {_TITLE_FROM[one.title_from]}" if one.title and one.title_from else "no title is on record"
    calls = f"{one.calls} {KIND_WORDS['call'][one.calls != 1]} ({f'speaks in {one.spoke}' if one.spoke else 'does not speak'})"
    mails = f"{one.mails} {KIND_WORDS['email'][one.mails != 1]}"
    in_them = " and ".join([*([calls] if one.calls else []), *([mails] if one.mails else [])])
    days = day(one.first) if one.first == one.last else f"{day(one.first)} to {day(one.last)}"
    dated = f", {days}" if one.first else ""
    took_part = f"In {in_them}{dated}." if in_them else "In no call or e-mail of this account."
    address = f" <{one.email}>" if one.email else ""
    return f"{one.name}{address} ({_SIDE_WORDS[one.side]}): {title}. {took_part}"


_SIDE_WORDS: dict[Side, str] = {"seller": "our side", "buyer": "their side", "partner": "a partner", "unknown": "side not known"}
_TITLE_FROM = {
    "crm_or_list": "as the CRM or a list of participants has it", "list": "as a list of participants has it",
    "signature": "by the signature of a mail",
}  # fmt: skip
KNOWN = "From lists of participants and the CRM, not a quote:"
"""Said before what is known of people."""


def usage_json(usage: Usage) -> dict[str, Any]:
    return {
        "model": usage.model,
        "prompt_tokens": usage.sent,
        "completion_tokens": usage.received,
        "cost": usage.cost,
        "currency": usage.currency or None,
        "estimated": usage.estimated,
    }


def claim_json(claim: Claim) -> dict[str, Any]:
    return {"id": claim.id, "text": claim.text, "citations": list(claim.citations), "check": claim.check, "support": claim.support}


def change_json(change: Change) -> dict[str, Any]:
    items = [{"on": s.on, "text": s.text, "citations": list(s.citations), "superseded": s.superseded} for s in change.items]
    return {"topic": change.topic, "items": items}


def citation_json(citation: Citation, number: int) -> dict[str, Any]:
    speaker = citation.speaker
    return {
        "id": citation.id,
        "number": number,
        "kind": citation.kind,
        "source": {
            "id": citation.interaction_id,
            "external_id": citation.external_id,
            "title": citation.title,
            "occurred_at": moment(citation.occurred_at),
            "occurred_on": citation.occurred_on and citation.occurred_on.isoformat(),
            "url": citation.url or None,
        },
        "turn_id": citation.turn_id or None,
        "speaker": speaker and {"name": speaker.name, "email": speaker.email or None, "side": speaker.side, "title": speaker.title or None},
        "locator": {
            "type": citation.locator.type,
            "start_ms": citation.locator.start_ms,
            "end_ms": citation.locator.end_ms,
            "page": citation.locator.page,
        },
        "quote": {
            "exact": citation.exact,
            "prefix": citation.prefix,
            "suffix": citation.suffix,
            "start": citation.span.start,
            "end": citation.span.end,
        },
        "match": "exact",
        "text_sha256": citation.text_sha256,
        "internal": citation.internal,
        "confidence": citation.confidence,
        "low_confidence": citation.low_confidence,
    }


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "searched": dict(receipt.searched),
        "from": receipt.first.isoformat() if receipt.first else None,
        "to": receipt.last.isoformat() if receipt.last else None,
        "unreadable": list(receipt.unreadable),
        "nearest": list(receipt.nearest),
    }


def deal_json(deal: StoredDeal) -> dict[str, Any]:
    return {
        "id": deal.id,
        "name": deal.name,
        "stage": deal.stage or None,
        "won": deal.won,
        "amount": deal.amount,
        "currency": deal.currency or None,
        "term_months": deal.term_months,
        "seats": deal.seats,
        "closed_on": deal.closed_on or None,
        "term_ends_on": ends.isoformat() if (ends := renewal_of(deal)) else None,
    }


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, whole seconds."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def answer_text(answer: Answer, width: int = 100) -> str:
    """The answer as a terminal shows it: claims with `[n]`, what changed, then where each `[n]` was said and how its quote begins."""
    numbers = {citation.id: number for number, citation in enumerate(answer.citations, 1)}
    understood = [_wrapped(f"Understood as: {answer.understood_as}", width, 0)] if answer.understood_as else []
    if answer.status == "declined" and not answer.blocks and not answer.people:
        return "\n".join([*understood, _declined_text(answer, numbers, width)])
    lines: list[str] = [*understood, *(["The history says otherwise."] if answer.reason == "false_premise" else [])]
    lines += _known_lines(answer, width)
    for block in answer.blocks:
        lines += ["", f"{block.heading}:"] if block.heading else []
        bullet = "- " if block.kind == "list" else ""
        lines += [_wrapped(f"{bullet}{claim.text} {_marks(claim.citations, numbers)}", width, len(bullet)) for claim in block.claims]
    lines += [line for part in answer.unsaid for line in ("", _wrapped(f"The deal history does not say: {part}?", width, 0))]
    for change in answer.changes:
        lines += ["", _wrapped(f"Changed: {change.topic}", width, 0)]
        for step in change.items:
            gone = " (superseded)" if step.superseded else ""
            lines.append(_wrapped(f"  {step.on}  {step.text} {_marks(step.citations, numbers)}{gone}", width, 4))
    used = {c for block in answer.blocks for claim in block.claims for c in claim.citations}
    used |= {c for change in answer.changes for step in change.items for c in step.citations}
    lines += ["", *(_source_line(c, numbers[c.id], width) for c in answer.citations if c.id in used)]
    return "\n".join(lines)


def _known_lines(answer: Answer, width: int) -> list[str]:
    if not answer.people:
        return []
    which = [_wrapped(declined_words(answer), width, 0)] if answer.status == "declined" else []
    return [*which, KNOWN, *(_wrapped(f"- {known_words(one)}", width, 2) for one in answer.people), *([""] if answer.blocks else [])]


def usage_text(usage: Usage) -> str:
    """`gpt-5-mini: 1,214 tokens sent, 180 received, 0.0021 USD`"""
    about = "about " if usage.estimated else ""
    cost = "" if usage.cost is None else f", {about}{usage.cost:.4f} {usage.currency}"
    return f"{usage.model}: {about}{usage.sent:,} tokens sent, {usage.received:,} received{cost}"


def receipt_text(receipt: Receipt) -> str:
    """`Searched 6 calls, 18 e-mails and 12 CRM notes, 5 Mar 2026 to 14 Oct 2026.`"""
    parts = [f"{count} {KIND_WORDS[kind][count != 1]}" for kind, count in receipt.searched.items() if count]
    if not parts:
        return "There was nothing to search."
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    dates = f", {day(receipt.first)} to {day(receipt.last)}" if receipt.first and receipt.last else ""
    return f"Searched {listed}{dates}."


def day(on: date | None) -> str:
    return f"{on.day} {on:%b %Y}" if on else "no date"


def clock(milliseconds: int) -> str:
    """`32:01`, or `1:02:03` past the hour."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


_WHY_NOT = {
    "out_of_scope": "Baton answers questions about the deal's history; it does not act.",
    "ambiguous": "It is not clear what this asks about; name the matter, or ask it after a question that does.",
    "false_premise": "Not in the deal history: the question takes something for granted that nothing there speaks of.",
}


_SAY_WHICH: dict[Reason, str] = {
    "ambiguous": "It is not the same for every deal of this account; say which: ",
    "which_person": "More than one person is called that; say which: ",
    "which_talk": "More than one talk fits; say which: ",
}


def declined_words(answer: Answer) -> str:
    """Why there is no answer, as a sentence."""
    if answer.unknown:
        return f"Nobody called {answer.unknown} took part or is mentioned."
    if answer.reason in _SAY_WHICH and answer.follow_ups:
        return _SAY_WHICH[answer.reason] + " / ".join(answer.follow_ups)
    return _WHY_NOT.get(answer.reason or "", "Not in the deal history.")


def _declined_text(answer: Answer, numbers: dict[str, int], width: int) -> str:
    near = [c for c in answer.citations if c.id in answer.receipt.nearest]
    lines = [_wrapped(f"{declined_words(answer)} {receipt_text(answer.receipt)}", width, 0)]
    if near:
        lines += ["Closest, but no answer:", *(_source_line(c, numbers[c.id], width) for c in near)]
    return "\n".join(lines)


def _marks(citations: tuple[str, ...], numbers: dict[str, int]) -> str:
    return "".join(f"[{numbers[c]}]" for c in citations)


def _wrapped(text: str, width: int, indent: int) -> str:
    return fill(text, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def _source_line(citation: Citation, number: int, width: int) -> str:
    """One line; the quote is cut where the line ends, the whole of it stands in the JSON and on the page."""
    lead = f"[{number}] {setting(citation)}: "
    return f"{lead}“{shorten(' '.join(citation.exact.split()), max(width - len(lead) - 2, 30), placeholder=' …')}”"


def setting(citation: Citation) -> str:
    """Where and by whom it was said: `Call, 1 Oct 2026 30:48, Erik Holm (buyer)`."""
    kind = KIND_WORDS[citation.kind][0]
    at = "" if citation.locator.start_ms is None else f" {clock(citation.locator.start_ms)}"
    page = "" if citation.locator.page is None else f" p. {citation.locator.page}"
    who = f"{citation.speaker.name} ({citation.speaker.side})" if citation.speaker else citation.title
    unsure = f", {AS_TRANSCRIBED}" if citation.low_confidence else ""
    return f"{kind[0].upper()}{kind[1:]}, {day(citation.occurred_on)}{at}{page}, {who}{unsure}"
