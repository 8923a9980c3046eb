"""Reads transcripts that name no tool: WebVTT, SRT, and text with `Name: words` or a line for each speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.records import Call, Failure, Reading
from ingest.sources import file_names, labels, spoken, written
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, decode
from ingest.sources.vtt import cues

_SRT = re.compile(r"\d{1,7}[^\S\n]*\n[^\S\n]*\d{1,3}:\d{1,2}:\d{1,2}[,.]\d{1,3}[^\S\n]*-->")
_TEXT_ENDINGS = (".txt", ".md", ".markdown", ".text", ".log")


def parse(inputs: Sequence[Input]) -> Reading:
    calls: list[Call] = []
    failures: list[Failure] = []
    notices: list[Failure] = []
    for item in inputs:
        content = decode(item.data)
        timed = is_timed(content)
        utterances = heard(content) if timed else _written(content)
        if not any(u.text for u in utterances):
            failures.append(Failure(item.name, "no_text", "The transcript holds no words; download it again once it is finished."))
            continue
        call = call_of("transcript", item.name, utterances, whole=not timed)
        calls.append(call)
        lost = timed and any(u.starts_s is None or u.ends_s is None for u in utterances)
        notices += spoken.notices(call, item.name, times_lost=lost)
    return Reading(interactions=tuple(calls), failures=tuple(failures), notices=tuple(notices))


def _written(content: str) -> Sequence[spoken.Utterance]:
    form = written.form_of(content)
    return written.read(content, form).utterances if form else ()


def is_timed(content: str) -> bool:
    """Whether it is WebVTT or SRT."""
    start = content[:2000].lstrip("\ufeff \t\r\n").replace("\r\n", "\n")
    return start.startswith("WEBVTT") or _SRT.match(start) is not None


def heard(content: str) -> list[spoken.Utterance]:
    """The cues of WebVTT or SRT with their speakers."""
    return labels.labelled([spoken.Utterance(cue.voice, cue.text, cue.starts_s, cue.ends_s, cue.confidence) for cue in cues(content)])


def call_of(source: str, file: str, utterances: Sequence[spoken.Utterance], *, whole: bool = False) -> Call:
    """A call of which nothing is known but its words and its file's name."""
    native = spoken.content_id(utterances)
    voices = spoken.voices(utterances, ())
    turns = spoken.whole_turns if whole else spoken.turns
    sure = [u.confidence for u in utterances if u.confidence is not None]
    return Call(
        source=source,
        external_id=native,
        title=file_names.title(file),
        occurred_at=file_names.dated(file),
        turns=turns(utterances, voices, native),
        participants=tuple(dict.fromkeys(voices.values())),
        meta={"confidence": round(sum(sure) / len(sure), 3)} if sure else {},
        file=file,
        duration_s=next((u.ends_s for u in reversed(utterances) if u.ends_s is not None), None),
    )


def _recognise(look: Look) -> Part | None:
    if look.page is not None or look.not_json or not look.content:
        return None
    if is_timed(look.content):
        return "main"
    return "main" if look.name.lower().endswith(_TEXT_ENDINGS) and written.form_of(look.content) else None


FORMAT = Format("transcript", _recognise, parse)
