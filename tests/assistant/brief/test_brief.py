"""The brief as a whole: composed from a small true history, in three shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.brief.body import brief_json
from assistant.brief.chosen_deal import UnknownDeal
from assistant.brief.compose import compose, coverage_of, write
from assistant.brief.export.markdown import as_markdown
from assistant.brief.kickoff import hangs_on_signing
from assistant.brief.layout import chosen
from assistant.brief.likely import Room, chance, filled
from assistant.brief.page import lay_out
from assistant.brief.paper import cited_on, words_on
from assistant.brief.render import COLUMNS, as_text
from assistant.brief.sections import Brief
from assistant.facts.reading import read_off
from assistant.ledger import read
from assistant.models.weights import ON_RECORD
from ingest.archive.rows import Embedding, PromiseMark, StoredAccount, StoredDeal, StoredInteraction, StoredPassage, StoredPerson
from ingest.archive.scope import Scope
from tests.assistant.facts.history import ANA, MIA, TOM, call, mail, order_form

NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)
ACCOUNT = StoredAccount("acc_1", "buyer", "Buyer Ltd", ("buyer.example",), ())


def deal(id: str, *, won: bool, closed_on: str) -> StoredDeal:
    return StoredDeal(id, "acc_1", f"Deal {id}", (), "Closed Won" if won else "Lost", won, True, closed_on, "", 1000.0, "EUR", "", 12, 10)


@dataclass(frozen=True)
class Shelf:
    """What composing reads, held in memory; honours the scope's moment as the archive does."""

    held: tuple[StoredInteraction, ...] = ()
    of_deals: tuple[StoredDeal, ...] = ()
    facts_by: str = ""

    @property
    def archive(self) -> Shelf:
        return self

    def account(self, scope: Scope, reference: str) -> StoredAccount:
        assert scope.accounts == frozenset({reference})
        return ACCOUNT

    def deals(self, scope: Scope) -> list[StoredDeal]:
        return list(self.of_deals)

    def people(self, scope: Scope) -> list[StoredPerson]:
        return [MIA, TOM] if self.held else []

    def interactions(self, scope: Scope) -> list[StoredInteraction]:
        def seen(one: StoredInteraction) -> bool:
            at = one.source.occurred_at
            return scope.as_of is None or (at is not None and at <= scope.as_of)

        return [one for one in self.held if seen(one)]

    def readings(self, scope: Scope) -> dict[str, tuple[str, dict[str, object]]]:
        return {}

    def promise_marks(self, scope: Scope) -> list[PromiseMark]:
        return []

    def passages(self, scope: Scope) -> list[StoredPassage]:
        return []

    def embeddings_of(self, contents: Sequence[str], model: str) -> dict[str, Embedding]:
        return {}


HISTORY = (
    call(
        (MIA, "Ninety minutes on average is the wait at our gate. We lost two carriers over it last year."),
        (ANA, "What would be good?"),
        (MIA, "I want the average wait at the gate under forty minutes by 31 March 2027."),
        (ANA, "If you sign by the end of June, the first month is free."),
        (MIA, "Can you load the old slots of our seven years?"),
        (ANA, "Let me come back to you on that."),
        (TOM, "The end of November is tight for the test system, but yes."),
    ),
    mail(
        ANA,
        MIA,
        "Single sign-on is included. We will be live on 18 January 2027.\nWe'll take the automatic renewal out.",
        title="In *writing* [1]",
    ),
)
PAPER = order_form(
    "Order Form 12\n\nSingle sign-on is included.\n\nThe subscription renews automatically.\n\nSigned: Mia Berg, 1 July 2026"
)


def brief_of(*held: StoredInteraction) -> Brief:
    return compose(Shelf(held, (deal("dea_1", won=True, closed_on="2026-07-01"),)), "acc_1", now=NOW)


@pytest.fixture
def brief() -> Brief:
    return brief_of(*HISTORY, PAPER)


