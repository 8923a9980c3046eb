"""How a matter is put in words: who, when, and as much of the quote as one reads in one go."""

from __future__ import annotations

from assistant.brief.gaps.talk import Talk
from assistant.brief.paper import day_words
from assistant.facts.speech import Statement
from ingest.archive.rows import StoredPerson

LONGEST = 32
"""Words of a quote shown in a question; the citation holds all of it."""


def name_of(person: StoredPerson) -> str:
    return person.name or person.email


def who(said: Statement) -> str:
    """The speaker, or for a paper its title."""
    return name_of(said.turn.person) if said.turn.person else said.interaction.source.title


def on_day(said: Statement) -> str:
    return f" on {day_words(said.said_on.isoformat())}" if said.said_on else ""


def told(talk: Talk, first: int, last: int | None = None) -> str:
    """The whole thought; of a long one its beginning and the sentence itself, and of a long sentence its beginning."""
    thought = talk.thought(first, last)
    words = thought.text.split()
    if len(words) <= LONGEST:
        return " ".join(words)
    own = talk.said[first].interaction.text[talk.said[first].span.start : talk.said[first if last is None else last].span.end].split()
    opening = next((talk.said[i].text.split() for i in range(first, -1, -1) if talk.said[i].span.start == thought.span.start), [])
    if len(own) > LONGEST or talk.said[first].span.start == thought.span.start:
        return " ".join(words[:LONGEST]) + " …"
    kept = [*opening[:8], "…", *own]
    return " ".join(kept if len(kept) <= LONGEST + 8 else own)
