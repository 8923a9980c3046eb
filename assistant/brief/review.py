"""The life of a brief between the AE who sold and the CSM who takes over: lines kept, reworded or taken out, questions answered,
the version approved, accepted or sent back.

A version's body never changes. What people do with it is an account of acts that only grows; `reviewed` shows the body with them, and
undoing is one more act. So two people may work at once: an act on a line that somebody else has touched since it was read is a
`Conflict` with both texts, and every other act stands beside theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from assistant.brief import lines
from assistant.brief.lines import Line
from assistant.brief.setting import in_setting
from assistant.brief.setting import marks as setting_marks
from ingest.archive.rows import ReviewAct

if TYPE_CHECKING:  # the check knows the grammar of promises; a list of briefs does without
    from assistant.brief.edit_check import More

Act = Literal["keep", "edit", "remove", "undo", "answer", "dismiss", "ask", "add", "approve", "accept", "return", "carry"]
Why = Literal["wrong", "confidential", "not_useful"]
REASONS: tuple[Why, ...] = get_args(Why)
State = Literal["draft", "reviewed", "accepted", "accepted_with_gaps", "returned"]

ADDED_TO = ("why", "requirements", "decision")
"""Sections whose lines are plain claims: the rows of the others hold more than a person says in one sentence."""
ON_LINES = frozenset({"keep", "edit", "remove", "undo"})
ON_GAPS = frozenset({"answer", "dismiss", "undo"})
OPEN_STATES: frozenset[State] = frozenset({"draft", "returned", "reviewed"})
"""States in which lines may still change; to change one after approval takes the approval back."""

CONFIDENTIAL = "taken out as confidential"

MOST_GAPS, MOST_PROMISES, MOST_CONFLICTS = 5, 4, 3
"""Ten minutes of an account executive: twelve things to look at (product notes, 3.1)."""
MOST = MOST_GAPS + MOST_PROMISES + MOST_CONFLICTS


class NotAllowed(Exception):
    """The act does not fit the state the version is in; the message says what would."""


class HandedOver(NotAllowed):
    """Somebody approved the version since the caller read it; to change a line takes that back, which has to be meant."""

    def __init__(self, by: str) -> None:
        who = by.split(" <")[0]
        super().__init__(f"{who} handed this version over since you read it. To change a line takes that back: save again if you mean it.")


class Superseded(NotAllowed):
    """A newer version has taken this one's place: the change belongs there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"A newer version has taken this one's place; {what} on that one.")


class UnknownLine(LookupError):
    """The brief has no line or gap of that id."""


class Conflict(Exception):
    """Somebody else changed the same line since the caller read it."""

    def __init__(self, theirs: str, yours: str, by: str, revision: int) -> None:
        super().__init__(f"{by} has changed this line since you read it. It now reads: “{theirs}”. Look at both, then save again.")
        self.theirs, self.yours, self.by, self.revision = theirs, yours, by, revision


class SaysMore(Exception):
    """An edit says more than its source does; it can be kept as an AE note, which is shown as such everywhere."""

    def __init__(self, found: Sequence[More], source: str) -> None:
        super().__init__(
            f"Your edit says more than the source does. {' '.join(more.sentence for more in found)} The source reads: “{source}”. "
            "Use its wording, or keep yours as an AE note."
        )
        self.found, self.source = tuple(found), source


class OpenItems(Exception):
    """Approval with questions or promises nobody has looked at needs a word that names them."""

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__(
            f"{len(items)} still open: " + "; ".join(item.text for item in items) + ". Approve with open items, or look at them first."
        )
        self.items = tuple(items)


