"""A set of labelled questions that grows out of use: drafts from briefs and from what readers said, and what a person made of them.

The set is a folder of its own, outside the home: `drafts.jsonl`, and for each account `cases/` and `samples/` in the form that
`baton eval FOLDER` reads. A draft counts for nothing until a person confirms it, and every quote of a label is words of the account.

The history that answers are judged by is taken from what Baton read, not from a second hand: a misreading of an export is in both, and
no measure of such a set sees it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from assistant.room import SPOKEN
from eval.cases import BadCases, QuestionType, load_case
from eval.drafts import Draft, DraftEvidence, draft, evidence_of
from ingest.archive.rows import Opinion, StoredAccount, StoredDeal, StoredInteraction, StoredTurn

Status = Literal["draft", "labelled", "dropped"]
DRAFTS = "drafts.jsonl"
UNDATED = "1970-01-01"
FROM_FEEDBACK = "from_feedback"


@dataclass(frozen=True, slots=True)
class Label:
    """A draft and what became of it; `by` says whose word it is."""

    draft: Draft
    status: Status = "draft"
    by: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says about a draft; what is None stays as drafted."""

    text: str | None = None
    type: str | None = None
    facts: tuple[str, ...] | None = None
    """Each met by any one of its alternatives, which `|` parts."""
    quotes: tuple[str, ...] | None = None
    answerable: bool | None = None
    by: str = ""


@dataclass(frozen=True)
class CaseSet:
    folder: Path
    labels: dict[str, Label] = field(default_factory=dict)

    def add(self, drafts: Sequence[Draft]) -> int:
        """Those that are new; what a person decided about the others stays."""
        new = [one for one in drafts if one.id not in self.labels]
        self.labels.update({one.id: Label(one) for one in new})
        return len(new)

    def named(self, id: str) -> Label:
        """By its id or the beginning of it. Raises `BadCases`."""
        found = [one for known, one in self.labels.items() if known.startswith(id) or known.removeprefix("case_").startswith(id)]
        if len(found) != 1:
            told = "there is no such draft" if not found else f"{len(found)} drafts begin so"
            raise BadCases(f"{id}: {told}; `baton cases list` names them")
        return found[0]

    def save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        rows = (asdict(one.draft) | {"status": one.status, "by": one.by} for one in self.labels.values())
        _write(self.folder / DRAFTS, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def load_set(folder: Path) -> CaseSet:
    """An empty one where there is none. Raises `BadCases`."""
    file = folder / DRAFTS
    labels: dict[str, Label] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines() if file.is_file() else (), 1):
        try:
            row = json.loads(line)
            status, by = row.pop("status"), row.pop("by", "")
            if status not in get_args(Status):
                raise ValueError(f"no status {status!r}")
            made = _DRAFT.validate_python(row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
            raise BadCases(f"{file}: line {number}: not a draft: {said}") from error
        labels[made.id] = Label(made, status, by)
    return CaseSet(folder, labels)


def from_feedback(account: str, opinions: Sequence[Opinion], answers: Mapping[str, Mapping[str, Any]]) -> list[Draft]:
    """A draft for each answer that a reader judged and that is still kept. What was found good brings its quotes; of what was not, a
    person has to say what is right."""
    found = []
    for opinion in opinions:
        answer = answers.get(opinion.answer_id)
        if answer is None:
            continue
        shown = {id for block in answer["blocks"] for claim in block["claims"] for id in claim["citations"]}
        cited = [evidence_of(citation) for citation in answer["citations"] if citation["id"] in shown]
        said = ": ".join(part for part in (", ".join(opinion.reasons), opinion.text) if part)
        why = f"thumbs {opinion.rating}{f' ({said})' if said else ''}, the answer: {_answer_words(answer)}"
        good = opinion.rating == "up"
        found.append(
            draft(
                account, answer["question"], FROM_FEEDBACK, why, answerable=answer["status"] == "answered" or not good,
                evidence=cited if good else (), origin="feedback",
            )
        )  # fmt: skip
    return found


def confirm(label: Label, given: Given, interactions: Sequence[StoredInteraction]) -> Label:
    """The draft as a person made it a label. Raises `BadCases` where it could not be judged by."""
    one = label.draft
    answerable = one.answerable if given.answerable is None else given.answerable
    facts = one.facts if given.facts is None else tuple(tuple(filter(None, map(str.strip, fact.split("|")))) for fact in given.facts)
    evidence = one.evidence if given.quotes is None else tuple(_found(quote, interactions) for quote in given.quotes)
    if not answerable:
        facts, evidence = (), ()
    elif not facts or not all(facts) or not evidence:
        lacks = "--fact, the words that an answer must have" if not facts or not all(facts) else "--quote, the words that prove it"
        raise BadCases(f"{one.id}: an answerable question needs {lacks}; or say --unanswerable")
    kind = given.type or one.type
    if kind not in get_args(QuestionType):
        raise BadCases(f"{one.id}: there is no type {kind!r}; there are {', '.join(get_args(QuestionType))}")
    texts = {each.source.id: each.text for each in interactions}
    evidence = tuple(each if each.source in texts else _found(each.quote, interactions) for each in evidence)
    made = replace(one, text=given.text or one.text, type=kind, answerable=answerable, facts=facts, evidence=evidence)
    return Label(made, "labelled", given.by)


def write_account(kept: CaseSet, account: StoredAccount, deal: StoredDeal | None, interactions: Sequence[StoredInteraction]) -> int:
    """The labelled questions of an account with its history and an export of it, as `baton eval` reads them; how many there are.

    With none left, its files go. Raises `BadCases` where the labels do not hold to each other, and leaves the files as they were.
    """
    labelled = [one.draft for one in kept.labels.values() if one.status == "labelled" and one.draft.account == account.name]
    name = re.sub(r"[^a-z0-9-]", "-", account.slug)
    labels, history = kept.folder / "cases" / f"{name}.yaml", kept.folder / "cases" / f"{name}.history.json"
    export = kept.folder / "samples" / f"{name}.jsonl"
    if not labelled:
        for file in (labels, history, export):
            file.unlink(missing_ok=True)
        return 0
    for file in (labels, export):
        file.parent.mkdir(parents=True, exist_ok=True)
    trial = labels.with_name(f".{name}.trial.yaml")
    beside = trial.with_suffix(".history.json")
    try:
        trial.write_text(json.dumps(_labels(name, account, labelled), ensure_ascii=False, indent=1), "utf-8")  # JSON is YAML
        beside.write_text(json.dumps(_history(account, deal, interactions), ensure_ascii=False), "utf-8")
        load_case(trial)
        beside.replace(history)
        trial.replace(labels)
    finally:
        trial.unlink(missing_ok=True)
        beside.unlink(missing_ok=True)
    _write(export, "".join(json.dumps(_neutral(account, one), ensure_ascii=False) + "\n" for one in interactions))
    return len(labelled)


_DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)


