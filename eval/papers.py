"""How promises are held against the signed paper on made-up papers of many trades, of which some are left out of the fit.

The weights never saw the papers left out, but the bounds of `assistant.signed` were chosen with their totals in sight: they show what the
fit comes to elsewhere, and are no strict test. `python -m eval.papers` prints both parts, by the rules alone and with vectors;
`--failures` lists those of the papers worked on, never the others';
`--left-out` prints what weights fitted on the first half and on the labelled deals that may be fitted on come to on each of the deals when
it has no part in them, and what was said for what; `--fit` prints the same and writes the weights of all.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import laid_beside, signed
from assistant import signed_weights as weights
from assistant.facts.commitment import strength_of
from assistant.facts.contract import ContractStatus, verdict
from assistant.facts.dates import due
from assistant.facts.paper import Clause, clauses
from assistant.facts.promises import PromiseSaid, colleagues_of, kind_of_promise
from assistant.facts.reading import read_off
from assistant.facts.speech import Place
from assistant.ledger import read
from assistant.ledgers import of_deal, readings_of, signatures
from assistant.meaning import Meaning, meaning, meaning_of, setting
from assistant.one_matter import ABOUT
from eval.cases import Case
from eval.command import DATA
from eval.fresh import may_be_fitted_on
from eval.matching import overlap
from eval.report import table
from eval.sentences import PEOPLE
from eval.subject import Baton
from ingest.archive.rows import Embedding, Source, StoredInteraction, StoredPassage, StoredTurn
from ingest.archive.scope import EVERYTHING
from ingest.index.embedder import Embedder
from ingest.index.minilm import load_minilm
from ingest.passages import content_hash, searched_text
from ingest.records import TURN_BREAK, Kind, Span

FILE = Path(__file__).parent.parent / "data" / "sentences" / "papers.txt"
SAID_ON = date(2027, 1, 11)


@dataclass(frozen=True, slots=True)
class Said:
    """`clause` is the label's, None where the paper is silent."""

    status: ContractStatus
    promise: PromiseSaid
    clause: Clause | None


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    clauses: tuple[Clause, ...]
    said: tuple[Said, ...]

    @property
    def left_out(self) -> bool:
        return hashlib.sha256(self.name.encode()).digest()[-1] % 2 == 0


@cache
def papers(file: Path = FILE) -> tuple[Paper, ...]:
    found: list[tuple[str, list[str], list[str]]] = []
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("= "):
            found.append((line[2:].strip(), [], []))
        elif line.startswith(">"):
            found[-1][2].append(line[1:])
        elif line.strip() and not line.startswith("#"):
            found[-1][1].append(line)
    return tuple(_paper(*one) for one in found)


def _paper(name: str, lines: Sequence[str], said: Sequence[str]) -> Paper:
    terms = [(heading.lstrip("0123456789. "), words.strip()) for heading, _, words in (line.partition(":") for line in lines)]
    document = interaction(f"Order form, {name}", "doc", [("", heading, words) for heading, words in terms])
    found = clauses([document])
    return Paper(name, found, tuple(_said(line, found) for line in said))


def _said(line: str, paper: Sequence[Clause]) -> Said:
    status, words, clause = (part.strip() for part in line.split("|", 2))
    asked, _, answer = words.rpartition(" >> ")
    turns = [*([("B", "", asked)] if asked else []), ("S", "", answer), ("B", "", "Thanks, bye.")]
    told = interaction(words, "call", turns)
    place = Place(told, told.turns[-2].span)
    meant = next((one for one in paper if clause and clause.casefold() in one.text.casefold()), None)
    if clause and meant is None:
        raise ValueError(f"{clause!r} stands in no clause of its paper.")
    return Said(status, promise_at(place, asked), meant)  # type: ignore[arg-type]  # a status that is none fails in its test


