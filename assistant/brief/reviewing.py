"""Where a brief is worked on: each act checked against the version's state and what others did meanwhile, then kept.

One function an act, over an open kit that may write; each gives the version as it then stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.answers import Citation
from assistant.brief import review
from assistant.brief.attest import Note, attest, stands
from assistant.brief.body import finished
from assistant.brief.edit_check import says_more
from assistant.brief.lines import REWORDED, Line
from assistant.brief.review import Act, Conflict, HandedOver, Item, NotAllowed, OpenItems, SaysMore, Superseded, UnknownLine, Why
from assistant.citations import parts_of
from assistant.render import citation_json
from assistant.wiring import Kit
from ingest.archive.rows import ReviewAct
from ingest.archive.scope import Scope
from ingest.archive.work import Work
from ingest.settings import FILE, settings_table

TOLD = frozenset({"approve", "accept", "return"})
"""Acts that somebody is told of, where the settings say how: in one transaction with the act."""

_ADDED = {"why": "why they bought", "requirements": "what they require", "decision": "how they decided"}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does it, when, and the revision they had before their eyes; without one, whatever others did meanwhile is overwritten."""

    by: str
    at: datetime
    read_at: int | None = None


def shown(kit: Kit, scope: Scope, brief_id: str) -> dict[str, Any]:
    """A version as people have left it; superseded where a later one is kept. Raises NotThere."""
    body = kit.archive.brief(scope, brief_id)
    acts = kit.archive.review_acts(scope, brief_id)
    return as_left(kit, scope, body, acts)


def as_left(kit: Kit, scope: Scope, body: Mapping[str, Any], acts: Sequence[ReviewAct]) -> dict[str, Any]:
    reader = scope.only(body["account"])
    return _in_time(kit, reader, finished(review.reviewed(body, acts, _withheld(kit, reader, body))))


def listed(kit: Kit, scope: Scope, body: Mapping[str, Any]) -> dict[str, Any]:
    """A version as people have left it, for a list: of what is made of its lines only the words are counted, and once."""
    reader, acts = scope.only(body["account"]), kit.archive.review_acts(scope, body["id"])
    withheld = _withheld(kit, reader, body)
    left = _in_time(kit, reader, review.reviewed(body, acts, withheld))
    key = body["id"], left["revision"], withheld
    if key not in kit.word_counts:
        kit.word_counts[key] = finished(left)["words"] if acts or withheld else body["words"]
    return left | {"words": kit.word_counts[key]}


def _in_time(kit: Kit, reader: Scope, left: dict[str, Any]) -> dict[str, Any]:
    latest = kit.archive.newest_version(reader, left["deal_id"])
    return left | {"state": "superseded", "superseded_by": latest} if left["version"] < latest else left


def _withheld(kit: Kit, reader: Scope, body: Mapping[str, Any]) -> frozenset[str]:
    """Citations of the body that share words with what was taken out as confidential."""
    hidden = kit.archive.withheld(reader)
    return frozenset(
        citation["id"]
        for citation in body["citations"]
        for span in hidden.get(citation["source"]["id"], ())
        if span.start < citation["quote"]["end"] and citation["quote"]["start"] < span.end
    )


def to_look_at(kit: Kit, scope: Scope, brief_id: str) -> tuple[Item, ...]:
    body = kit.archive.brief(scope, brief_id)
    return review.queue(body, kit.archive.review_acts(scope, brief_id), _withheld(kit, scope.only(body["account"]), body))


def keep(kit: Kit, scope: Scope, brief_id: str, line: str, hand: Hand) -> dict[str, Any]:
    _line(kit, scope, brief_id, line)
    return _with_notes_in_step(kit, scope, brief_id, line, _done(kit, scope, brief_id, "keep", line, {}, hand))