@dataclass(frozen=True, slots=True)
class Decision:
    """What counts now of all that was done to one line or gap."""

    act: Act
    by: str
    at: datetime
    detail: Mapping[str, Any]
    number: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing for the AE to look at, by its number in the queue."""

    number: int
    kind: Literal["gap", "promise", "conflict"]
    id: str
    text: str
    why: str
    citations: tuple[str, ...]
    done: bool


def revision(acts: Sequence[ReviewAct]) -> int:
    """Grows with every act on the version; what `If-Match` holds against."""
    return acts[-1].number if acts else 0


def decisions(acts: Iterable[ReviewAct]) -> dict[str, Decision]:
    """By line or gap: the last act on it that was not undone."""
    return {line: stack[-1] for line, stack in _standing(acts).items()}


def asked(acts: Iterable[ReviewAct]) -> dict[str, Decision]:
    """By gap: the questions that people put on the list themselves, until that is undone."""
    return {line: decision for line, stack in _standing(acts).items() for decision in stack if decision.act == "ask"}


def added(acts: Iterable[ReviewAct]) -> dict[str, Decision]:
    """By line: the claims that people put into the brief themselves, until that is undone."""
    return {line: decision for line, stack in _standing(acts).items() for decision in stack if decision.act == "add"}


def with_added(body: Mapping[str, Any], acts: Iterable[ReviewAct]) -> dict[str, Any]:
    """The body with the questions and claims that people added to it, the citations that came nearest to an answer, and those that the
    claims stand on."""
    kept = list(acts)
    questions, claims = asked(kept), added(kept)
    told = ("question", "why", "ask", "receipt")
    gaps = [{"id": id, "kind": "asked", **{name: one.detail[name] for name in told}} for id, one in questions.items()]
    known = {citation["id"] for citation in body["citations"]}
    near = (citation for one in questions.values() for citation in one.detail["nearest"])
    new = [*near, *(citation for one in claims.values() for citation in one.detail["stands_on"])]
    cited = {citation["id"]: citation for citation in new if citation["id"] not in known}
    sections = {section: [*body[section]] for section in ADDED_TO}
    for id, one in claims.items():
        sections[one.detail["section"]].append(_claim(id, one))
    return {**body, **sections, "gaps": [*body["gaps"], *gaps], "citations": [*body["citations"], *cited.values()]}


def _claim(id: str, one: Decision) -> dict[str, Any]:
    check = "attested" if one.detail["attested"] else "supported"
    sort = {"kind": None, "manner": "required"} if one.detail["section"] == "requirements" else {}
    cited = [citation["id"] for citation in one.detail["stands_on"]]
    return {"id": id, "text": one.detail["text"], "citations": cited, "check": check, "support": 1.0, **sort}


def _standing(acts: Iterable[ReviewAct]) -> dict[str, list[Decision]]:
    """By line or gap: what was done to it and not undone, the latest last."""
    stacks: dict[str, list[Decision]] = {}
    for act in acts:
        if not act.line:
            continue
        stack = stacks.setdefault(act.line, [])
        if act.act == "undo":
            if stack:
                stack.pop()
        elif act.act == "carry":
            stack.append(Decision(act.detail["act"], act.by, act.at, act.detail["detail"], act.number))
        else:
            stack.append(Decision(act.act, act.by, act.at, act.detail, act.number))  # type: ignore[arg-type]  # only acts are kept
    return {line: stack for line, stack in stacks.items() if stack}


def state_of(acts: Iterable[ReviewAct]) -> tuple[State, str]:
    """The state, and the reason where it was sent back."""
    state: State = "draft"
    reason = ""
    for act in acts:
        if act.act == "approve":
            state, reason = "reviewed", ""
        elif act.act == "accept":
            state = "accepted_with_gaps" if act.detail.get("gaps") else "accepted"
        elif act.act == "return":
            state, reason = "returned", str(act.detail["because"])
        elif act.act == "ask":  # says nothing against what was approved
            state = "accepted_with_gaps" if state == "accepted" else state
        elif act.line and act.act != "carry" and state == "reviewed":
            state = "draft"
    return state, reason


def handed_over_since(acts: Sequence[ReviewAct], read_at: int) -> str:
    """Who approved it after that revision; empty where nobody did."""
    return next((act.by for act in reversed(acts) if act.act == "approve" and act.number > read_at), "")


def reviewed(body: Mapping[str, Any], acts: Sequence[ReviewAct], withheld: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """The body as people have left it, with its state, its revision, and what they did to which line.

    `withheld` are the citations whose words were taken out as confidential: whatever stands on one goes, wherever it is said.
    """
    body = with_added(body, acts)
    decided = decisions(acts)
    state, reason = state_of(acts)
    removed: list[dict[str, Any]] = []

    def change(section: str, id: str, item: dict[str, Any]) -> dict[str, Any] | None:
        decision = decided.get(id)
        item = _without(withheld, section, item, body["citations"])
        confidential = withheld & set(lines.cited(item))
        if confidential or (decision and decision.act == "remove"):
            removed.append(_removed(section, id, item, decision, hidden=bool(confidential)))
            return None
        return {**_decided(section, item, decision), "id": id}

    shown = dict(body)
    for section in lines.SECTIONS:
        made = (change(section, lines.line_id(section, item), dict(item)) for item in body[section])
        shown[section] = [item for item in made if item is not None]
    answers = {gap: decision for gap, decision in decided.items() if decision.act == "answer"}
    told = [_told(body, gap, decision) for gap, decision in answers.items()]
    closed = {id for id, decision in decided.items() if decision.act in ("answer", "dismiss")}
    notes = [decision.detail["citation"] for decision in decided.values() if "citation" in decision.detail]
    kept = [citation for citation in (*body["citations"], *notes) if citation["id"] not in withheld]
    return {
        **shown,
        "state": state,
        "returned_because": reason or None,
        "decided": _last_decided(acts),
        "revision": revision(acts),
        "gaps": [gap for gap in body["gaps"] if gap["id"] not in closed and not withheld & set(gap["receipt"]["nearest"])],
        "attested": told,
        "removed": removed,
        "citations": list({citation["id"]: citation for citation in kept}.values()),
        "asked_already": [one for one in body["asked_already"] if not withheld & set(one["answer"]["citations"])],
        "changes": [
            {**change, "items": [_without(withheld, "changes", step, body["citations"]) for step in change["items"]]}
            for change in body["changes"]
            if not withheld & {id for step in change["items"] for id in step["citations"]}
        ],
        "conflicts": [
            pair for pair in body.get("conflicts", []) if not withheld & {*pair["one"]["citations"], *pair["other"]["citations"]}
        ],
        "rivals": [
            {**rival, "claims": open_claims}
            for rival in body.get("rivals", [])
            if (open_claims := [claim for claim in rival["claims"] if not withheld & set(claim["citations"])])
        ],
    }


def _last_decided(acts: Sequence[ReviewAct]) -> dict[str, str] | None:
    """Who approved, accepted or returned the version last."""
    last = next((act for act in reversed(acts) if act.act in ("approve", "accept", "return")), None)
    return {"act": last.act, "by": last.by, "at": _iso(last.at)} if last else None


def _without(withheld: AbstractSet[str], section: str, item: dict[str, Any], citations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A line without withheld words that it can do without: those it answers or follows, of several quotes about a person one while the
    person stays, and of a promise why it was made and how the customer leans on it."""
    if (setting := item.get("setting")) and setting["citation"] in withheld:
        item = {**item, "setting": None}
    if withheld & set(item.get("also", ())):
        item = {**item, "also": [id for id in item["also"] if id not in withheld]}
    if section == "people" and withheld & set(item["citations"]) and set(item["citations"]) - withheld:
        hidden = [" ".join(cited["quote"]["exact"].split()) for cited in citations if cited["id"] in withheld]
        cares = "" if any(item["cares_about"] in quote or quote in item["cares_about"] for quote in hidden) else item["cares_about"]
        return {**item, "cares_about": cares, "citations": [id for id in item["citations"] if id not in withheld]}
    if section == "promises":
        because, leaning = item.get("because_citation"), item.get("reliance")
        if because in withheld or (leaning and leaning["citation"] in withheld):
            return {
                **item,
                "because_citation": None if because in withheld else because,
                "reliance": None if leaning and leaning["citation"] in withheld else leaning,
            }
    return item


