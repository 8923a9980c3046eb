"""The run over somebody's own export: read it into a home that is thrown away, compose and ask, and check all that is shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from assistant.answers import Question
from assistant.asking import ask
from assistant.brief.body import brief_json
from assistant.brief.compose import compose
from assistant.brief.lines import lines
from assistant.render import answer_json
from assistant.settings import ModelSettings
from assistant.wiring import Kit, language_model, open_kit
from eval.drafts import Draft, drafts_of
from eval.own_data.in_files import Files
from eval.own_data.leaving import Leaving, allowed_by, watched
from eval.own_data.shown import Evidence, Shown
from eval.own_data.standing_questions import STANDING, invented_for
from ingest.archive.rows import StoredAccount, StoredDeal, StoredInteraction
from ingest.archive.scope import EVERYTHING
from ingest.opened import Home
from ingest.sync import sync
from ingest.tally import Tally
from ingest.wiring import open_home

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`sample`: about so many deals, spread evenly; 0 for all. `account` and `our_domains` as for `baton ingest`."""

    data: Path
    sample: int = 0
    home: Path | None = None
    account: str | None = None
    our_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    invented: bool
    """Nobody can have said it: any answer is wrong."""
    status: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Contradiction:
    kind: str
    one: str
    other: str
    one_from: str
    other_from: str


@dataclass(frozen=True, slots=True)
class DealSeen:
    """What one deal came to."""

    account: str
    deal: str
    brief_s: float
    words: int
    lines: Mapping[str, int]
    """By section of the brief."""
    contract: Mapping[str, int]
    """Promises by what the contract says about them."""
    gaps: int
    read: Mapping[str, int]
    """Interactions of the account by kind."""
    cited: Mapping[str, int]
    """Those of them that the brief or an answer quotes."""
    silent_months: tuple[str, ...]
    unheard: int
    """Calls without a transcript."""
    asked: tuple[Asked, ...]
    shown: tuple[Shown, ...]
    contradictions: tuple[Contradiction, ...]
    drafts: tuple[Draft, ...]
    error: str = ""
    """Why there is no brief."""


@dataclass(frozen=True, slots=True)
class Measured:
    given: str
    """The name of what was read."""
    tally: Tally
    accounts: int
    deals_in_all: int
    deals: tuple[DealSeen, ...]
    leaving: Leaving
    notes: tuple[str, ...]
    seconds: float
    model: str = ""

    @property
    def shown(self) -> list[Shown]:
        return [claim for deal in self.deals for claim in deal.shown]

    @property
    def quotes(self) -> list[Evidence]:
        return [quote for claim in self.shown for quote in claim.evidence]

    @property
    def asked(self) -> list[Asked]:
        return [asked for deal in self.deals for asked in deal.asked]