def edit(kit: Kit, scope: Scope, brief_id: str, line: str, text: str, hand: Hand, *, as_note: bool = False) -> dict[str, Any]:
    """Raises `SaysMore` where the quotes do not bear the edit, unless it is to stand as an AE note, whose author then answers for it."""
    found = _line(kit, scope, brief_id, line)
    words = " ".join(text.split())
    if not words:
        raise NotAllowed("an edit needs words; to take the line out, remove it.")
    if found.section not in REWORDED:
        raise NotAllowed("a person's row can be kept or taken out; what it says comes from its sources.")
    body = _with_added(kit, scope, brief_id)
    citations = [citation for citation in body["citations"] if citation["id"] in found.citations]
    more = says_more(words, citations)
    if more and not as_note:
        raise SaysMore(more, " … ".join(" ".join(c["quote"]["exact"].split()) for c in citations))
    detail: dict[str, Any] = {"text": words, "original": found.text}
    _allowed(kit, scope, brief_id, line, words, hand)
    if more:
        asked = _wording_of(found.text)
        detail["citation"] = attest(kit, body["account"], body["deal_id"], about=line, question=asked, text=words, by=hand.by, at=hand.at)
    return _with_notes_in_step(kit, scope, brief_id, line, _done(kit, scope, brief_id, "edit", line, detail, hand))


def remove(kit: Kit, scope: Scope, brief_id: str, line: str, because: Why, hand: Hand) -> dict[str, Any]:
    """Confidential words go out of every answer, brief and export of the account, not only out of this line."""
    found = _line(kit, scope, brief_id, line)
    kept = {} if because == "confidential" else {"original": found.text}  # what is confidential is not repeated in the history either
    with kit.archive.transaction():
        left = _done(kit, scope, brief_id, "remove", line, {"because": because, **kept}, hand)
        if because == "confidential":
            places = [(source, span) for source, span, _ in map(parts_of, found.citations)]
            kit.archive.withhold(left["account"], left["revision"], places)
            left = shown(kit, scope, brief_id)
    return _with_notes_in_step(kit, scope, brief_id, line, left)


def undo(kit: Kit, scope: Scope, brief_id: str, line: str, hand: Hand) -> dict[str, Any]:
    """Takes back the last act on a line or gap; what was there before it counts again."""
    body, acts = kit.archive.brief(scope, brief_id), kit.archive.review_acts(scope, brief_id)
    last = review.decisions(acts).get(line)
    if last is None:
        raise NotAllowed("there is nothing to undo for this line.")
    with kit.archive.transaction():
        kit.archive.give_back(body["account"], last.number)
        left = _done(kit, scope, brief_id, "undo", line, {"number": last.number}, hand)
    return _with_notes_in_step(kit, scope, brief_id, line, left)


