"""Joins the small pieces a transcript comes in (cues, sentences) into turns, one person's words in one go, and says what it lacks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.records import LATEST_S, Failure, Interaction, Mark, Participant, Turn
from ingest.sources import names

LONGEST_PAUSE_S = 1.5
"""The same voice after a longer silence begins a new turn."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A cue or sentence; `speaker` is the name as the tool writes it, empty where it has none."""

    speaker: str
    text: str
    starts_s: float | None = None
    ends_s: float | None = None
    confidence: float | None = None
    """As `Turn.confidence`."""


def turns(utterances: Iterable[Utterance], people: Mapping[str, Participant], native: str) -> tuple[Turn, ...]:
    """Turns in order, each numbered below the call's id; words are joined by one space, every piece leaves a mark of its time."""
    runs: list[list[Utterance]] = []
    for utterance in utterances:
        if not utterance.text:
            continue
        if runs and _goes_on(runs[-1][-1], utterance):
            runs[-1].append(utterance)
        else:
            runs.append([utterance])
    return tuple(_turn(run, people.get(run[0].speaker), f"{native}:{index}") for index, run in enumerate(runs))


def whole_turns(utterances: Iterable[Utterance], people: Mapping[str, Participant], native: str) -> tuple[Turn, ...]:
    """A turn for each, for tools that give turns and not sentences: how long one lasts, and when its sentences begin, is not known."""
    return tuple(
        Turn(u.text, people.get(u.speaker), starts_s=u.starts_s, ends_s=u.ends_s, native_id=f"{native}:{index}", confidence=u.confidence)
        for index, u in enumerate(u for u in utterances if u.text)
    )


def voices(utterances: Iterable[Utterance], present: Sequence[Participant]) -> dict[str, Participant]:
    """Who bears the name each piece is labelled with: somebody present, else the bare name. "Speaker 1" and notetakers are nobody."""
    by_name = {names.spelled(person.name): person for person in reversed(present) if names.spelled(person.name)}
    heard = dict.fromkeys(u.speaker for u in utterances if u.speaker)
    return {name: by_name.get(names.spelled(name)) or Participant(names.bare(name)) for name in heard if names.is_person(name)}


def content_id(utterances: Iterable[Utterance]) -> str:
    """A transcript nobody has numbered is named after its words."""
    return hashlib.sha256("\n".join(u.text for u in utterances).encode("utf-8", "replace")).hexdigest()[:32]


def notices(call: Interaction, file: str, *, times_lost: bool, line: int | None = None) -> list[Failure]:
    """What is wrong with a transcript that was read all the same."""
    found: list[Failure] = []
    said = [turn for turn in call.turns if turn.role == "said"]
    nameless = sum(turn.speaker is None for turn in said)
    if times_lost:
        detail = f"{call.title!r} has times that are negative, unreadable or beyond {LATEST_S:,} seconds; its words are kept without them."
        found.append(Failure(file, "impossible_time", detail, line))
    if nameless and nameless == len(said):
        detail = f"The transcript {call.title!r} names no speakers; who said what is not known."
        found.append(Failure(file, "no_speakers", detail, line))
    elif nameless:
        detail = f"{nameless} of the {len(said)} turns of {call.title!r} name no speaker; who said them is not known."
        found.append(Failure(file, "some_speakers", detail, line))
    return found


def _goes_on(before: Utterance, now: Utterance) -> bool:
    if before.speaker != now.speaker:
        return False
    return before.ends_s is None or now.starts_s is None or now.starts_s - before.ends_s < LONGEST_PAUSE_S


def _turn(run: list[Utterance], speaker: Participant | None, native_id: str) -> Turn:
    marks, at = [], 0
    for utterance in run:
        if utterance.starts_s is not None:
            ends = utterance.starts_s if utterance.ends_s is None else utterance.ends_s
            marks.append(Mark(at, utterance.starts_s, ends, utterance.confidence))
        at += len(utterance.text) + 1
    return Turn(
        " ".join(utterance.text for utterance in run),
        speaker,
        starts_s=run[0].starts_s,
        ends_s=run[-1].ends_s,
        native_id=native_id,
        marks=tuple(marks),
        confidence=_mean(run),
    )


def _mean(run: Sequence[Utterance]) -> float | None:
    """Of the pieces whose confidence is known, by their length."""
    known = [(u.confidence, len(u.text)) for u in run if u.confidence is not None]
    return round(sum(sure * long for sure, long in known) / sum(long for _, long in known), 3) if known else None
