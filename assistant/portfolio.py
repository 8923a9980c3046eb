"""Promises of many accounts at once, as exact sets: which were made, which of them the contract holds, what became of each.

`refresh` reads what a sync brought and keeps the promises of each account as rows; `find` answers from them, and puts an account
together on the spot whose rows are not of today, so that the counts are complete and true either way. `set_status` and
`undo_status` are a person's word on what became of a promise.

    refresh(kit.archive)
    find(kit, scope, Wanted(about="SSO", contract="silent")).items
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol, get_args

from assistant.citations import cite
from assistant.facts.commitment import Strength
from assistant.facts.contract import ContractStatus
from assistant.facts.reading import reader_version
from assistant.facts.topics import content_words, speaks_of
from assistant.ledger import Ledger
from assistant.ledgers import Ledgers, keep_readings, model_mark
from assistant.models.weights import ON_RECORD
from assistant.promise import Promise, Status
from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.rows import PromiseMark, StoredPerson
from ingest.archive.scope import EVERYTHING, Scope

STATUSES: tuple[Status, ...] = get_args(Status)
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
CONTRACT_STATUSES: tuple[ContractStatus, ...] = get_args(ContractStatus)


class HasLedgers(Protocol):
    @property
    def archive(self) -> Archive: ...
    @property
    def facts_by(self) -> str: ...
    def ledger(self, scope: Scope, deal_id: str | None = None) -> Ledger: ...


class WrongWord(ValueError):
    """A word that is none of those there are; the message names them."""

    def __init__(self, what: str, word: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no {what} {word!r}; use one of {', '.join(known)}.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Every field narrows; an empty one does not. With `current` what was replaced or taken back is left out. Raises WrongWord."""

    about: str = ""
    contract: str = ""
    strength: str = ""
    status: str = ""
    current: bool | None = None

    def __post_init__(self) -> None:
        for what, word, known in (
            ("contract status", self.contract, CONTRACT_STATUSES),
            ("strength", self.strength, STRENGTHS),
            ("status", self.status, STATUSES),
        ):
            if word and word not in known:
                raise WrongWord(what, word, known)


# --- in step with the archive


def behind(archive: Archive, by: str = "") -> list[str]:
    """Ids of accounts whose facts are not of today: something came in since they were read, or Baton reads otherwise since an upgrade."""
    stamps = archive.ledger_stamps(EVERYTHING)
    return [a.id for a in archive.accounts(EVERYTHING) if stamps.get(a.id) != _stamp(archive, EVERYTHING.only(a.id), by)]


def refresh(
    archive: Archive,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    by: str = "",
    only: frozenset[str] | None = None,
) -> int:
    """Reads the facts of what changed and keeps the promises of every account, or of `only` those; gives how many interactions were read.

    `by` is the model whose facts count beside the grammar's (`assistant.fact_runs`).

    To be called after each sync, by who called that; what is missed is made good by the next one.
    """
    accounts = [id for id in behind(archive, by) if only is None or id in only]
    ledgers, count = Ledgers(), 0
    for done, account_id in enumerate(accounts, 1):
        scope = EVERYTHING.only(account_id)
        count += keep_readings(archive, account_id, scope)
        archive.save_promises(account_id, _stamp(archive, scope, by), rows_of(ledgers.of(archive, scope, by=by)))
        progress("facts", done, len(accounts))
    return count


def _stamp(archive: Archive, scope: Scope, by: str) -> str:
    return f"{archive.revision(scope)} {_ledger_version()} {model_mark(archive, scope, by)}".rstrip()


_LEDGER = (
    *("aftermath.py", "conflicts.py", "leaning.py", "ledger.py", "ledgers.py", "meaning.py", "portfolio.py", "signed.py"),
    *("signed_weights.py", "succession.py"),
)


@cache
def _ledger_version() -> str:
    """Of the code that puts facts in order, and of the reader."""
    here = Path(__file__).parent
    own = b"".join((here / name).read_bytes() for name in _LEDGER)
    return hashlib.sha256(own + reader_version().encode()).hexdigest()[:16]


def rows_of(ledger: Ledger) -> list[dict[str, Any]]:
    """The promises of an account as kept: the Promise of the public interface with where it belongs and what it is found by."""
    rows = {one.id: promise_row(one) for one in ledger.promises}
    return list(rows.values())


def what_of(one: Promise) -> str:
    """The words that say what it is about: its own, or those it answers where it says little itself."""
    return one.said.topic if len(content_words(one.text)) < SAYS_WHAT else one.text


def promise_row(one: Promise) -> dict[str, Any]:
    clause = one.verdict.clause
    told = one.said.made_to
    return {
        "id": one.id,
        "account_id": one.said.at.interaction.source.account_id,
        "deal_id": one.deal_id,
        "interaction_id": one.said.at.interaction.source.id,
        "text": one.text,
        "kind": one.kind,
        "strength": one.strength,
        "conditions": one.said.conditions,
        "made_by": _party(one.made_by),
        "made_to": _party(told) if told else None,
        "made_on": _iso(one.made_on),
        "due": {"as_said": one.due.as_said, "date": _iso(one.due.on)} if one.due else None,
        "supersedes": one.supersedes,
        "current": one.current,
        "contract": one.verdict.status,
        "contract_text": clause.text if clause else None,
        "contract_citation": cite(*clause.at).id if clause else None,
        "citations": list(dict.fromkeys(cite(*place).id for place in one.cited)),
        "support": ON_RECORD["promise"],
        "state": "evidenced",
        "status": one.became.status,
        "status_on": _iso(one.became.on),
        "status_because": one.became.because or None,
        "status_by": one.became.by or None,
        "status_citations": [cite(*place).id for place in one.became.places],
        "reliance": {"level": one.leaning.level, "citation": cite(*one.leaning.at).id} if one.leaning else None,
        "because_citation": cite(*one.because).id if one.because else None,
        "about": what_of(one),
    }