def add(
    kit: Kit, scope: Scope, brief_id: str, section: str, text: str, hand: Hand, *, citation: Citation | None = None, as_note: bool = False
) -> dict[str, Any]:
    """A claim of a person's own: it stands on the words cited, which have to bear it as they do an edit, else on an AE note. A claim in the
    same words stays as it is. `section` is one of `review.ADDED_TO`.

    What is cited has to be among what the version was composed from: who may read the version may read that, and it goes where that is
    erased. Raises `SaysMore` as `edit` does.
    """
    words = " ".join(text.split())
    if not words:
        raise NotAllowed("a claim needs words.")
    line = "clm_" + hashlib.sha256(f"{section}\x1f{words}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
    body, acts = kit.archive.brief(scope, brief_id), kit.archive.review_acts(scope, brief_id)
    if line in review.added(acts):
        if review.decisions(acts)[line].act == "remove":
            raise NotAllowed("these words were added before and taken out; undo that to put them back.")
        return shown(kit, scope, brief_id)
    stands_on = [citation_json(citation, 0)] if citation else []
    if citation and citation.interaction_id not in body.get("read", {}):
        raise NotAllowed("this version was composed without that source; compose a new one, then cite it.")
    if _withheld(kit, scope.only(body["account"]), {"citations": stands_on}):
        raise NotAllowed("these words were taken out as confidential.")
    more = says_more(words, stands_on) if citation else ()
    if more and not as_note:
        raise SaysMore(more, " ".join(stands_on[0]["quote"]["exact"].split()))
    _allowed(kit, scope, brief_id, line, words, hand)
    attested = bool(more) or citation is None
    if attested:
        asked = _word_on(section)
        note = attest(kit, body["account"], body["deal_id"], about=line, question=asked, text=words, by=hand.by, at=hand.at)
        stands_on.append(note)
    source = citation.interaction_id if citation else None
    detail = {"section": section, "text": words, "stands_on": stands_on, "attested": attested, "source": source}
    return _done(kit, scope, brief_id, "add", line, detail, hand)


def ask(
    kit: Kit,
    scope: Scope,
    brief_id: str,
    question: str,
    hand: Hand,
    *,
    receipt: Mapping[str, Any],
    nearest: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Puts a question on the gap list, of an accepted version too, and gives the gap's id; one that stands there already stays as it is.

    `receipt` says what was searched for it; of the citations it names as nearest, those given in `nearest` are kept.
    """
    words = " ".join(question.split())
    if not words:
        raise NotAllowed("a question needs words.")
    if _state(kit, scope, brief_id) == "superseded":
        raise Superseded("put the question")
    body, acts = kit.archive.brief(scope, brief_id), kit.archive.review_acts(scope, brief_id)
    for gap in review.with_added(body, acts)["gaps"]:
        if gap["question"] == words:
            return str(gap["id"])
    id = "gap_" + hashlib.sha256(words.encode()).hexdigest()[:12]
    kept = {**receipt, "nearest": [citation["id"] for citation in nearest]}
    why = f"{hand.by.split(' <')[0]} asked this, and the deal history does not say."
    detail = {"question": words, "why": why, "ask": "ae", "receipt": kept, "nearest": list(nearest)}
    _done(kit, scope, brief_id, "ask", id, detail, hand)
    return id


def answer(kit: Kit, scope: Scope, brief_id: str, gap: str, text: str, hand: Hand) -> dict[str, Any]:
    """The AE's answer closes the gap and is evidence from now on."""
    found, words = _gap(kit, scope, brief_id, gap), " ".join(text.split())
    if not words:
        raise NotAllowed("an answer needs words; to close the question without one, dismiss it.")
    _allowed(kit, scope, brief_id, gap, words, hand)
    body = kit.archive.brief(scope, brief_id)
    citation = attest(kit, body["account"], body["deal_id"], about=gap, question=found["question"], text=words, by=hand.by, at=hand.at)
    detail = {"text": words, "question": found["question"], "citation": citation}
    return _done(kit, scope, brief_id, "answer", gap, detail, hand)


def dismiss(kit: Kit, scope: Scope, brief_id: str, gap: str, hand: Hand) -> dict[str, Any]:
    """Nobody needs to know this: the gap is closed without an answer."""
    _gap(kit, scope, brief_id, gap)
    return _with_notes_in_step(kit, scope, brief_id, gap, _done(kit, scope, brief_id, "dismiss", gap, {}, hand))


def approve(kit: Kit, scope: Scope, brief_id: str, hand: Hand, *, with_open: bool = False) -> dict[str, Any]:
    """The AE hands over. Raises `OpenItems` while something in the queue was not looked at, unless that is meant."""
    state = _state(kit, scope, brief_id)
    if state not in ("draft", "returned"):
        raise NotAllowed(f"this version is {state_in_words(state)}; only a draft, or one that was sent back, is approved.")
    left = [item for item in to_look_at(kit, scope, brief_id) if not item.done]
    if left and not with_open:
        raise OpenItems(left)
    return _done(kit, scope, brief_id, "approve", "", {"open": [item.id for item in left]}, hand)


def accept(kit: Kit, scope: Scope, brief_id: str, hand: Hand) -> dict[str, Any]:
    """The CSM takes over; with questions left open the version is `accepted_with_gaps`."""
    state = _state(kit, scope, brief_id)
    if state != "reviewed":
        raise NotAllowed(f"this version is {state_in_words(state)}; it is accepted once the account executive has approved it.")
    gaps = [gap["id"] for gap in shown(kit, scope, brief_id)["gaps"]]
    return _done(kit, scope, brief_id, "accept", "", {"gaps": gaps}, hand)


def send_back(kit: Kit, scope: Scope, brief_id: str, because: str, hand: Hand) -> dict[str, Any]:
    """Back to the AE, with what is wrong."""
    state, words = _state(kit, scope, brief_id), " ".join(because.split())
    if state not in ("reviewed", "accepted", "accepted_with_gaps"):
        raise NotAllowed(f"this version is {state_in_words(state)}; only what was approved can be sent back.")
    if not words:
        raise NotAllowed("say what is wrong with it; the account executive reads that.")
    return _done(kit, scope, brief_id, "return", "", {"because": words}, hand)


def _done(kit: Kit, scope: Scope, brief_id: str, act: Act, line: str, detail: Mapping[str, Any], hand: Hand) -> dict[str, Any]:
    with kit.archive.transaction():  # nobody writes between the look and the act
        if line:
            _allowed(kit, scope, brief_id, line, str(detail.get("text", act)), hand, asks=act == "ask")
        body = kit.archive.brief(scope, brief_id)
        kept = kit.archive.add_review_act(body["account"], brief_id, at=hand.at, by=hand.by, act=act, line=line, detail=detail)
        if act in TOLD and settings_table(kit.home.path / FILE, "deliver"):
            about = {"brief": brief_id, "act": act, "number": kept.number}
            Work.beside(kit.archive).add_job("act", about, key=f"act {kept.number}", account_id=body["account"])
        return shown(kit, scope, brief_id)


# --- AE notes stand as long as what they say does


def _with_notes_in_step(kit: Kit, scope: Scope, brief_id: str, line: str, left: dict[str, Any]) -> dict[str, Any]:
    """The version as it is left, once the AE note about a line or gap is evidence only while the brief shows what it says."""
    acts = [act for act in kit.archive.review_acts(scope, brief_id) if act.line == line]
    if any(_is_noted(act.detail["detail"] if act.act == "carry" else act.detail) for act in acts):  # a note of another deal's brief stays
        stands(kit, left["account"], left["deal_id"], about=line, note=_note(acts, line))
    return left


def _is_noted(detail: Mapping[str, Any]) -> bool:
    return "citation" in detail or bool(detail.get("attested"))


def _note(acts: Sequence[ReviewAct], line: str) -> Note | None:
    last, claim = review.decisions(acts).get(line), review.added(acts).get(line)
    if last is None or last.act in ("remove", "dismiss"):
        return None
    if last.act == "answer":
        return Note(last.detail["question"], last.detail["text"], last.by, last.at)
    if last.act == "edit" and "citation" in last.detail:
        return Note(_wording_of(last.detail["original"]), last.detail["text"], last.by, last.at)
    if claim is not None and claim.detail["attested"]:
        return Note(_word_on(claim.detail["section"]), claim.detail["text"], claim.by, claim.at)
    return None


def _wording_of(text: str) -> str:
    return f"AE's wording of: {text}"


def _word_on(section: str) -> str:
    return f"AE's word on {_ADDED[section]}"


def _allowed(kit: Kit, scope: Scope, brief_id: str, line: str, yours: str, hand: Hand, *, asks: bool = False) -> None:
    """Lines change in an open version only, and not under the hands of somebody who has just changed them."""
    state = _state(kit, scope, brief_id)
    body, acts = kit.archive.brief(scope, brief_id), kit.archive.review_acts(scope, brief_id)
    # Somebody who took a version over asks on, and is answered.
    if state == "superseded":
        raise Superseded("make the change")
    if state not in review.OPEN_STATES and not (asks or line in review.asked(acts)):
        raise NotAllowed(f"this version is {state_in_words(state)} and stays as it is; compose a new one to change it.")
    theirs = [act for act in acts if hand.read_at is not None and act.number > hand.read_at and act.line == line]
    if theirs:
        raise Conflict(review.text_now(body, acts, line), yours, theirs[-1].by, review.revision(acts))
    if state == "reviewed" and not asks and hand.read_at is not None and (by := review.handed_over_since(acts, hand.read_at)):
        raise HandedOver(by)


def _state(kit: Kit, scope: Scope, brief_id: str) -> str:
    body = kit.archive.brief(scope, brief_id)
    if body["version"] < kit.archive.newest_version(scope.only(body["account"]), body["deal_id"]):
        return "superseded"
    return review.state_of(kit.archive.review_acts(scope, brief_id))[0]


def state_in_words(state: str) -> str:
    return {"returned": "sent back", "superseded": "no longer the newest"}.get(state, state.replace("_", " "))


def _line(kit: Kit, scope: Scope, brief_id: str, id: str) -> Line:
    found = review.find(_with_added(kit, scope, brief_id), id)
    if not isinstance(found, Line):
        raise UnknownLine(f"{id} is a question; answer or dismiss it.")
    return found


def _gap(kit: Kit, scope: Scope, brief_id: str, id: str) -> Mapping[str, Any]:
    found = review.find(_with_added(kit, scope, brief_id), id)
    if isinstance(found, Line):
        raise UnknownLine(f"{id} is a line of the brief, not a question.")
    return found


def _with_added(kit: Kit, scope: Scope, brief_id: str) -> dict[str, Any]:
    return review.with_added(kit.archive.brief(scope, brief_id), kit.archive.review_acts(scope, brief_id))
