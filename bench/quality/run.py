"""Asks every system every question of a slice, and judges what it found."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from bench.quality.answers import Answers, answers_of, quoting, source_names
from bench.quality.figures import Result, figures_of
from bench.quality.floor import floors
from bench.quality.llama import SIZES, Remembering, chunkers
from bench.quality.ours import NAME, Listening, questions_of, reading, units_of_deal, units_of_set, ways
from bench.quality.reading import System, judged
from eval.cases import Case
from eval.deal_slice import deal_slice, lost_evidence
from eval.outcome import Outcome
from eval.run import run_case
from eval.slices import Slice
from eval.subject import baton_on

PEERS = ("bm25", *map(str, SIZES), "words", "unruled")
"""BM25 over turns, LlamaIndex at each size of chunk, Baton without its embeddings, and Baton without its rules for names and dates."""
SURE = (NAME, "BM25 turns", "LlamaIndex 128/20 dense")
"""Whose best score is tried as a sign that there is no answer."""


@dataclass(frozen=True, slots=True)
class Setting:
    peers: Collection[str]
    model: Remembering | None
    """None where no chunks are asked for."""
    sample: int | None
    home: Path | None


def of_set(part: Slice, setting: Setting) -> Result:
    part = sampled(part, setting.sample)
    begun = perf_counter()
    with reading(part, setting.home) as baton:
        say(f"{part.name}: Baton has read it, {perf_counter() - begun:.1f} s")
        questions = questions_of(part, baton)
        sure: dict[str, float] = {}
        if any(not question.answerable for question in part.questions):
            with _timed(f"{part.name}: Baton answers"):
                sure = {id: baton.ask(question).confidence for id, question in questions.items()}
        ours = ways(
            baton, units_of_set(part, baton), questions, sure, words_only="words" in setting.peers, unruled="unruled" in setting.peers
        )
        return _result(part, [*ours, *_peers(part, setting)])


def of_deals(cases: Sequence[Case], samples: Path, setting: Setting) -> tuple[list[Result], list[Answers]]:
    """Also how each system would answer, over all the deals."""
    asked_of = [replace(case, questions=case.questions[: setting.sample]) for case in cases]
    results: list[Result] = []
    outcomes: dict[str, list[Outcome]] = {}
    with baton_on(samples, setting.home and setting.home / "deals", lambda *_: None) as (read, _):
        for case in asked_of:
            baton = Listening(read.kit)
            with _timed(f"{case.name}: Baton answers"):
                answered = run_case(case, baton, lambda *_: None).outcome
            part = deal_slice(case, baton.kit.archive)
            for lost in lost_evidence(case, part):
                print(f"{case.name}: no turn holds this evidence, so nothing can find it: {lost}", file=sys.stderr)
            asked = dict(zip((label.id for label in case.questions), baton.heard, strict=True))
            sure = {id: given.confidence for id, given in answered.answers.items() if given.confidence is not None}
            ours = ways(
                baton, units_of_deal(part, baton), asked, sure, words_only="words" in setting.peers, unruled="unruled" in setting.peers
            )
            peers = _peers(part, setting)
            results.append(_result(part, [*ours, *peers]))
            outcomes.setdefault(NAME, []).append(answered)
            names = source_names(case, part, baton)
            for peer in peers:
                outcomes.setdefault(peer.name, []).append(quoting(peer, part, names))
    # A peer that not every deal has (the thread's row, without follow-ups) would be compared on fewer questions.
    return results, [answers_of(name, asked_of, found) for name, found in outcomes.items() if len(found) == len(cases)]


def sampled(part: Slice, count: int | None) -> Slice:
    """The first questions that are counted."""
    if count is None:
        return part
    return replace(part, questions=tuple([question for question in part.questions if question.counted][:count]))


def _peers(part: Slice, setting: Setting) -> list[System]:
    systems = floors(part) if "bm25" in setting.peers else []
    for size in SIZES:
        if str(size) in setting.peers and setting.model is not None:
            with _timed(f"{part.name}: LlamaIndex indexes at {size}"):
                systems += chunkers(part, size, setting.model)
    return systems


def _result(part: Slice, systems: Sequence[System]) -> Result:
    counted = [question for question in part.questions if question.counted]
    figures: dict[str, dict[str, dict[str, float]]] = {system.name: {} for system in systems}
    tops: dict[str, dict[str, float]] = {}
    seconds: dict[str, float] = {}
    for system in systems:
        begun = perf_counter()
        for question in counted:
            found = system.find(question)
            if question.answerable:
                pieces = judged(found.units, question, part.level)
                figures[system.name][question.id] = dict(figures_of(pieces, question.wanted, part.level))
            if system.name in SURE and found.top is not None:
                tops.setdefault(system.name, {})[question.id] = found.top
        seconds[system.name] = perf_counter() - begun
        say(f"{part.name}: {system.name}, {len(counted)} questions in {seconds[system.name]:.1f} s")
    return Result(part.name, part.about, part.level, tuple(counted), figures, tops, seconds)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begun = perf_counter()
    yield
    say(f"{what}, {perf_counter() - begun:.1f} s")
