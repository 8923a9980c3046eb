"""What stands before a line that means little alone: `It's out, yes.` is read with what was asked, `So get me under eight.` with what for.

Both are exact slices of the source; a line that somebody reworded stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.brief.paper import shortened
from assistant.facts.speech import Place, whole_sentences
from assistant.facts.topics import content_words
from assistant.instructions import addressed
from ingest.archive.rows import StoredInteraction, StoredTurn
from ingest.records import Span

How = Literal["answers", "follows"]


@dataclass(frozen=True, slots=True)
class Setting:
    """`answers` what another said, or `follows` words of the same speaker; `by` is who said them, empty where nobody knows."""

    how: How
    by: str
    at: Place


TURNS = 3
"""Before its own that are looked at: between a question and its answer stands at times a word of another."""
MOST_WORDS = 30
STANDS_ALONE = 5
"""Content words from which on a sentence says what it is about, however it opens."""
SAYS_NOTHING = 2
"""Fewer, and it says nothing alone."""
FRAGMENT = 3
"""Words up to which it is none."""
_OPENS = r"^\W*(?:(?:and|so|but|then|well|oh|um|uh|okay|ok|right|great|good|sure|sorry)[,.]? )*"
_SOMEBODY = re.compile(_OPENS + r"(?:s?he|s?he['’](?:ll|d|s))\b", re.IGNORECASE)
"""However much it says of them, who that is stands before it."""
_LEANS = re.compile(
    _OPENS + r"(?:(?:yes|yeah|yep|yup|no|nope|exactly|correct|fine|agreed|deal|done|both|neither|same|it|that|this|those|these|they|he|she"
    r"|not (?:for|on|in|before|yet))\b|(?:half|one|two|most|all|none) of (?:it|them|those|these|that|the)\b|the (?:same|other)\b)",
    re.IGNORECASE,
)
_SPOKEN = ("call", "email", "chat", "crm_note", "meeting")


def leans(text: str) -> bool:
    """Whether a reader who was not there cannot know what it is about.

    >>> leans("It's out, yes."), leans("We take the automatic renewal out of the order form.")
    (True, False)
    >>> leans("She will be in the room in Gothenburg and send a short status every Friday until both depots are live.")
    True
    """
    says = len(content_words(text))
    fragment = says < SAYS_NOTHING or len(text.split()) <= FRAGMENT
    return fragment or (says < STANDS_ALONE and _LEANS.match(text) is not None) or _SOMEBODY.match(text) is not None


def setting_of(place: Place) -> Setting | None:
    """The words right before it that say what it is about; None where it stands alone, or nothing near before it says more."""
    interaction = place.interaction
    if interaction.source.kind not in _SPOKEN or not leans(place.text):
        return None
    own = next((turn for turn in interaction.turns if turn.span.start <= place.span.start < turn.span.end), None)
    if own is None or own.role != "said":
        return None
    before = interaction.turns[max(0, own.position - TURNS) : own.position]
    spoken = [turn for turn in reversed(before) if turn.role in ("said", "quoted")]
    stretches = [(own, Span(own.span.start, place.span.start)), *((turn, turn.span) for turn in spoken)]
    for least in (SAYS_NOTHING, 1):
        for turn, within in stretches:
            if (words := _last_words(interaction, within, least)) is not None:
                return Setting("follows" if _name(turn) == _name(own) else "answers", _name(turn), words)
    return None


def _name(turn: StoredTurn) -> str:
    return (turn.person.name if turn.person else "") or turn.speaker_name


def _last_words(interaction: StoredInteraction, within: Span, least: int) -> Place | None:
    """The last sentences of a stretch, as many as say what they are about in so many content words; None where they are too long."""
    text, best = interaction.text, None
    spans = [span for span in whole_sentences(text, within) if not addressed(text, span)]
    for span in reversed(spans):
        whole = Place(interaction, Span(span.start, spans[-1].end))
        if len(whole.text.split()) > MOST_WORDS and best is not None:
            break
        if len(content_words(whole.text)) >= least:
            best = whole
            if not leans(text[span.start : span.end]):
                break
    return best


SHOWN_WORDS = 16


def in_setting(line: Mapping[str, Any]) -> str:
    """` (to “And the automatic renewal, is it out?”)`, to be set behind the quote of a line; empty where it stands alone."""
    setting = line.get("setting")
    if not setting:
        return ""
    return f" ({'to' if setting['how'] == 'answers' else 'after'} “{_end_of(setting['text'])}”)"


def _end_of(text: str) -> str:
    """The last words, for those are what is answered."""
    words = text.split()
    return shortened(text, SHOWN_WORDS) if len(words) <= SHOWN_WORDS + 5 else "… " + " ".join(words[-SHOWN_WORDS:])


def marks(line: Mapping[str, Any]) -> tuple[str, ...]:
    """The citation of those words, as far as there are any."""
    return (line["setting"]["citation"],) if line.get("setting") else ()
