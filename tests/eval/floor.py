"""A plain peer for the measures to judge: flat windows of words, BM25, five quotes an answer, never a decline, promises by stock words.

It works on the true histories, so it pays no reading errors. Its published numbers are `data/floor.json`; reproducing them shows
that the measures and the labels are the ones they were published for.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from eval.cases import Case
from eval.matching import words
from eval.outcome import Cited, Given, GivenBrief, GivenPerson, GivenPoint, GivenPromise, Outcome

WINDOW, TOP = 120, 5
PROMISE = re.compile(r"\b(we('|’)ll|we will|we can|commit|guarantee|promise)\b", re.IGNORECASE)
RISK = re.compile(r"\b(risk|worried|concern|afraid|blocker|delay|freeze|pushback)\w*", re.IGNORECASE)
GOAL = re.compile(r"\b(goal|target|objective|success|reduce|increase|under|below|kpi)\b", re.IGNORECASE)
STOP = frozenset(
    words(
        "a an the of to in on for and or is are was were be do does did we you they it i our their his her its this that what which who "
        "when where how why with from at by as have has had will would can could about any there"
    )
)


class Window(NamedTuple):
    account: str
    source: str
    speaker: str | None
    text: str


def floor_outcome(case: Case, history_file: Path) -> Outcome:
    story = json.loads(history_file.read_text("utf-8"))
    units = _units(story)
    merged = _merged(units, {call["id"] for call in story["calls"]})
    text = {question.id: question.text for question in case.questions}
    shelves = {account: _Bm25([w for w in merged if w.account == account]) for account in {w.account for w in merged}}
    return Outcome(
        {q.id: _answer(shelves[q.account], f"{text.get(q.follows or '', '')} {q.text}") for q in case.questions},
        GivenBrief(
            promises=tuple(GivenPromise(s, (s,), w.source, "firm", "silent", w.speaker or "") for w, s in _said(units, PROMISE)),
            risks=tuple(GivenPoint(s, (s,), w.source) for w, s in _said(units, RISK)),
            goals=tuple(GivenPoint(s, (s,), w.source) for w, s in _said(units, GOAL)),
            people=tuple(GivenPerson(p["name"], (p["title"],), "unknown") for p in story["people"] if p["side"] == "buyer"),
            words=sum(len(s.split()) for pattern in (PROMISE, RISK, GOAL) for _, s in _said(units, pattern)),
        ),
    )


class _Bm25:
    """Okapi BM25 (k1 1.5, b 0.75), a word in more than half of the windows counting a quarter of the average."""

    def __init__(self, windows: list[Window]) -> None:
        self.windows = windows
        self.counts = [Counter(words(window.text)) for window in windows]
        self.lengths = [sum(count.values()) for count in self.counts]
        self.average = sum(self.lengths) / len(windows)
        holding = Counter(word for count in self.counts for word in count)
        self.weight = {word: math.log(len(windows) - n + 0.5) - math.log(n + 0.5) for word, n in holding.items()}
        usual = 0.25 * sum(self.weight.values()) / len(self.weight)
        self.weight = {word: usual if weight < 0 else weight for word, weight in self.weight.items()}

    def scores(self, query: list[str]) -> list[float]:
        return [
            sum(
                self.weight.get(word, 0) * count[word] * 2.5 / (count[word] + 1.5 * (0.25 + 0.75 * length / self.average)) for word in query
            )
            for count, length in zip(self.counts, self.lengths, strict=True)
        ]


def _answer(shelf: _Bm25, query: str) -> Given:
    terms = [word for word in words(query) if word not in STOP] or list(words(query))
    scores = shelf.scores(terms)
    top = sorted(range(len(scores)), key=lambda index: -scores[index])[:TOP]
    candidates = [(s, -place) for place, index in enumerate(top) for s in _sentences(shelf.windows[index].text)]
    gains = {s: sum(shelf.weight.get(word, 0) for word in set(terms) & set(words(s))) for s, _ in candidates}
    best = sorted(candidates, key=lambda candidate: (-gains[candidate[0]], -candidate[1]))[:2]
    cited = tuple(Cited(shelf.windows[i].source, shelf.windows[i].text, shelf.windows[i].speaker) for i in top)
    return Given("answered", " ".join(s for s, _ in best), cited)


def _units(story: dict[str, Any]) -> list[Window]:
    name = {person["id"]: person["name"] for person in story["people"]}
    rows = [(c["account"], c["id"], name[turn["who"]], turn["text"]) for c in story["calls"] for turn in c["turns"]]
    rows += [(e["account"], e["id"], name[e["from"]], e["text"]) for e in story["emails"]]
    rows += [(n["account"], n["id"], name[n["author"]], n["text"]) for n in story["notes"]]
    rows += [(d["account"], d["id"], None, d["text"]) for d in story["docs"]]
    return [Window(account, source, who, part) for account, source, who, text in rows for part in _windows(text) if words(part)]


def _windows(text: str) -> list[str]:
    """Paragraphs packed to at most 120 words; a longer paragraph is cut by words."""
    done: list[str] = []
    pack: list[str] = []
    for paragraph in (p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()):
        size = paragraph.split()
        if pack and sum(len(p.split()) for p in pack) + len(size) > WINDOW:
            done.append("\n\n".join(pack))
            pack = []
        if len(size) > WINDOW:
            done += [" ".join(size[at : at + WINDOW]) for at in range(0, len(size), WINDOW)]
        else:
            pack.append(paragraph)
    return done + (["\n\n".join(pack)] if pack else [])


def _merged(units: list[Window], calls: set[str]) -> list[Window]:
    """Neighbouring turns of one call packed to 120 words; the speaker stays only where it is one person."""
    done: list[Window] = []
    for source, group in groupby(units, key=lambda unit: unit.source):
        start = len(done)
        for unit in group:
            last = done[-1] if len(done) > start and source in calls else None
            if last and len(f"{last.text} {unit.text}".split()) <= WINDOW:
                who = last.speaker if unit.speaker == last.speaker else None
                done[-1] = last._replace(text=f"{last.text}\n{unit.text}", speaker=who)
            else:
                done.append(unit)
    return done


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n+", text) if s.strip()]


def _said(units: list[Window], pattern: re.Pattern[str]) -> list[tuple[Window, str]]:
    return [(unit, s) for unit in units for s in _sentences(unit.text) if pattern.search(s)]
