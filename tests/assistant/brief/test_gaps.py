"""What a brief asks: each thing that was left open, once, with what was searched; nothing that the history answers."""

from __future__ import annotations

import pytest

from assistant.brief.gaps.asked import unanswered
from assistant.brief.gaps.disputed import disputed
from assistant.brief.gaps.ranked import MOST_FOR_AE
from assistant.brief.gaps.talk import Talk
from assistant.brief.gaps.unsettled import unsettled
from assistant.brief.sections import Gap
from ingest.archive.rows import StoredInteraction
from tests.assistant.brief.test_brief import brief_of
from tests.assistant.facts.history import ANA, MIA, RAJ, TOM, Said, call, interaction, mail, order_form


def left_open(*held: StoredInteraction) -> list[str]:
    """The sorts of what stands open in a history."""
    talk = Talk(held)
    return [matter.kind for read in (unanswered, unsettled, disputed) for matter in read(talk)]


OPEN: tuple[tuple[str, tuple[Said, ...]], ...] = (
    ("put_off", ((MIA, "Do the lab printers in Graz work with your labels?"), (RAJ, "Honestly I'm not certain. I'd have to test one."))),
    ("put_off", ((TOM, "Is there a sandbox we could use for the auditors?"), (ANA, "Leave that one with me."))),
    ("put_off", ((TOM, "Who will own the ticket queue on your side after go-live?"), (ANA, "We haven't decided yet."))),
    ("put_off", ((MIA, "And what about the coach parties, can they book online?"), (ANA, "Let's park that for now."))),
    ("put_off", ((MIA, "Does the price include the two harbour sites?"), (ANA, "I believe so, but I want to double-check with finance."))),
    ("put_off", ((TOM, "Did you hear back from the label supplier?"), (RAJ, "Not yet."))),
    ("put_off", ((MIA, "Is weekend support part of the package?"), (ANA, "I'll put that to my manager."))),
    ("left", ((TOM, "I'll get back to you with the number of turnstiles."),)),
    ("left", ((MIA, "Our CFO wants to think it over and come back to you on the payment terms."),)),
    ("stand_in", ((MIA, "I'm on parental leave from March, so somebody else will run the museum shop."),)),
    ("stand_in", ((MIA, "Our controller, Petra, goes on sabbatical in February."),)),
    ("pending", ((TOM, "The firewall change still needs approval from the regional office."),)),
    ("to_agree", ((ANA, "The rollout to the three southern breweries will be scheduled separately."),)),
    ("unknown", ((MIA, "Nobody on our side has looked at the tax interface so far."),)),
    ("unknown", ((TOM, "It isn't clear yet who signs off the floor plans."),)),
    ("unknown", ((MIA, "We are still arguing about who pays for the cabling."),)),
    ("to_agree", ((ANA, "The second site we can talk about once the first is running."),)),
    ("ownerless", ((TOM, "Somebody needs to tell the guides that the old tablets go away."),)),
    ("asked", ((MIA, "Please send us the data retention policy, we need it for the works council."),)),
    ("asked", ((RAJ, "Could you send me the export from the old till system by Friday?"),)),
    ("unanswered", ((TOM, "You owe us the sizing for the archive server."),)),
    ("conflict", ((ANA, "What is your return rate today?"), (MIA, "About nine percent."), (TOM, "No, it is closer to thirteen, Mia."))),
)


@pytest.mark.parametrize(("kind", "turns"), OPEN, ids=[turns[0][1][:40] for _, turns in OPEN])
def test_what_is_left_open_is_seen(kind: str, turns: tuple[Said, ...]) -> None:
    assert kind in left_open(call(*turns))