def test_every_citation_is_a_slice_of_what_was_said_and_every_id_resolves(brief: Brief) -> None:
    texts = {one.source.id: one.text for one in (*HISTORY, PAPER)}
    assert brief.citations
    for citation in brief.citations:
        assert texts[citation.interaction_id][citation.span.start : citation.span.end] == citation.exact
    body = brief_json(brief)
    known = {citation["id"] for citation in body["citations"]}
    assert set(_cited_in({key: value for key, value in body.items() if key != "citations"})) <= known


def _cited_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if value.startswith("cit_") else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [found for one in inner for found in _cited_in(one)]


def test_every_shown_line_is_an_exact_quote(brief: Brief) -> None:
    exact = {citation.id: " ".join(citation.exact.split()) for citation in brief.citations}
    shown = [(line.text, line.citations[0]) for line in brief.promises]
    shown += [(line.text, line.citations[0]) for line in brief.goals]
    shown += [(line.text, line.citations[0]) for line in brief.timeline]
    assert len(shown) == 9
    assert [text for text, _ in shown] == [exact[id] for _, id in shown]


def test_promises_carry_strength_due_date_and_what_the_contract_says(brief: Brief) -> None:
    found = [
        (p.strength, p.contract, p.due.on.isoformat() if p.due and p.due.on else None, p.contract_citation is not None)
        for p in brief.promises
    ]
    assert found == [
        ("conditional", "silent", "2026-06-30", False),
        ("firm", "covered", None, True),
        ("firm", "silent", "2027-01-18", False),
        ("firm", "contradicted", None, True),
    ]


def test_a_promise_that_the_contract_contradicts_is_a_risk_with_both_quotes(brief: Brief) -> None:
    risk = brief.risks[0]
    assert risk.kind == "expectation"
    assert risk.text == "Promised: “We'll take the automatic renewal out.” The contract says: “The subscription renews automatically.”"
    assert len(risk.citations) == 2


def test_without_a_contract_every_promise_says_so_and_the_gap_is_named() -> None:
    brief = brief_of(*HISTORY)
    assert {promise.contract for promise in brief.promises} == {"no_contract"}
    assert "Where is the signed contract?" in [gap.question for gap in brief.gaps]


def test_gaps_hold_the_question_left_open_and_nothing_that_was_said(brief: Brief) -> None:
    questions = [gap.question for gap in brief.gaps]
    assert "Mia Berg asked on 2 Jun 2026: “Can you load the old slots of our seven years?” What is the answer?" in questions
    assert "Which date was agreed for going live?" not in questions
    assert "What does success look like for the customer, in which measure?" not in questions


def test_an_empty_account_gives_an_honest_brief() -> None:
    brief = compose(Shelf(), "acc_1", now=NOW)
    assert (brief.deal, brief.promises, brief.citations) == (None, (), ())
    assert "What does success look like for the customer, in which measure?" in [gap.question for gap in brief.gaps]
    body = brief_json(brief)
    assert "there was nothing to search" in as_text(body)
    assert body["receipt"] == {"searched": {}, "from": None, "to": None, "unreadable": [], "nearest": []}


def test_nothing_later_than_as_of_is_in_the_brief() -> None:
    shelf = Shelf((*HISTORY, PAPER), (deal("dea_1", won=True, closed_on="2026-07-01"),))
    brief = compose(shelf, "acc_1", as_of=datetime(2026, 6, 2, 23, tzinfo=UTC), now=NOW)
    assert {citation.title for citation in brief.citations} == {"Call"}
    assert {promise.contract for promise in brief.promises} == {"no_contract"}


def test_the_deal_is_the_one_asked_for_else_the_last_won_else_the_newest() -> None:
    won, later_won, lost = (
        deal("a", won=True, closed_on="2026-01-01"),
        deal("b", won=True, closed_on="2026-05-01"),
        deal("c", won=False, closed_on="2026-06-01"),
    )
    chosen = [
        compose(Shelf((), deals), "acc_1", asked, now=NOW).deal
        for deals, asked in (((later_won, won, lost), None), ((won, lost), "c"), ((lost,), None))
    ]
    assert chosen == [later_won, lost, lost]
    with pytest.raises(UnknownDeal, match=r"There is no deal x in this account; it has a \(Deal a\)\."):
        compose(Shelf((), (won,)), "acc_1", "x", now=NOW)