SAYS_WHAT = 3
"""Content words from which on a sentence says itself what it is about; `Yes, we will do that.` is found by what it answers."""


def _party(person: StoredPerson) -> dict[str, str]:
    return {"name": person.name or person.email, "side": person.side}


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


# --- questions across accounts


def find(kit: HasLedgers, scope: Scope, wanted: Wanted) -> list[dict[str, Any]]:
    """Every promise in scope that fits, account by account in their order, those of an account in the order made."""
    return [_shown(row) for row in _rows(kit, scope) if _fits(row, wanted)]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("about", "interaction_id")}


def _rows(kit: HasLedgers, scope: Scope) -> list[dict[str, Any]]:
    archive = kit.archive
    accounts = archive.accounts(scope)
    whole = scope.internal and scope.as_of is None
    stamps = archive.ledger_stamps(scope) if whole else {}
    fresh = frozenset(a.id for a in accounts if stamps.get(a.id) == _stamp(archive, scope.only(a.id), kit.facts_by))
    kept: dict[str, list[dict[str, Any]]] = {id: [] for id in fresh}
    if fresh:
        marks = _standing(archive.promise_marks(scope))
        for row in archive.promises(Scope(fresh)):
            kept[row["account_id"]].append(_marked(row, marks))
    found: list[dict[str, Any]] = []
    for account in accounts:
        rows = kept[account.id] if account.id in fresh else rows_of(kit.ledger(scope.only(account.id)))
        found += [row | {"account": {"id": account.id, "slug": account.slug, "name": account.name}} for row in rows]
    return found


def _standing(marks: Sequence[PromiseMark]) -> dict[str, PromiseMark]:
    return {mark.promise_id: mark for mark in marks if mark.undone_at is None}


def _marked(row: dict[str, Any], marks: Mapping[str, PromiseMark]) -> dict[str, Any]:
    mark = marks.get(row["id"])
    if mark is None:
        return row
    said = {"status": mark.status, "status_on": mark.at.date().isoformat(), "status_because": mark.because, "status_by": mark.by}
    return row | said | {"status_citations": []}


def _fits(row: Mapping[str, Any], wanted: Wanted) -> bool:
    narrowed = ("contract", wanted.contract), ("strength", wanted.strength), ("status", wanted.status)
    if any(value and row[name] != value for name, value in narrowed):
        return False
    if wanted.current is not None and row["current"] is not wanted.current:
        return False
    return not wanted.about or speaks_of(f"{row['about']} {row['conditions']}", wanted.about)


def watch(kit: HasLedgers, scope: Scope) -> list[dict[str, Any]]:
    """After the signature: where a customer says what they were told, newest first, with the promises it fits in their own words."""
    found: list[dict[str, Any]] = []
    for account in kit.archive.accounts(scope):
        ledger = kit.ledger(scope.only(account.id))
        whose = {"id": account.id, "slug": account.slug, "name": account.name}
        rows = {row["id"]: _shown(row) | {"account": whose} for row in rows_of(ledger)}
        for recalled in ledger.recalled:
            word = recalled.word
            found.append(
                {
                    "account": whose,
                    "text": word.text,
                    "said_by": _party(word.by),
                    "said_on": _iso(word.said_on),
                    "citation": cite(*word.at).id,
                    "promises": [rows[id] for id in recalled.promises],
                }
            )
    return sorted(found, key=lambda one: one["said_on"] or "", reverse=True)


# --- a person's word


def set_status(
    kit: HasLedgers, scope: Scope, promise_id: str, status: str, because: str, by: str, at: datetime | None = None
) -> dict[str, Any]:
    """The promise as it stands then; raises NotThere for one out of sight, and WrongWord."""
    if status not in STATUSES:
        raise WrongWord("status", status, STATUSES)
    row = promise_of(kit, scope, promise_id)
    kit.archive.mark_promise(row["account_id"], promise_id, status, " ".join(because.split()), by, at or datetime.now(UTC))
    return promise_of(kit, scope, promise_id)


def undo_status(kit: HasLedgers, scope: Scope, promise_id: str, at: datetime | None = None) -> dict[str, Any]:
    """Takes the latest word on it back; raises NotThere where nobody has said anything."""
    promise_of(kit, scope, promise_id)
    kit.archive.undo_mark(scope, promise_id, at or datetime.now(UTC))
    return promise_of(kit, scope, promise_id)


def promise_of(kit: HasLedgers, scope: Scope, promise_id: str) -> dict[str, Any]:
    """Raises NotThere."""
    for row in _rows(kit, scope):
        if row["id"] == promise_id:
            return _shown(row)
    raise NotThere("promise", promise_id)


def history_of(archive: Archive, scope: Scope, promise_id: str) -> list[dict[str, Any]]:
    """What people said became of it, first one first, undone ones too."""
    return [
        {
            "status": mark.status,
            "because": mark.because,
            "by": mark.by,
            "at": mark.at.isoformat().replace("+00:00", "Z"),
            "undone_at": mark.undone_at.isoformat().replace("+00:00", "Z") if mark.undone_at else None,
        }
        for mark in archive.promise_marks(scope, promise_id)
    ]