def queue(body: Mapping[str, Any], acts: Sequence[ReviewAct], withheld: AbstractSet[str] = frozenset()) -> tuple[Item, ...]:
    """What the AE is asked to look at, at most twelve things in a fixed order: questions, conflicts with the paper, firm promises.

    What people asked themselves stands last, so that nothing else changes its number; what stands on withheld words keeps its place
    and number, and says no more than that.
    """
    decided = decisions(acts)
    questions = asked(acts)
    every = [
        ("gap", g["id"], g["question"], g["why"], tuple(g["receipt"]["nearest"]))
        for g in with_added(body, acts)["gaps"]
        if g["ask"] == "ae"
    ]
    gaps, later = [one for one in every if one[1] not in questions], [one for one in every if one[1] in questions]
    standing = [p for p in body["promises"] if p["current"] and p["strength"] in ("firm", "conditional")]
    conflicts = [p for p in standing if p["contract"] in ("contradicted", "excluded")]
    others = sorted((p for p in standing if p not in conflicts), key=_urgency)
    found = [
        *gaps[:MOST_GAPS],
        *(("conflict", *_asked(p, "The contract says otherwise. What does the customer expect?")) for p in conflicts[:MOST_CONFLICTS]),
        *(("promise", *_asked(p, _STANDING[p["contract"]])) for p in others[:MOST_PROMISES]),
        *later,
    ][:MOST]
    return tuple(
        Item(number, kind, id, CONFIDENTIAL, "", (), True)  # type: ignore[arg-type]
        if withheld & set(citations)
        else Item(number, kind, id, _reads(decided.get(id), text), why, citations, id in decided and decided[id].act != "ask")  # type: ignore[arg-type]  # the three above
        for number, (kind, id, text, why, citations) in enumerate(found, 1)
    )


