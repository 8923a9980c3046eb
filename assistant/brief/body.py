"""The brief as the JSON of the public interface: the shape that is kept, served, shown and exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from assistant.brief.fields import value_of
from assistant.brief.kickoff import agenda, first_message
from assistant.brief.layout import Layout, as_json
from assistant.brief.lines import QUOTED, with_ids
from assistant.brief.page import cited_in_order, lay_out
from assistant.brief.paper import words_on
from assistant.brief.sections import Brief, Due, GoalLine, Party, PersonLine, PromiseLine, SettingLine, Teammate
from assistant.brief.states import fields, with_tiers, with_tiers_on_rows
from assistant.brief.story import tell
from assistant.render import change_json, citation_json, claim_json, deal_json, moment, receipt_json


def brief_json(brief: Brief, shape: Layout | None = None) -> dict[str, Any]:
    """The Brief object of the public interface; citations are numbered as a reader of the page meets them, then those
    of its fields, the others last."""
    body: dict[str, Any] = {
        "id": brief.id,
        "account": brief.account.id,
        "account_name": brief.account.name,
        "deal_id": brief.deal.id if brief.deal else None,
        "deal": deal_json(brief.deal) if brief.deal else None,
        "team": [_teammate_json(one) for one in brief.team],
        "version": brief.version,
        "state": brief.state,
        "as_of": moment(brief.as_of),
        "composed_at": moment(brief.composed_at),
        "model": brief.model,
        "layout": as_json(shape) if shape else None,
        "words": 0,
        "support": brief.support,
        "story": [],
        "why": [claim_json(claim) for claim in brief.why],
        "goals": [_goal_json(goal) for goal in brief.goals],
        "promises": [_promise_json(promise) for promise in brief.promises],
        "risks": [
            {
                "text": r.text,
                "kind": r.kind,
                "first_seen": _iso(r.first_seen),
                "last_seen": _iso(r.last_seen),
                "resolved": r.resolved,
                "citations": list(r.citations),
                "also": list(r.also),
                "likely": r.likely,
            }
            for r in brief.risks
        ],
        "people": [_person_json(person) for person in brief.people],
        "requirements": [{**claim_json(one.claim), "kind": one.kind, "manner": one.manner} for one in brief.requirements],
        "commercials": [
            {"label": c.label, "value": c.value, "claims": [claim_json(claim) for claim in c.claims]} for c in brief.commercials
        ],
        "timeline": [{"date": m.on.isoformat(), "text": m.text, "citations": list(m.citations)} for m in brief.timeline],
        "decision": [claim_json(claim) for claim in brief.decision],
        "rivals": [{"name": r.name, "incumbent": r.incumbent, "claims": [claim_json(claim) for claim in r.claims]} for r in brief.rivals],
        "conflicts": [
            {"kind": c.kind, "how": c.how, "one": claim_json(c.one), "other": claim_json(c.other), "promise": c.promise}
            for c in brief.conflicts
        ],
        "changes": [change_json(change) for change in brief.changes],
        "asked_already": [{"question": one.question, "answer": claim_json(one.answer)} for one in brief.asked_already],
        "artefacts": [{"title": a.title, "kind": a.kind, "url": a.url or None} for a in brief.artefacts],
        "gaps": [
            {
                "id": g.id,
                "kind": g.kind,
                "question": g.question,
                "why": g.why,
                "ask": g.ask,
                "receipt": receipt_json(g.receipt),
                "searched_for": list(g.searched_for),
            }
            for g in brief.gaps
        ],
        "kickoff": [],
        "first_message": "",
        "citations": [citation_json(citation, number) for number, citation in enumerate(brief.citations, 1)],
        "receipt": receipt_json(brief.receipt),
        "coverage": {
            "calls_without_transcript": list(brief.coverage.calls_without_transcript),
            "silent_months": list(brief.coverage.silent_months),
            "unknown_side": list(brief.coverage.unknown_side),
        },
    }
    return finished(_in_their_settings(with_ids(body), brief.settings))


def _in_their_settings(body: Mapping[str, Any], settings: Mapping[str, SettingLine]) -> dict[str, Any]:
    """The body with `setting` in each line that is words of somebody, steps of a change included; None where it stands alone."""

    def told(line: Mapping[str, Any]) -> dict[str, Any]:
        setting = next((settings[id] for id in line["citations"][:1] if id in settings), None)
        return {**line, "setting": asdict(setting) if setting else None}

    changes = [{**change, "items": [told(step) for step in change["items"]]} for change in body["changes"]]
    return {**body, **{section: [told(line) for line in body[section]] for section in QUOTED}, "changes": changes}


def finished(body: Mapping[str, Any]) -> dict[str, Any]:
    """With all that is told from its lines, its words counted, and its citations in the order in which the page shows them."""
    told = {**body, "story": tell(body)}
    told |= {"kickoff": agenda(told), "first_message": first_message(told)}
    told |= {"citations": with_tiers(told)}
    told |= {**with_tiers_on_rows(told), "field_states": fields(told)}
    page = lay_out(told)
    looked_up = (id for field in told["field_states"] for id in field["citations"])
    return {**told, "words": words_on(page), "citations": _in_page_order(told["citations"], (*cited_in_order(told, page), *looked_up))}


def _in_page_order(citations: Sequence[dict[str, Any]], shown: Sequence[str]) -> list[dict[str, Any]]:
    place = {id: position for position, id in enumerate(dict.fromkeys(shown))}
    ordered = sorted(citations, key=lambda citation: place.get(citation["id"], len(place)))
    return [{**citation, "number": number} for number, citation in enumerate(ordered, 1)]


def _teammate_json(one: Teammate) -> dict[str, Any]:
    return {
        "name": one.person.name or one.person.email,
        "email": one.person.email or None,
        "title": one.person.title or None,
        "owner": one.owner,
    }


def _promise_json(promise: PromiseLine) -> dict[str, Any]:
    return {
        "id": promise.id,
        "text": promise.text,
        "kind": promise.kind,
        "strength": promise.strength,
        "conditions": promise.conditions,
        "made_by": _party_json(promise.made_by),
        "made_to": _party_json(promise.made_to) if promise.made_to else None,
        "made_on": _iso(promise.made_on),
        "due": _due_json(promise.due),
        "supersedes": promise.supersedes,
        "current": promise.current,
        "contract": promise.contract,
        "contract_citation": promise.contract_citation,
        "citations": list(promise.citations),
        "support": promise.support,
        "state": "evidenced",
        "status": promise.status,
        "status_on": _iso(promise.status_on),
        "reliance": {"level": promise.reliance, "citation": promise.reliance_citation} if promise.reliance else None,
        "because_citation": promise.because_citation,
    }


def _goal_json(goal: GoalLine) -> dict[str, Any]:
    return {
        "text": goal.text,
        "metric": value_of(goal.metric),
        "baseline": value_of(goal.baseline),
        "target": value_of(goal.target),
        "due": _due_json(goal.due),
        "owner": goal.owner,
        "citations": list(goal.citations),
    }


def _person_json(line: PersonLine) -> dict[str, Any]:
    person = line.person
    return {
        "name": person.name or person.email,
        "email": person.email or None,
        "title": person.title or None,
        "side": person.side,
        "roles": list(line.roles),
        "stance": line.stance,
        "cares_about": line.cares_about,
        "last_contact": _iso(line.last_contact),
        "citations": list(line.citations),
    }


def _party_json(party: Party) -> dict[str, str]:
    return {"name": party.name, "side": party.side}


def _due_json(due: Due | None) -> dict[str, str | None] | None:
    return {"as_said": due.as_said, "date": _iso(due.on)} if due else None


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None
