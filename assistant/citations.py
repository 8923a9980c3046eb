"""Makes a citation from a slice of an interaction, and finds the slice again from a citation's id.

The id says everything needed to open it (interaction, span, hash of the text it was taken from), so a citation in an old brief
or a pasted link opens the exact words even after the source was edited: the archive keeps earlier versions.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from assistant.answers import Citation, Locator, Speaker
from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredInteraction, StoredTurn
from ingest.archive.scope import Scope
from ingest.records import LATEST_S, Span

CONTEXT = 60
"""Characters of prefix and suffix around a quote."""

_MESSAGE = re.compile(r"\d{9,11}\.\d{1,6}")
"""Slack's id of a message, its time."""
_ID = re.compile(r"cit_([0-9a-f]{20})-(\d{1,9})-(\d{1,9})-([0-9a-f]{8})")


class NotACitation(ValueError):
    """The id is not of the form Baton gives."""


def cite(interaction: StoredInteraction, span: Span) -> Citation:
    """The citation of `interaction.text[span]`; the span must be words of one turn."""
    turn = _turn_at(interaction, span)
    source = interaction.source
    locator = _locator(interaction, turn, span)
    return Citation(
        id=f"cit_{source.id.removeprefix('src_')}-{span.start}-{span.end}-{source.text_sha256[:8]}",
        kind=source.kind,
        interaction_id=source.id,
        external_id=source.external_id,
        title=source.title,
        occurred_at=source.occurred_at,
        url=_deep_link(source.tool, source.url, source.occurred_at, turn.native_id, locator),
        turn_id=turn.native_id,
        speaker=_speaker(turn),
        locator=locator,
        exact=interaction.text[span.start : span.end],
        prefix=interaction.text[max(turn.span.start, span.start - CONTEXT) : span.start],
        suffix=interaction.text[span.end : min(turn.span.end, span.end + CONTEXT)],
        span=span,
        text_sha256=source.text_sha256,
        internal=source.internal,
        occurred_on=source.occurred_on,
        confidence=_confidence(turn, span),
    )


def resolve(archive: Archive, scope: Scope, citation_id: str) -> Citation:
    """The citation an id stands for, from today's text or the version it was taken from.

    Raises `NotACitation` for a malformed id, `NotThere` where the scope does not reach it or the text is gone.
    """
    interaction_id, span, sha = parts_of(citation_id)
    interaction = archive.interaction(scope, interaction_id)
    if not interaction.source.text_sha256.startswith(sha):
        interaction = archive.text_version(scope, interaction_id, sha)
    if not 0 <= span.start < span.end <= len(interaction.text):
        raise NotThere("citation", citation_id)
    return cite(interaction, span)


def parts_of(citation_id: str) -> tuple[str, Span, str]:
    """The interaction, the span and the beginning of the hash of the text; raises `NotACitation`."""
    match = _ID.fullmatch(citation_id)
    if match is None:
        raise NotACitation(citation_id)
    return f"src_{match[1]}", Span(int(match[2]), int(match[3])), match[4]


def _turn_at(interaction: StoredInteraction, span: Span) -> StoredTurn:
    for turn in interaction.turns:
        if turn.span.start <= span.start and span.end <= turn.span.end and span.start < span.end:
            return turn
    raise NotThere("words of one turn", f"{interaction.source.id} {span.start}-{span.end}")


def _speaker(turn: StoredTurn) -> Speaker | None:
    if turn.person:
        return Speaker(turn.person.name or turn.speaker_name, turn.person.email, turn.person.side, turn.person.title)
    return Speaker(turn.speaker_name, "", "unknown") if turn.speaker_name else None


def _locator(interaction: StoredInteraction, turn: StoredTurn, span: Span) -> Locator:
    """For a call the sentence's moment where the source timed sentences, else the turn's."""
    match interaction.source.kind:
        case "call" if turn.starts_s is not None:
            begun = [m for m in turn.marks if turn.span.start + m.at <= span.start] or list(turn.marks[:1])
            ended = [m for m in turn.marks if turn.span.start + m.at < span.end]
            starts_s = begun[-1].starts_s if begun else turn.starts_s
            ends_s = ended[-1].ends_s if ended else turn.ends_s
            start_ms = milliseconds(starts_s)
            return Locator("message") if start_ms is None else Locator("time", start_ms, milliseconds(ends_s))
        case "crm_field":
            return Locator("field")
        case "doc" if turn.page is not None:
            return Locator("page", page=turn.page)
        case _:
            return Locator("message")


def _confidence(turn: StoredTurn, span: Span) -> float | None:
    """Of the sentences that the span touches the least sure; where they have none of their own, the turn's."""
    begins = [turn.span.start + mark.at for mark in turn.marks]
    ends = [*begins[1:], turn.span.end][: len(begins)]
    touched = [m.confidence for m, begin, end in zip(turn.marks, begins, ends, strict=True) if begin < span.end and span.start < end]
    known = [confidence for confidence in touched if confidence is not None]
    return min(known) if known else turn.confidence


def milliseconds(seconds: float | None) -> int | None:
    """None for a moment that no call can have, which an archive may hold from before such times were refused."""
    return round(seconds * 1000) if seconds is not None and 0 <= seconds <= LATEST_S else None


def _deep_link(tool: str, url: str, began_at: datetime | None, turn_id: str, locator: Locator) -> str:
    """The tool's own link to a moment, where its form is known; else the link it gave. Only web addresses are links."""
    if urlsplit(url).scheme not in ("http", "https"):
        return ""
    if tool == "slack" and _MESSAGE.fullmatch(turn_id):  # the thread's own link, with the message in place of its first one
        return re.sub(r"/p\d+", f"/p{turn_id.replace('.', '')}", url)
    if locator.start_ms is None:
        return url
    seconds = locator.start_ms // 1000
    match tool:
        case "gong":
            ends = -(-(locator.end_ms or locator.start_ms) // 1000)
            share = json.dumps([{"type": "SHARE", "from": seconds, "to": max(ends, seconds + 1)}], separators=(",", ":"))
            return f"{url}&highlights={quote(share)}"
        case "fireflies" | "tldv":
            return _with_query(url, t=str(seconds))
        case "fathom":
            return _with_query(url, timestamp=str(seconds))
        case "zoom" if began_at is not None:
            return _with_query(url, startTime=str(round(began_at.timestamp() * 1000) + locator.start_ms))
        case _:
            return url


def _with_query(url: str, **values: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(values)]))))