_STANDING = {
    "silent": "Not in the contract. Does it stand as quoted?",
    "no_contract": "No contract to check against. Does it stand as quoted?",
    "covered": "In the contract. Does it stand as quoted?",
}


def _reads(decision: Decision | None, text: str) -> str:
    return str(decision.detail["text"]) if decision and decision.act == "edit" else text


def _asked(promise: Mapping[str, Any], why: str) -> tuple[str, str, str, tuple[str, ...]]:
    return promise["id"], f"{promise['text']}{in_setting(promise)}", why, (*promise["citations"], *setting_marks(promise))


def _urgency(promise: Mapping[str, Any]) -> tuple[bool, bool, str]:
    """What the paper is silent on first, then what has a day, the nearest first."""
    due = promise["due"]["date"] if promise["due"] else None
    return (promise["contract"] == "covered", due is None, due or "")


def find(body: Mapping[str, Any], id: str) -> Line | Mapping[str, Any]:
    """A line, or a gap; raises `UnknownLine`."""
    for line in lines.lines(body):
        if line.id == id:
            return line
    for gap in body["gaps"]:
        if gap["id"] == id:
            found: Mapping[str, Any] = gap
            return found
    raise UnknownLine(f"this brief has no line and no gap {id!r}")


def text_now(body: Mapping[str, Any], acts: Sequence[ReviewAct], id: str) -> str:
    """What stands for a line or gap after all acts, in words that both of two editors understand."""
    found, decision = find(with_added(body, acts), id), decisions(acts).get(id)
    words = found.text if isinstance(found, Line) else str(found["question"])
    if decision is None or decision.act in ("keep", "ask", "add"):
        return words
    if decision.act in ("edit", "answer"):
        return str(decision.detail["text"])
    return f"taken out: {decision.detail['because'].replace('_', ' ')}" if decision.act == "remove" else "not needed"


def carried(old: Sequence[ReviewAct], new_body: Mapping[str, Any]) -> Iterable[tuple[str, Decision]]:
    """Decisions on an earlier version that hold for a new one: on the same line or gap, always what people asked and answered, and the
    claims they added, where whoever composed the new version could read what they stand on."""
    claims = {id: one for id, one in added(old).items() if one.detail["source"] in (None, *new_body.get("read", {}))}
    yield from claims.items()
    known = {line.id for line in lines.lines(new_body)} | {gap["id"] for gap in new_body["gaps"]} | set(claims)
    for id, decision in decisions(old).items():
        if decision.act != "add" and (id in known or decision.act in ("ask", "answer")):
            yield id, decision


def _decided(section: str, item: dict[str, Any], decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return item
    mark: dict[str, Any] = {"act": decision.act, "by": decision.by, "at": _iso(decision.at)}
    if decision.act != "edit":
        return {**item, "review": mark}
    original = item.get("text", item.get("value"))
    changed = lines.reworded(section, item, decision.detail["text"]) | {"review": mark | {"original": original}}
    if "citation" in decision.detail:  # an AE note of its own: it says so, and stands on the note as well
        changed = _standing_on(changed, decision.detail["citation"]["id"])
    return changed


def _standing_on(item: dict[str, Any], note: str) -> dict[str, Any]:
    state = {"state": "attested"} if "strength" in item else {"check": "attested"} if "check" in item else {}
    if "citations" in item:
        return {**item, **state, "citations": [*item["citations"], note]}
    return {**item, **state, "claims": [{**claim, "citations": [*claim["citations"], note]} for claim in item["claims"]]}


def _removed(section: str, id: str, item: Mapping[str, Any], decision: Decision | None, *, hidden: bool) -> dict[str, Any]:
    """What is confidential is not repeated where it is said that it was taken out."""
    return {
        "id": id,
        "section": section,
        "text": None if hidden else item.get("text", item.get("value", item.get("name"))),
        "because": "confidential" if hidden else decision.detail["because"] if decision else None,
        "by": decision.by if decision else None,
        "at": _iso(decision.at) if decision else None,
    }


def _told(body: Mapping[str, Any], gap: str, decision: Decision) -> dict[str, Any]:
    asked = next((one["question"] for one in body["gaps"] if one["id"] == gap), decision.detail.get("question", ""))
    citation = decision.detail["citation"]
    claim = {
        "id": f"clm_{gap.removeprefix('gap_')}",
        "text": decision.detail["text"],
        "citations": [citation["id"]],
        "check": "attested",
        "support": 1.0,
    }
    return {"gap": gap, "question": asked, "answer": claim, "by": decision.by, "at": _iso(decision.at)}


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