KEYS = {
    "brief": "id account account_name deal_id deal team version state as_of composed_at model layout words support story why goals "
    "promises risks people requirements commercials timeline decision rivals conflicts changes asked_already artefacts gaps kickoff "
    "first_message citations receipt coverage field_states",
    "promises": "id text kind strength conditions made_by made_to made_on due supersedes current contract contract_citation citations "
    "support state status status_on reliance because_citation setting tiers",
    "goals": "text metric baseline target due owner citations id setting tiers",
    "risks": "text kind first_seen last_seen resolved citations also likely id setting tiers",
    "people": "name email title side roles stance cares_about last_contact citations id tiers",
    "gaps": "id kind question why ask receipt searched_for",
}
"""The public interface, part by part."""


def test_the_json_has_the_keys_of_the_public_interface(brief: Brief) -> None:
    body = json.loads(json.dumps(brief_json(brief)))
    parts = {part: body if part == "brief" else body[part][0] for part in KEYS}
    assert {part: " ".join(keys) for part, keys in parts.items()} == KEYS
    assert body["words"] == words_on(lay_out(body)) > 100


def test_the_page_is_drawn_from_the_kept_body_alone(brief: Brief) -> None:
    body = brief_json(brief)
    kept = json.loads(json.dumps(body))
    text = as_text(kept)
    assert text == as_text(body)
    assert text.startswith("Handoff brief: Buyer Ltd\n")
    assert "Deal dea_1, Closed Won 1 Jul 2026" in text
    assert "1,000 EUR, 12 months" in text
    assert "Ana Silva (Account Executive)" in text
    assert max(map(len, text.splitlines())) <= COLUMNS


def test_citations_are_numbered_as_the_page_shows_them(brief: Brief) -> None:
    body = brief_json(brief)
    shown = cited_on(lay_out(body).sections)
    numbers = {citation["id"]: citation["number"] for citation in body["citations"]}
    assert [numbers[id] for id in shown] == list(range(1, len(shown) + 1))
    assert sorted(numbers.values()) == list(range(1, len(brief.citations) + 1))
    marks = [int(mark) for mark in re.findall(r"\[(\d+)\]", as_text(body).split("SOURCES")[0])]
    assert list(dict.fromkeys(marks)) == sorted(set(marks))


def test_a_promise_against_the_paper_is_shown_first_with_the_words_of_both(brief: Brief) -> None:
    promises = as_text(brief_json(brief)).split("WHAT WE PROMISED")[1].split("WATCH OUT FOR")[0]
    first = promises.strip().splitlines()[0]
    assert first == "The contract says otherwise"
    assert "take the automatic renewal out" in promises
    assert "contract: “The subscription renews automatically.”" in promises


def test_the_same_history_gives_the_same_bytes() -> None:
    one, other = (as_text(brief_json(brief_of(*HISTORY, PAPER))) for _ in range(2))
    assert one == other


def test_a_long_history_is_cut_to_what_a_person_reads_and_the_rest_is_counted() -> None:
    talk = [
        turn
        for n in range(120)
        for turn in ((MIA, f"And site {n}?"), (ANA, f"You will get trainer number {n} and cabinet {n + 500} at site {n}."))
    ]
    brief = brief_of(call(*talk))
    assert len(brief.promises) == 120
    body = brief_json(brief)
    assert 0 < body["words"] <= 900
    [group] = next(section for section in lay_out(body).sections if section.title == "What we promised").groups
    assert len(group.rows) + group.more == 120
    for text in (as_text(body), as_markdown(body)):
        assert f"… {group.more} more" in text


def test_the_head_of_a_renewal_brief_says_when_the_term_ends(tmp_path: Path) -> None:
    won = replace(deal("a", won=True, closed_on="2026-06-30"), term_months=24)
    brief = write(ACCOUNT, won, read([]), [], as_of=None, now=NOW)
    heads = {name: dict(lay_out(brief_json(brief, chosen(tmp_path, name, None))).facts) for name in ("renewal", "standard")}
    assert heads["renewal"]["Term"] == "ends 30 Jun 2028, 24 months after the day of closing in the CRM"
    assert "Term" not in heads["standard"]


