"""A claim in words of its own says neither that somebody else said it, nor more firmly than it was said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answers import Draft, DraftBlock, DraftClaim, Question, Quote
from assistant.asking import search
from assistant.grounding import ground
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import neutral, talk

SAID = {
    "firm": ("Dana Okafor", "We will give you single sign-on with the Enterprise package."),
    "conditional": ("Dana Okafor", "If you sign by Friday, we will waive the setup fee."),
    "roadmap": ("Dana Okafor", "Provisioning is on our roadmap for the second quarter."),
    "refused": ("Dana Okafor", "No, we can't offer termination for convenience."),
    "wish": ("Marta Lindqvist", "We need phone support in Swedish at night."),
}


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory, embedder: object) -> Iterator[Kit]:
    desk = Desk(tmp_path_factory.mktemp("said"), embedder)  # type: ignore[arg-type]  # the session's embedder, as the fixture gives it
    who = [{"name": "Dana Okafor", "email": "dana@cartage.example"}, {"name": "Marta Lindqvist", "email": "marta@halden.example"}]
    desk.write({"a.jsonl": neutral(talk("c", *SAID.values(), account="Halden", participants=who))})
    desk.ingest(our_domains=("cartage.example",))
    with desk.kit() as opened:
        yield opened


@pytest.mark.parametrize(
    ("claim", "quote", "stands"),
    [
        ("Sales promised single sign-on.", "firm", True),
        ("Sales declined single sign-on.", "firm", False),
        ("The customer asked for single sign-on.", "firm", False),
        ("Sales promised to waive the setup fee.", "conditional", False),
        ("Sales promised to waive the setup fee if they sign by Friday.", "conditional", True),
        ("Sales promised provisioning.", "roadmap", False),
        ("Provisioning is on the roadmap.", "roadmap", True),
        ("Sales agreed to termination for convenience.", "refused", False),
        ("Sales declined termination for convenience.", "refused", True),
        ("Sales promised phone support in Swedish.", "wish", False),
        ("The customer asked for phone support in Swedish.", "wish", True),
        ("Marta Lindqvist, 1 Sep 2026: We need phone support in Swedish at night.", "wish", True),
        ("Single sign-on comes with Enterprise.", "firm", True),
    ],
)
def test_a_claim_says_by_whom_and_how_firmly_no_more_than_its_quote(kit: Kit, claim: str, quote: str, stands: bool) -> None:
    account = kit.archive.account(EVERYTHING, "Halden").id
    asked = Question("What about sign-on, setup, provisioning, termination and Swedish support?", account)
    evidence = search(kit, asked)
    passage = next(r.passage for r in evidence.ranked if r.passage.text == SAID[quote][1])
    draft = Draft((DraftBlock("list", (DraftClaim(claim, (Quote(passage.id, passage.text),)),)),))
    answer = ground(asked, draft, evidence, model="m", thread_id="t")
    assert (answer.status, answer.removed_claims) == (("answered", 0) if stands else ("declined", 1))