def promise_at(place: Place, asked: str = "") -> PromiseSaid:
    """As it is read, but whole, and firm where nothing is read off it: what is judged here is what the paper says of it."""
    found = read_off(place.interaction, colleagues_of([place.interaction])).promises
    strength = found[0].strength if found else strength_of(place.text, asked=asked, answers_request=bool(asked)) or "firm"
    seller = next(turn.person for turn in place.interaction.turns if turn.span == place.span)
    assert seller is not None
    return PromiseSaid(
        text=place.text, kind=kind_of_promise(place.text, strength), strength=strength, conditions=found[0].conditions if found else "",
        made_by=seller, made_to=None, made_on=SAID_ON, due=due(place.text, SAID_ON), at=place, because=None, then=(),
        topic=" ".join(filter(None, (asked, place.text))),
    )  # fmt: skip


def interaction(title: str, kind: Kind, turns: Sequence[tuple[str, str, str]]) -> StoredInteraction:
    digest = hashlib.sha256(f"{title}{turns}".encode()).hexdigest()
    stored, start = [], 0
    for position, (who, heading, words) in enumerate(turns):
        span = Span(start, start + len(words))
        person = PEOPLE.get(who)
        stored.append(
            StoredTurn(position, span, "said", person.name if person else "", person, f"t{position}", None, None, None, heading, ())
        )
        start = span.end + len(TURN_BREAK)
    source = Source(
        id=f"src_{digest[:20]}", account_id="acc_1", deal_id=None, kind=kind, tool="file", external_id=digest[:8], title=title,
        occurred_at=datetime(SAID_ON.year, SAID_ON.month, SAID_ON.day, 12, tzinfo=UTC), url="", file="", internal=False,
        text_sha256=digest, version=1,
    )  # fmt: skip
    there = () if kind == "doc" else (PEOPLE["S"], PEOPLE["B"])
    return StoredInteraction(source, TURN_BREAK.join(words for _, _, words in turns), tuple(stored), there)


def meant(paper: Paper, embedder: Embedder) -> Meaning | None:
    return embedded(_places(paper), embedder)


def embedded(places: Sequence[Place], embedder: Embedder) -> Meaning | None:
    """With the vectors that a home would hold of them."""
    interactions = {place.interaction.source.id: place.interaction for place in places}
    passages, texts = [], {}
    for id, told in interactions.items():
        for turn in told.turns:
            words = told.text[turn.span.start : turn.span.end]
            searched = searched_text(turn.speaker_name, turn.heading, words)
            content = content_hash(searched)
            texts[content] = searched
            passages.append(StoredPassage(f"{id}{turn.position}", id, "acc_1", turn.position, turn.position, turn.span, words, content))
    embeddings: Mapping[str, Embedding] = dict(zip(texts, embedder.embed(list(texts.values())), strict=True))
    return meaning(passages, places, embeddings)


def _places(paper: Paper) -> list[Place]:
    return [*(one.at for one in paper.clauses), *(one.promise.at for one in paper.said)]


# --- judged


@dataclass(frozen=True, slots=True)
class Held:
    """A promise held against its paper: `of` says whose it is, `clauses` are those that the label's words stand in."""

    of: str
    said: PromiseSaid
    paper: tuple[Clause, ...]
    status: ContractStatus
    clauses: tuple[Clause, ...]
    meaning: Meaning

    @property
    def given(self) -> ContractStatus:
        return signed.on_paper(self.said, self.paper, self.meaning).status


def of_papers(found: Sequence[Paper]) -> list[Held]:
    embedder = load_minilm()
    held = []
    for paper in found:
        near = meant(paper, embedder)
        assert near is not None
        for one in paper.said:
            held.append(Held(paper.name, one.promise, paper.clauses, one.status, (one.clause,) if one.clause else (), near))
    return held


LIKE = 0.6
"""Overlap from which on a promise of the ledger is the labelled one; half of it shows a clause."""


def of_deals() -> list[Held]:
    """Of the deals that may be fitted on."""
    return [held for baton, cases in may_be_fitted_on() for case in cases for held in _of_case(case, baton)]


