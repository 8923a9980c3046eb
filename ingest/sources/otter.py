"""Reads Otter's exports: TXT, where some voices are unknown, and SRT; the same conversation in both is one call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ingest.records import Call, Failure, Reading
from ingest.sources import file_names, renderings, spoken, transcripts, written
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, decode

_FOOTER = re.compile(r"\s*Transcribed by https?://otter\.ai\S*\s*$")


def parse(inputs: Sequence[Input]) -> Reading:
    calls: list[Call] = []
    failures: list[Failure] = []
    lost: dict[str, bool] = {}
    for item in inputs:
        content = decode(item.data)
        timed = transcripts.is_timed(content)
        if timed:
            utterances = transcripts.heard(content)
        else:
            form = written.form_of(content) or written.ABOVE
            utterances = list(written.read(_FOOTER.sub("", content), form).utterances)
        if not any(u.text for u in utterances):
            failures.append(Failure(item.name, "no_text", "The transcript holds no words; export it from Otter again."))
            continue
        call = transcripts.call_of("otter", item.name, utterances, whole=not timed)
        title = file_names.title(item.name).replace("_", " ").strip()
        calls.append(replace(call, title=title))
        lost[item.name] = timed and any(u.starts_s is None or u.ends_s is None for u in utterances)
    found = renderings.merged(calls)
    notices = [n for each in found for n in (*spoken.notices(each.call, each.call.file, times_lost=lost[each.call.file]), *each.notices())]
    return Reading(interactions=tuple(each.call for each in found), failures=tuple(failures), notices=tuple(notices))


def _recognise(look: Look) -> Part | None:
    """By its footer; an SRT says nothing of its tool, so there its name counts."""
    if not look.content or look.page is not None or look.not_json:
        return None
    if transcripts.is_timed(look.content):
        return "main" if re.search(r"otter[._]ai", PurePosixPath(look.name).name, re.I) and not look.content.startswith("WEBVTT") else None
    return "main" if _FOOTER.search(look.content[-300:]) else None


FORMAT = Format("otter", _recognise, parse, together="folder")