def measure(wanted: Wanted, model: ModelSettings | None, progress: Progress) -> Measured:
    """Raises what `sync` raises for a folder that is not there, or has no files."""
    begun = perf_counter()
    with _home(wanted.home) as home:
        leaving = Leaving(allowed_by(home.settings, model))
        with watched(leaving):
            tally = sync(home, [wanted.data], account=wanted.account, our_domains=wanted.our_domains, progress=progress)
            kit = open_kit(home, extractive=True)
            if model:
                kit.model = language_model(model)
            every = _deals(kit)
            few = min(wanted.sample or len(every), len(every))
            chosen = [every[number * len(every) // few] for number in range(few)]
            files = Files(wanted.data)
            seen = []
            for number, (account, deal) in enumerate(chosen):
                progress("deals", number, len(chosen))
                seen.append(_of_deal(kit, account, deal, files))
            progress("deals", len(chosen), len(chosen))
        return Measured(
            wanted.data.resolve().name, tally, len({account.id for account, _ in every}), len(every), tuple(seen), leaving,
            home.degraded, perf_counter() - begun, model.name if model else "",
        )  # fmt: skip


@contextmanager
def _home(kept: Path | None) -> Iterator[Home]:
    with TemporaryDirectory(prefix="baton-own-data-") as passing, open_home(kept or Path(passing), write=True) as home:
        yield home


def _deals(kit: Kit) -> list[tuple[StoredAccount, StoredDeal | None]]:
    """Every deal, and accounts that have none as they are; accounts of which nothing was read are left out."""
    found: list[tuple[StoredAccount, StoredDeal | None]] = []
    for account in kit.archive.accounts(EVERYTHING):
        if kit.archive.sources(EVERYTHING.only(account.id)):
            found += [(account, deal) for deal in kit.archive.deals(EVERYTHING.only(account.id))] or [(account, None)]
    return found


@dataclass
class _Checker:
    """Holds every quote against the text that was read, and against the file it came from."""

    interactions: Mapping[str, StoredInteraction]
    files: Files
    cited: set[str] = field(default_factory=set)

    def evidence(self, citation: Mapping[str, Any]) -> Evidence:
        quote, speaker = citation["quote"], citation["speaker"] or {}
        held = self.interactions.get(citation["source"]["id"])
        if held:
            self.cited.add(held.source.id)
        exact = (
            held is not None
            and held.text[quote["start"] : quote["end"]] == quote["exact"]
            and hashlib.sha256(held.text.encode("utf-8", "surrogatepass")).hexdigest() == citation["text_sha256"]
        )
        file = held.source.file if held else ""
        # What a CRM's field says is told with its name before it, which is no text of the file.
        looked_up = None if citation["kind"] == "crm_field" or not file else self.files.holds(file, quote["exact"])
        return Evidence(
            quote["exact"], quote["prefix"], quote["suffix"], citation["source"]["title"], file, citation["kind"],
            speaker.get("name", ""), speaker.get("side", ""), citation["source"]["occurred_on"] or "", citation["low_confidence"],
            citation["internal"], exact, looked_up,
        )  # fmt: skip


def _of_deal(kit: Kit, account: StoredAccount, deal: StoredDeal | None, files: Files) -> DealSeen:
    scope = EVERYTHING.only(account.id)
    interactions = {one.source.id: one for one in kit.archive.interactions(scope)}
    checker = _Checker(interactions, files)
    body, brief_s, error = _brief(kit, account, deal)
    shown = list(_of_brief(body, account.name, checker)) if body else []
    asked = []
    for question, invented in [*((q, False) for q in STANDING), *((q, True) for q in invented_for(i.text for i in interactions.values()))]:
        answered, claims = _ask(kit, account, deal, question, invented, checker)
        asked.append(answered)
        shown += claims
    return DealSeen(
        account=account.name,
        deal=deal.name if deal else "",
        brief_s=brief_s,
        words=body.get("words", 0),
        lines=Counter(line.section for line in lines(body)) if body else {},
        contract=Counter(promise["contract"] for promise in body.get("promises", [])),
        gaps=len(body.get("gaps", [])),
        read=Counter(one.source.kind for one in interactions.values()),
        cited=Counter(interactions[id].source.kind for id in checker.cited),
        silent_months=tuple(body.get("coverage", {}).get("silent_months", ())),
        unheard=len(body.get("coverage", {}).get("calls_without_transcript", ())),
        asked=tuple(asked),
        shown=tuple(shown),
        contradictions=tuple(_contradictions(body)),
        drafts=drafts_of(body) if body else (),
        error=error,
    )


def _brief(kit: Kit, account: StoredAccount, deal: StoredDeal | None) -> tuple[dict[str, Any], float, str]:
    begun = perf_counter()
    try:
        body = brief_json(compose(kit, account.id, deal.id if deal else None))
    except Exception as error:  # one deal that fails is a result, and the others are still worth seeing
        return {}, perf_counter() - begun, f"{type(error).__name__}: {error}"
    return body, perf_counter() - begun, ""


def _ask(
    kit: Kit, account: StoredAccount, deal: StoredDeal | None, question: str, invented: bool, checker: _Checker
) -> tuple[Asked, list[Shown]]:
    begun = perf_counter()
    try:
        answer = answer_json(ask(kit, Question(question, account.id, deal.id if deal else None)))
    except Exception as error:
        return Asked(question, invented, f"failed: {type(error).__name__}", perf_counter() - begun), []
    seconds = perf_counter() - begun
    cited = {citation["id"]: citation for citation in answer["citations"]}
    claims = [claim for block in answer["blocks"] for claim in block["claims"]]
    shown = [
        Shown(f"answer to “{question}”", account.name, claim["text"], claim["support"],
              tuple(checker.evidence(cited[id]) for id in claim["citations"] if id in cited), made_up=invented)
        for claim in claims
    ]  # fmt: skip
    return Asked(question, invented, answer["status"], seconds), shown


def _of_brief(body: Mapping[str, Any], account: str, checker: _Checker) -> Iterator[Shown]:
    """Its lines, each with all it stands on; then every quote that stands under none of them: of changes, gaps and contradictions."""
    cited = {citation["id"]: citation for citation in body["citations"]}
    told: set[str] = set()
    for line in lines(body):
        told.update(line.citations)
        evidence = tuple(checker.evidence(cited[id]) for id in line.citations if id in cited)
        if evidence or line.section != "people":
            yield Shown(f"brief: {line.section}", account, line.text, 1.0, evidence, own_words=line.section != "people")
    for id, citation in cited.items():
        if id not in told:
            evidence = (checker.evidence(citation),)
            yield Shown("brief: shown beside a change, a gap or a contradiction", account, citation["quote"]["exact"], 1.0, evidence)


def _contradictions(body: Mapping[str, Any]) -> Iterator[Contradiction]:
    cited = {citation["id"]: citation for citation in body.get("citations", ())}

    def origin(claim: Mapping[str, Any]) -> str:
        first = cited.get(claim["citations"][0]) if claim["citations"] else None
        if first is None:
            return ""
        who = (first["speaker"] or {}).get("name", "")
        return ", ".join(part for part in (who, first["source"]["title"], first["source"]["occurred_on"]) if part)

    for conflict in body.get("conflicts", ()):
        one, other = conflict["one"], conflict["other"]
        yield Contradiction(conflict["kind"], one["text"], other["text"], origin(one), origin(other))