def _of_case(case: Case, baton: Baton) -> list[Held]:
    """Every statement of every labelled promise that the ledger holds."""
    archive = baton.kit.archive
    scope = EVERYTHING.only(baton.account_id(case.history.accounts[case.brief.account].name))
    deal = next(one for one in archive.deals(scope) if one.name == case.history.deals[case.brief.deal].name)
    interactions = of_deal(archive.interactions(scope), deal.id)
    ledger = read(
        interactions, archive.people(scope), closed=deal.won, readings=readings_of(archive, scope, interactions),
        signatures=signatures([deal]),
    )  # fmt: skip
    paper = clauses(ledger.contracts)
    rows: list[tuple[PromiseSaid, ContractStatus, tuple[Clause, ...]]] = []
    for label in case.brief.promises:
        status: ContractStatus = label.contract
        quote = label.contract_evidence.quote if label.contract_evidence and status != "silent" else ""
        meant_ = tuple(one for one in paper if quote and (overlap(one.text, quote) > LIKE / 2 or one.text in quote))
        for one in ledger.promises:
            if max(overlap(place.text, said.quote) for place in one.places for said in label.evidence) > LIKE:
                rows.append((one.said, status, meant_))
    near = meaning_of(
        archive, scope, [*(one.at for one in paper), *(place for said, _, _ in rows for place in (said.at, setting(said.at)))]
    )
    assert near is not None
    return [Held(case.name, said, paper, status, meant_, near) for said, status, meant_ in rows]


# --- fitted

SPREAD = 0.002
"""How dearly a large weight is paid for; 0.003 and 0.005 come to the same within a promise or two on deals that had no part in it."""
STEPS = 500
_FREE = frozenset(laid_beside.READINGS)
"""Where each reading starts from is not paid for."""


@dataclass(frozen=True, slots=True)
class Row:
    """`features` of every reading of every clause; `right` are the rows of the label, none where the paper is silent."""

    of: str
    features: NDArray[np.float64]
    right: tuple[int, ...]


def rows(held: Sequence[Held]) -> list[Row]:
    """Without those whose label no clause or no reading that is allowed could give, and those that were refused."""
    found = []
    for one in held:
        if one.said.strength == "declined":
            continue
        candidates = laid_beside.weighed(one.said, one.paper, one.meaning, verdict(one.said, one.paper))
        flat = [(candidate.clause, reading, features) for candidate in candidates for reading, features in candidate.readings.items()]
        right = tuple(i for i, (clause, reading, _) in enumerate(flat) if reading == one.status and clause in one.clauses)
        if flat and (right or one.status == "silent"):
            found.append(Row(one.of, np.array([features for _, _, features in flat]), right))
    return found


def fitted(given: Sequence[Row]) -> tuple[float, ...]:
    """The likeliest weights of a choice among readings and silence, each with the sign that makes sense: what speaks for a reading never
    counts against it, nor the other way round."""
    names = laid_beside.NAMES
    stacked = np.concatenate([np.vstack([row.features, np.zeros(len(names))]) for row in given])
    sizes = np.array([len(row.features) + 1 for row in given])
    begins = np.cumsum(sizes) - sizes
    wanted = np.zeros(len(stacked), bool)
    for row, begin in zip(given, begins, strict=True):
        wanted[[begin + i for i in row.right] if row.right else begin + len(row.features)] = True
    of = np.repeat(np.arange(len(given)), sizes)
    paid = np.array([name not in _FREE for name in names], float)
    against = np.array([name in laid_beside.AGAINST for name in names])
    above = ~against & np.array([name not in _FREE for name in names])
    weights = np.array([1.0 if name in ABOUT else -3.0 if name in _FREE else 0.0 for name in names])
    mean, square = np.zeros(len(names)), np.zeros(len(names))
    for step in range(1, STEPS + 1):  # Adam
        scores = stacked @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, begins)[of])
        chances = powers / np.add.reduceat(powers, begins)[of]
        share = np.where(wanted, chances, 0.0)
        share /= np.maximum(np.add.reduceat(share, begins)[of], 1e-12)
        slope = stacked.T @ (chances - share) / len(given) + SPREAD * paid * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        size = 0.02 if step > 0.7 * STEPS else 0.1
        weights = weights - size * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        weights[above] = np.maximum(0.0, weights[above])
        weights[against] = np.minimum(0.0, weights[against])
    return tuple(round(float(weight), 3) for weight in weights)