CLOSED: tuple[tuple[Said, ...], ...] = (
    ((MIA, "How long is the contract?"), (ANA, "It is two years.")),
    ((MIA, "Can you hear me?"), (ANA, "Let me check my headset.")),
    ((MIA, "Do the printers in Graz work?"), (RAJ, "Let me check."), (MIA, "Fine."), (RAJ, "I checked, the printers in Graz work.")),
    ((TOM, "I'll get back to you with the number of turnstiles."), (ANA, "Good."), (TOM, "So we have eleven turnstiles in all.")),
    ((MIA, "I'm out next week, and Tom covers for me."),),
    ((MIA, "Our marble's out."),),
    ((MIA, "My colleague is out for lunch."),),
    ((ANA, "Please let me know if you have any questions."),),
    ((MIA, "Nobody likes Mondays."),),
    ((MIA, "She does it all herself, so nobody can tell her what the job is."),),
    ((TOM, "We never had a login problem."),),
    ((ANA, "We'll send you the recording."),),
    ((ANA, "I don't know, maybe it's the weather."),),
    ((MIA, "Could you send me the price list?"), (ANA, "Sure, you will have it tonight.")),
    ((MIA, "The insurance certificate is still missing."), (TOM, "It came this morning, I have the insurance certificate here.")),
    ((ANA, "How big is it?"), (MIA, "About nine hectares."), (TOM, "Nine hectares, yes.")),
)


@pytest.mark.parametrize("turns", CLOSED, ids=[turns[0][1][:40] for turns in CLOSED])
def test_what_was_settled_or_is_no_matter_is_not_asked(turns: tuple[Said, ...]) -> None:
    assert left_open(call(*turns)) == []


def test_a_question_is_closed_by_a_later_mail_of_ours_and_stays_open_where_only_the_customer_speaks_of_it() -> None:
    asked = call((MIA, "Can the lockers be opened with the season ticket?"), (ANA, "Let me come back to you on that."))
    ours = mail(ANA, MIA, "About the lockers: yes, they can be opened with the season ticket.", on="2026-06-09")
    theirs = mail(MIA, ANA, "We would like the lockers to be opened with the season ticket.", on="2026-06-09")
    assert "put_off" not in left_open(asked, ours)
    assert "put_off" in left_open(asked, theirs)


def test_each_item_of_a_list_is_open_until_it_is_spoken_of_as_done() -> None:
    listed = interaction(
        "crm_note", [(ANA, "Open points: VPN account, list of cost centres, fire plan.")], participants=[ANA], internal=True
    )
    later = mail(TOM, ANA, "The VPN account works since Monday, thank you.", on="2026-06-20")
    asked = [matter.question for matter in unsettled(Talk([listed, later]))]
    assert asked == [
        "Still open on 2 Jun 2026: “list of cost centres”. Is it settled?",
        "Still open on 2 Jun 2026: “fire plan”. Is it settled?",
    ]


def test_one_matter_raised_three_times_is_asked_once_with_all_its_places() -> None:
    brief = brief_of(
        call((MIA, "Does the gate keep a never-fly list?"), (ANA, "Let me look into it.")),
        mail(MIA, ANA, "I am still waiting for the answer on the never-fly list.", on="2026-06-12"),
        call((MIA, "Who checks that never-fly list?"), (RAJ, "I don't have the answer on this call."), on="2026-06-20"),
    )
    about = [gap for gap in brief.gaps if "never-fly" in gap.question]
    assert len(about) == 1
    assert about[0].ask == "ae"
    assert len({citation.interaction_id for citation in brief.citations if citation.id in about[0].receipt.nearest}) == 3


def test_a_question_says_what_was_searched_for_its_answer_from_the_day_it_was_raised() -> None:
    early = mail(ANA, MIA, "Good to meet you.", on="2026-03-01")
    asked = call((MIA, "Can the lockers be opened with the season ticket?"), (ANA, "Let me come back to you on that."), on="2026-05-02")
    later = mail(ANA, MIA, "Here is the agenda.", on="2026-06-09")
    gap = next(gap for gap in brief_of(early, asked, later).gaps if "lockers" in gap.question)
    assert gap.receipt.searched == {"call": 1, "email": 1}
    assert (str(gap.receipt.first), str(gap.receipt.last)) == ("2026-05-02", "2026-06-09")


PAPER = order_form(
    "Order Form 12\n\nVendor notifies Customer of a confirmed security incident within 72 hours."
    "\n\nThe subscription may not be cancelled during the initial term.\n\nSigned: Mia Berg, 1 July 2026"
)


