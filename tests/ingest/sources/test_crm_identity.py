"""What the four tools say of one deal holds every name by which the same things can be known as the same."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ingest.domains import Domains, registrable
from ingest.reading import FORMATS
from ingest.records import Call, Email, Interaction, Link, Note, spans_of, text_of
from ingest.sources import crm_links, hubspot, pipedrive, salesforce, slack
from ingest.sources.format import Look
from ingest.sources.inputs import Input
from tests.ingest.sources.harborlight import golden, inputs

GOLDEN = golden("identity")
PARSERS = {"hubspot": hubspot.parse, "salesforce": salesforce.parse, "pipedrive": pipedrive.parse, "slack": slack.parse}
FOLDERS = {"hubspot": ("hubspot",), "salesforce": ("salesforce",), "pipedrive": ("pipedrive",), "slack": ("slack/export",)}


def found(tool: str) -> Sequence[Interaction]:
    return PARSERS[tool](inputs(*FOLDERS[tool])).interactions


def test_every_crm_call_names_the_recorders_call() -> None:
    calls = {call.external_id: call.aliases for call in found("hubspot") if isinstance(call, Call)}
    assert {row["hubspot_call"] for row in GOLDEN["calls"].values()} == set(calls)
    assert all(row["gong"] in calls[row["hubspot_call"]] for row in GOLDEN["calls"].values())


@pytest.mark.parametrize(("tool", "key"), [("hubspot", "hubspot_email"), ("salesforce", "salesforce_email_message")])
def test_every_crm_copy_of_a_mail_names_the_message(tool: str, key: str) -> None:
    mails = {mail.external_id: mail.aliases for mail in found(tool) if isinstance(mail, Email)}
    expected = {row[key]: row["message_id"].strip("<>") for row in GOLDEN["emails"].values() if row[key]}
    assert set(mails) == set(expected)
    assert all(message in mails[native] for native, message in expected.items())


def test_tasks_that_double_a_mail_are_not_there_and_the_mail_goes_by_their_id_too() -> None:
    doubles = {row["salesforce_email_task_to_drop"] for row in GOLDEN["emails"].values()} - {None}
    interactions = found("salesforce")
    assert not doubles & {i.external_id for i in interactions}
    assert doubles <= {alias for i in interactions for alias in i.aliases}


@pytest.mark.parametrize(("tool", "key"), [("hubspot", "hubspot_note"), ("salesforce", "salesforce"), ("pipedrive", "pipedrive_note")])
def test_every_note_is_there_once_and_says_the_same_in_each_tool(tool: str, key: str) -> None:
    def words(interactions: Sequence[Interaction]) -> dict[str, str]:
        return {i.external_id: " ".join(text_of(i).replace("- ", "").split()) for i in interactions if isinstance(i, Note)}

    theirs, first, notes = words(found(tool)), words(found("pipedrive")), GOLDEN["notes"].values()
    assert [theirs[str(row[key])] for row in notes] == [first[str(row["pipedrive_note"])] for row in notes]


@pytest.mark.parametrize(
    ("tool", "account", "deal"),
    [("hubspot", "hubspot_company", "hubspot"), ("salesforce", "salesforce", "salesforce"), ("pipedrive", "pipedrive_org", "pipedrive")],
)
def test_account_and_deal_have_the_tools_ids(tool: str, account: str, deal: str) -> None:
    reading = PARSERS[tool](inputs(*FOLDERS[tool]))
    assert [a.links for a in reading.accounts] == [(Link(tool, "account", str(GOLDEN["account"][account])),)]
    assert [d.links for d in reading.deals] == [(Link(tool, "deal", str(GOLDEN["deal"][deal])),)]


def test_what_decides_the_golden_cases_of_routing_is_there() -> None:
    accounts = [*hubspot.parse(inputs("hubspot")).accounts, *salesforce.parse(inputs("salesforce")).accounts]
    domains = {registrable(domain) for account in accounts for domain in account.domains}
    assert domains == set(GOLDEN["account"]["domains"])
    users = [p.participant.email for p in salesforce.parse(inputs("salesforce")).people if p.ours]
    ours = Domains(frozenset(map(registrable, users)))
    for case in golden("resolution_cases"):
        outside = {registrable(p) for p in case.get("participants", ()) if ours.side_of(p) != "seller"}
        named = crm_links.mentioned(case.get("text", "") + case.get("slack_channel_topic", ""))
        context = [Link("salesforce", "deal", row["objectId"][:15]) for row in case.get("gong_context", ())]
        deals = {Link("hubspot", "deal", "42190377651"), Link("salesforce", "deal", "006Rk000000NCbt")}
        decided = bool(outside & domains or deals & {*named, *context})
        assert decided or case["expect"] is None, case


def leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON document where a value stands."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from leaves(inner)


@pytest.mark.parametrize("tool", PARSERS)
def test_values_of_any_type_in_any_place_are_survived(tool: str) -> None:
    chance = random.Random(7)
    odd: list[Any] = [None, True, -1, 1e300, "", "\0", "x" * 5000, [], {}, [[1]], {"id": {}}, "2026-99-99 25:61:00", "006", "<b", 10**40]
    whole = inputs(*FOLDERS[tool])
    pages = [(item, json.loads(item.data)) for item in whole if item.name.endswith(".json")]
    for _ in range(60):
        item, page = chance.choice(pages)
        damaged = copy.deepcopy(page)
        places = list(leaves(damaged))
        for holder, key in chance.sample(places, min(3, len(places))):
            holder[key] = chance.choice(odd)
        changed = Input(item.name, json.dumps(damaged).encode())
        reading = PARSERS[tool]([changed if other is item else other for other in whole])
        for interaction in reading.interactions:
            assert interaction.external_id
            assert len(spans_of(interaction)) == len(interaction.turns)
        assert all(account.name for account in reading.accounts)
        assert [bool(format_.recognise(Look(changed.name, changed.data))) for format_ in FORMATS]


@pytest.mark.parametrize("tool", PARSERS)
def test_files_cut_anywhere_are_survived(tool: str) -> None:
    chance = random.Random(11)
    whole = inputs(*FOLDERS[tool], *(("hubspot_csv",) if tool == "hubspot" else ("salesforce_csv",) if tool == "salesforce" else ()))
    for _ in range(40):
        item = chance.choice(whole)
        cut = Input(item.name, item.data[: chance.randrange(len(item.data))])
        reading = PARSERS[tool]([cut if other is item else other for other in whole])
        assert all(failure.detail.endswith((".", "'")) for failure in (*reading.failures, *reading.notices))