# --- printed


def counted(held: Sequence[Held], by_rules: bool = False) -> Counter[tuple[str, str]]:
    """By what the label says and what was said."""
    return Counter((one.status, verdict(one.said, one.paper).status if by_rules else one.given) for one in held)


def line(name: str, found: Counter[tuple[str, str]]) -> list[str]:
    right = sum(n for (wanted, given), n in found.items() if wanted == given)
    false = sum(n for (wanted, given), n in found.items() if given == "covered" != wanted)
    of = Counter({status: sum(n for (wanted, _), n in found.items() if wanted == status) for status in (*laid_beside.READINGS, "silent")})
    by_status = [f"{found[(status, status)]}/{of[status]}" for status in (*laid_beside.READINGS, "silent")]
    return [name, f"{right / max(1, found.total()):.3f} of {found.total()}", str(false), *by_status]


HEAD = ["", "right", "falsely covered", *laid_beside.READINGS, "silent"]


def _left_out(worked: Sequence[Row], deals: Sequence[Held], of_them: Sequence[Row]) -> None:
    ours = frozenset(path.stem for path in (DATA / "cases").glob("*.yaml"))
    lines, found = [HEAD], {True: Counter[tuple[str, str]](), False: Counter[tuple[str, str]]()}
    for name in sorted({one.of for one in deals}):
        weights.WEIGHTS = fitted([*worked, *(row for row in of_them if row.of != name)])
        of_one = counted([one for one in deals if one.of == name])
        lines.append(line(f"without {name}, on it", of_one))
        found[name in ours].update(of_one)
    print(table([*lines, line("the deals of data/", found[True]), line("the deals of other hands", found[False])]))
    statuses = (*laid_beside.READINGS, "silent")
    print("\nOf other hands, a line a label, a column what was said:")
    print(table([["", *statuses], *([wanted, *(str(found[False][wanted, given]) for given in statuses)] for wanted in statuses)]))


def _fit(write: bool) -> None:
    worked = rows(of_papers([paper for paper in papers() if not paper.left_out]))
    deals = of_deals()
    of_them = rows(deals)
    _left_out(worked, deals, of_them)
    weights.WEIGHTS = fitted([*worked, *of_them])
    if write:
        file = Path(weights.__file__)
        text = file.read_text("utf-8").partition("WEIGHTS")[0]
        body = "\n".join(f"    {weight},  # {name}" for name, weight in zip(laid_beside.NAMES, weights.WEIGHTS, strict=True))
        file.write_text(f"{text}WEIGHTS: tuple[float, ...] = (\n{body}\n)\n", "utf-8")


def main() -> None:
    if "--fit" in sys.argv or "--left-out" in sys.argv:
        _fit(write="--fit" in sys.argv)
    held = of_papers(papers())
    worked = {paper.name for paper in papers() if not paper.left_out}
    if "--failures" in sys.argv:
        for one in held:
            if one.of in worked and one.given != one.status:
                print(f"{one.status} read as {one.given}: {one.said.text}")
    lines = [HEAD]
    for name, half in (
        ("worked on", [one for one in held if one.of in worked]),
        ("left out", [one for one in held if one.of not in worked]),
    ):
        lines += [line(f"{name}, rules alone", counted(half, by_rules=True)), line(f"{name}, with vectors", counted(half))]
    print(table(lines))


if __name__ == "__main__":
    main()