def _answer_words(answer: Mapping[str, Any]) -> str:
    words = " ".join(claim["text"] for block in answer["blocks"] for claim in block["claims"])
    return words[:200] or answer["status"]


def _found(quote: str, interactions: Sequence[StoredInteraction]) -> DraftEvidence:
    for one in interactions:
        if quote.strip() and quote.strip() in one.text:
            return DraftEvidence("", one.source.id, one.source.title, quote.strip())
    raise BadCases(f"no interaction of this account has these words, letter for letter: {quote!r}")


def _labels(name: str, account: StoredAccount, labelled: Sequence[Draft]) -> dict[str, Any]:
    questions = [
        {
            "id": one.id, "account": account.id, "text": one.text, "type": one.type, "answerable": one.answerable,
            "facts": [list(group) for group in one.facts],
            "evidence": [{"source": each.source, "quote": each.quote} for each in one.evidence],
        }
        for one in labelled
    ]  # fmt: skip
    return {"deal": name, "questions": questions, "brief": {"account": account.id, "deal": "deal"}}


def _history(account: StoredAccount, deal: StoredDeal | None, interactions: Sequence[StoredInteraction]) -> dict[str, Any]:
    people: dict[str, dict[str, str]] = {}
    rows: dict[str, list[dict[str, Any]]] = {"calls": [], "emails": [], "notes": [], "docs": []}
    for one in interactions:
        source = one.source
        day = source.occurred_on.isoformat() if source.occurred_on else UNDATED
        row = {"id": source.id, "account": account.id, "native": {"ids": [source.id], "titles": [], "paths": []}}
        who = {_speaker(turn, people) for turn in one.turns}
        (author,) = who if len(who) == 1 else (None,)
        if source.kind in SPOKEN and None not in who:
            turns = [{"t": t.starts_s or 0.0, "who": _speaker(t, people), "text": one.text[t.span.start : t.span.end]} for t in one.turns]
            rows["calls"].append({**row, "title": source.title, "started": day, "turns": turns})
        elif source.kind == "email" and author:
            rows["emails"].append({**row, "date": day, "from": author, "subject": source.title, "text": one.text})
        elif source.kind in ("crm_note", "ae_note") and author:
            rows["notes"].append({**row, "at": day, "author": author, "text": one.text})
        else:
            rows["docs"].append({**row, "at": day, "title": source.title, "text": one.text})
    return {
        "accounts": [{"id": account.id, "name": account.name}],
        "deals": [{"id": "deal", "account": account.id, "name": deal.name if deal else account.name}],
        "people": list(people.values()),
        **rows,
    }


def _speaker(turn: StoredTurn, people: dict[str, dict[str, str]]) -> str | None:
    name = (turn.person.name or turn.person.email) if turn.person else turn.speaker_name
    if not re.search(r"\w", name):
        return None
    id = turn.person.id if turn.person else "per_" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    # An address that nobody has, where none is known: an empty one would be part of every name that is given.
    email = (turn.person.email if turn.person else "") or f"{id}@unknown.invalid"
    people.setdefault(id, {"id": id, "name": name, "email": email})
    return id


def _neutral(account: StoredAccount, one: StoredInteraction) -> dict[str, Any]:
    source = one.source
    kind = {"ae_note": "crm_note"}.get(source.kind, source.kind)
    row: dict[str, Any] = {
        "doc_id": source.id, "account": account.name, "source_type": kind, "title": source.title,
        "participants": [{"name": p.name, "email": p.email, "side": p.side} for p in one.participants if p.name or p.email],
    }  # fmt: skip
    if source.occurred_at:
        row["timestamp"] = source.occurred_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    said = [turn for turn in one.turns if turn.role == "said"]
    authors = {((turn.person.name if turn.person else "") or turn.speaker_name, turn.person.email if turn.person else "") for turn in said}
    if len(authors) == 1 and any(author := authors.pop()):
        row["author"] = {"name": author[0], "email": author[1]}
    spoken = said if kind in ("call", "chat") else []
    if spoken:
        row["turns"] = [
            {
                "turn_id": f"{source.id}:{turn.position}",
                "speaker": (turn.person.name if turn.person else "") or turn.speaker_name,
                **({"time": turn.starts_s} if turn.starts_s is not None else {}),
                "text": one.text[turn.span.start : turn.span.end],
            }
            for turn in spoken
        ]
    else:
        row["text"] = one.text
    return row


def _write(file: Path, text: str) -> None:
    """Whole or not at all."""
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.write_text(text, "utf-8", errors="replace")
    unfinished.replace(file)