def test_a_warning_said_again_is_told_once_with_how_many_are_like_it() -> None:
    brief = brief_of(
        call((MIA, "I am worried that the works council blocks the driver screens."), on="2026-06-02"),
        call((MIA, "I'm still worried the works council blocks the new driver screens."), on="2026-06-09", title="Second call"),
        call((MIA, "I am worried that the works council blocks the driver screens."), on="2026-06-16", title="Third call"),
    )
    [risk] = brief_json(brief)["risks"]
    assert len(risk["also"]) == 2
    [group] = next(section for section in lay_out(brief_json(brief)).sections if section.title == "Watch out for").groups
    assert [row.detail for row in group.rows] == ["Mia Berg, 2 Jun 2026, and 2 more like it (customer)"]


def test_a_promise_that_says_little_alone_is_not_shown_first() -> None:
    brief = brief_of(
        call(
            (MIA, "And the old tickets?"),
            (ANA, "We'll migrate it for you."),
            (MIA, "And the plants?"),
            (ANA, "We will connect all four plants to the archive before the first shift starts."),
        )
    )
    [group] = next(section for section in lay_out(brief_json(brief)).sections if section.title == "What we promised").groups
    assert [row.words for row in group.rows] == [
        "“We will connect all four plants to the archive before the first shift starts.”",
        "“We'll migrate it for you.” (to “And the old tickets?”)",
    ]


def test_a_goal_is_asked_about_once_whatever_it_lacks() -> None:
    brief = brief_of(call((ANA, "What would be good?"), (MIA, "I want scrap down to two percent by the end of the year.")), PAPER)
    about = [gap.question for gap in brief.gaps if "scrap" in gap.question]
    assert about == ["“I want scrap down to two percent by the end of the year.” How is it measured? Where does it stand today?"]


def test_the_first_questions_are_of_different_sorts(brief: Brief) -> None:
    assert [gap.question.split(":")[0] for gap in brief.gaps][:3] == [
        "Does Mia Berg know that the contract says otherwise than we did? We said",
        "Mia Berg asked on 2 Jun 2026",
        "What happens, and what is owed, if 18 Jan 2027 is missed? We said",
    ]


def test_months_without_a_word_are_told_as_runs() -> None:
    brief = brief_of(
        call((MIA, "Hello there."), on="2026-01-10"),
        call((MIA, "Hello again."), on="2026-05-10"),
        call((MIA, "Good bye."), on="2026-07-10"),
    )
    assert lay_out(brief_json(brief)).warnings == ("Nothing is on record for 2026-02 to 2026-04, 2026-06.",)


@pytest.mark.parametrize(
    ("words", "hangs"),
    [
        ("If you sign by the end of June, the first month is free.", True),
        ("Once the order form is signed we start the pilot.", True),
        ("$285 a month if the agreement is signed by Friday", True),
        ("If the test system is there by June, we go live in July.", False),
        ("You sign off each design within two days.", False),
    ],
)
def test_what_hangs_on_the_signature_is_told_by_its_words(words: str, hangs: bool) -> None:
    assert hangs_on_signing(words) is hangs


def test_what_hung_on_the_signature_is_no_date_ahead_and_stands_behind_the_other_promises(brief: Brief) -> None:
    sections = {section.title: section for section in lay_out(brief_json(brief)).sections}
    rows = {group.heading: [row.words for row in group.rows] for group in sections["What we promised"].groups}
    assert [words for words in rows["Promised, not in the contract"] if "sign by" in words] == rows["Promised, not in the contract"][-1:]
    assert not any("sign by" in row.words for group in sections["Dates"].groups for row in group.rows)


def test_a_risk_said_again_in_other_words_stands_behind_the_others(brief: Brief) -> None:
    body = brief_json(brief)
    said = [
        "The test system from Nordvik is late again.",
        "Late again is what the Nordvik test system is.",
        "The board may cut the spring budget.",
    ]
    risk = {"kind": "technical", "first_seen": None, "last_seen": None, "resolved": False, "citations": [body["citations"][0]["id"]]}
    page = lay_out({**body, "risks": [{**risk, "text": words, "id": words} for words in said]})
    [group] = next(section for section in page.sections if section.title == "Watch out for").groups
    assert [row.words for row in group.rows] == [f"Technical: “{said[n]}”" for n in (0, 2, 1)]