def gap_of(kind: str, *held: StoredInteraction) -> Gap:
    return next(gap for gap in brief_of(*held).gaps if gap.kind == kind)


def test_what_the_paper_denies_is_asked_with_both_sides() -> None:
    gap = gap_of("denied", call((TOM, "And if it fails?"), (ANA, "You can cancel after 60 days, no questions asked.")), PAPER)
    assert gap.question == (
        "Does Tom Hale know that the contract says otherwise than we did? We said: “You can cancel after 60 days, no questions asked.”"
    )
    assert gap.why == "The signed paper says: “The subscription may not be cancelled during the initial term.”"
    assert len(gap.receipt.nearest) == 2


def test_who_asked_for_more_than_was_signed_and_went_quiet_is_asked_about() -> None:
    demand = mail(TOM, ANA, "One condition: notification of a security incident within 24 hours.", on="2026-06-10")
    assert "Tom Hale" in gap_of("refused", demand, PAPER).question
    content = mail(TOM, ANA, "We can live with 72 hours for the notification of an incident.", on="2026-06-20")
    assert "refused" not in {gap.kind for gap in brief_of(demand, content, PAPER).gaps}


def test_a_condition_that_stands_only_in_our_own_notes_is_asked_about() -> None:
    promise = mail(ANA, MIA, "SCIM provisioning through the directory will be available to you by 31 March 2027.", on="2026-06-10")
    words = "SCIM provisioning is fine by March, but needs the partner audit and a security sign-off first."
    note = interaction("crm_note", [(RAJ, words)], on="2026-06-11", participants=[RAJ], internal=True)
    assert "partner audit" in gap_of("undisclosed", promise, note).question
    told = mail(ANA, MIA, "For SCIM provisioning we need the partner audit and the security sign-off before.", on="2026-06-12")
    assert "undisclosed" not in {gap.kind for gap in brief_of(promise, note, told).gaps}


def test_at_most_five_questions_are_for_the_ae_and_they_stand_first() -> None:
    turns = [
        turn
        for thing in ("lockers", "turnstiles", "scanners", "printers", "cameras", "kiosks", "radios", "tablets")
        for turn in ((MIA, f"Will the {thing} from the {thing} supplier be replaced by yours?"), (ANA, "Let me check that and come back."))
    ]
    gaps = brief_of(call(*turns)).gaps
    asks = [gap.ask for gap in gaps]
    assert asks.count("ae") == MOST_FOR_AE
    assert asks == sorted(asks, key=("ae", "customer", "internal").index)


def test_what_the_goal_lacks_is_not_asked_where_the_history_tells_it_elsewhere() -> None:
    brief = brief_of(
        call(
            (ANA, "What would be good?"),
            (MIA, "I want the queue under twelve minutes."),
            (MIA, "Today it takes thirty-one minutes on average."),
        ),
        mail(ANA, MIA, "I noted: 31 minutes today, 12 minutes by 30 September 2026.", on="2026-06-09"),
        PAPER,
    )
    [goal] = [goal for goal in brief.goals if "twelve" in goal.text]
    assert getattr(goal.baseline, "value", None) == "thirty-one minutes"
    assert goal.due
    assert str(goal.due.on) == "2026-09-30"
    assert not [gap for gap in brief.gaps if "twelve" in gap.question and "date" in gap.question]


def test_what_is_owed_for_a_missed_day_and_who_holds_the_money_are_not_asked_where_somebody_said_it() -> None:
    live, asked = (ANA, "We will be live in Graz by 1 March 2027."), (MIA, "And if you are late?")
    owed = (ANA, "Then you get a month free for every month we are late.")

    def kinds(*turns: Said) -> set[str]:
        return {gap.kind if gap.kind != "missing" else gap.question for gap in brief_of(call(*turns), order_form("Fee: EUR 9,000.")).gaps}

    assert "if_missed" in kinds(live, asked)
    assert "if_missed" not in kinds(live, asked, owed)
    assert "Who is the economic buyer?" in kinds(live, (TOM, "The purse is a nice colour."))
    assert "Who is the economic buyer?" not in kinds(live, (TOM, "Anything over ten thousand goes to Mia, she holds the purse."))
