"""Citations, and the sources they open: speakers, segments, exact words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.shapes.accounts import AccountRef
from api.shapes.base import Given
from assistant.brief.states import Tier
from ingest.records import Kind, Role, Side


class SourceRef(Given):
    id: str
    external_id: str
    title: str
    occurred_at: str | None
    occurred_on: str | None = None
    """The day it was where it was said; `occurred_at` is UTC."""
    url: str | None


class SpeakerShape(Given):
    name: str
    email: str | None
    side: Side
    title: str | None = None


class LocatorShape(Given):
    type: Literal["time", "message", "field", "page"]
    start_ms: int | None
    end_ms: int | None
    page: int | None = None


class QuoteShape(Given):
    """`exact` is a verbatim slice of the source's stored text; `start` and `end` are code points in that text."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


class SettingShape(Given):
    """Words that a line which means little alone answers (another said them) or follows; null where a line stands for itself."""

    how: Literal["answers", "follows"]
    by: str
    text: str
    citation: str


class CitationShape(Given):
    id: str
    number: int
    kind: Kind
    source: SourceRef
    turn_id: str | None
    speaker: SpeakerShape | None
    locator: LocatorShape
    quote: QuoteShape
    match: Literal["exact"]
    text_sha256: str
    confidence: float | None = Field(None, description="How sure the recogniser was of these words, 0 to 1; null where none is given.")
    low_confidence: bool = Field(False, description="The words are as transcribed and may have been heard wrongly.")
    tier: Tier | None = Field(None, description="In a brief: on which tier of evidence it stands.")


class ParticipantShape(Given):
    name: str
    email: str | None
    side: Side
    title: str | None


class AlternateShape(Given):
    id: str
    tool: str
    external_id: str
    url: str | None


class SourceShape(SourceRef):
    """One interaction: who took part, when, and how much was said; its words are its segments."""

    account: AccountRef
    deal_id: str | None
    kind: Kind
    tool: str
    internal: bool
    version: int
    text_sha256: str
    participants: list[ParticipantShape]
    segments: int
    alternates: list[AlternateShape] = Field(description="The same call, mail or note as other tools tell it; each id opens its own words.")


class VoiceShape(Given):
    """`spans` are pairs of milliseconds from the start; `share` is of all that was spoken, 0 to 1."""

    name: str
    side: Side
    share: float
    spans: list[tuple[int, int]]


class TalkShape(Given):
    length_ms: int
    speakers: list[VoiceShape]


class OpenedSource(SourceShape):
    talk: TalkShape | None = Field(description="Who spoke when; null where nothing has a time.")


class SourcePage(Given):
    items: list[SourceShape]
    next_cursor: str | None
    total: int


class SegmentShape(Given):
    """A turn: `text` stands at `start` to `end` of the source's stored text. Only the role `said` is ever cited."""

    id: str
    position: int
    turn_id: str | None
    role: Role
    speaker: ParticipantShape | None
    start_ms: int | None
    end_ms: int | None
    page: int | None
    heading: str | None
    start: int
    end: int
    text: str
    confidence: float | None = Field(None, description="How sure the recogniser was of the turn, 0 to 1; null where the tool gives none.")
    low_confidence: bool = Field(False, description="The turn is as transcribed and may have been heard wrongly.")


class SegmentWindow(Given):
    source_id: str
    text_sha256: str
    current: bool = Field(description="False when these are the words of an earlier version that a citation was taken from.")
    before: int = Field(description="Segments above this window.")
    after: int = Field(description="Segments below this window.")
    items: list[SegmentShape]


class OpenedCitation(CitationShape):
    """A citation and where to open it; `current` is false when its source has been edited since."""

    account: AccountRef
    current: bool