def test_who_counts_for_neither_side_is_named_who_said_most_first() -> None:
    kay, lee = (replace(TOM, id=f"per_{name}", name=name, side="unknown") for name in ("Kay", "Lee"))
    spoken = call((lee, "The tests run."), (kay, "We send somebody. At no charge. On Monday."), (MIA, "Good."), (lee, "Fine."))
    assert coverage_of([spoken]).unknown_side == ("Kay", "Lee")


def test_a_section_has_what_phrases_tell_and_its_room_what_is_surest_whatever_told_of_it() -> None:
    one = read_off(call((MIA, "We retype every order by hand."))).remarks[0]
    said, doubted = replace(one, likeness=-1.0), replace(one, likeness=-4.5)
    likeliest, likely, hardly = (replace(one, likeness=odds, by_words=True) for odds in (0.5, -2.0, -3.5))
    assert filled([doubted, said], [likeliest, likely, hardly], Room(3, -3.0)) == (said, likeliest, likely)
    assert filled([doubted, said], [likeliest, likely, hardly], Room(9, -3.0)) == (said, likeliest, likely, doubted)
    assert filled([said, said], [likeliest], Room(1, -3.0)) == (said, said)


def test_a_worry_in_plain_words_stands_in_the_brief_of_who_says_little_else() -> None:
    words = "Wayne will never touch a tablet, he still writes the rota on the back of his hand."
    brief = compose(Shelf((call((MIA, words), (ANA, "Right.")),)), "acc_1", now=NOW)
    assert [(risk.text, risk.kind) for risk in brief.risks] == [(words, "expectation")]
    assert brief.citations[0].exact == words


def test_a_reason_by_its_words_alone_is_as_sure_as_they_make_it_and_no_surer_than_by_a_phrase() -> None:
    sure, unsure = (
        "Then the inspector found eleven forms that were missing and the owner read it in the newspaper.",
        "In the winter the pump stood still and nobody told the night shift.",
    )
    claims = compose(Shelf((call((MIA, sure), (ANA, "Right."), (MIA, unsure)),)), "acc_1", now=NOW).why
    odds = {one.text: one.likeness for one in read([call((MIA, sure), (ANA, "Right."), (MIA, unsure))]).likely_reasons}
    assert {claim.text: claim.support for claim in claims} == {text: min(ON_RECORD["reason"], chance(one)) for text, one in odds.items()}
    assert chance(odds[sure]) > ON_RECORD["reason"] > chance(odds[unsure])


def test_a_worry_by_its_words_alone_goes_by_no_kind_on_the_page_and_says_so_in_the_body() -> None:
    words = "Wayne will never touch a tablet, he still writes the rota on the back of his hand."
    body = brief_json(
        compose(Shelf((call((MIA, words), (ANA, "Right.")), call((MIA, "I'm not convinced, to be honest.")))), "acc_1", now=NOW)
    )
    assert {risk["text"]: risk["likely"] for risk in body["risks"]} == {words: True, "I'm not convinced, to be honest.": False}
    (section,) = (each for each in lay_out(body).sections if each.title == "Watch out for")
    named = sorted(row.words.partition(":")[0] for group in section.groups for row in group.rows)
    assert named == ["Perhaps", "Political"]


def test_a_goal_that_only_says_where_they_stand_today_comes_last_and_opens_no_story() -> None:
    today, aim = (
        "Eleven days on average, from the dock to the refund, I pulled it.",
        "I want every refund back with the customer within three days of the parcel reaching the dock.",
    )
    body = brief_json(brief_of(call((MIA, today), (ANA, "I see."), (MIA, aim), (ANA, "Right."))))
    assert {goal["text"] for goal in body["goals"]} == {today, aim}
    assert [claim["text"] for claim in body["story"] if claim["lead"].startswith("What they want")] == [aim]
