"""Files in, archive and indexes out: once, again, edited, broken, held, and with our domains put right."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Question
from assistant.asking import ask
from assistant.brief.body import brief_json
from assistant.brief.compose import compose
from assistant.citations import cite, resolve
from ingest.archive.errors import AmbiguousAccount
from ingest.archive.rows import Source, StoredInteraction
from ingest.archive.scope import EVERYTHING
from ingest.index.projection import differences
from ingest.reading import NothingThere
from ingest.sides import settle
from ingest.sync import NothingToRead, NotOurs, sync
from ingest.tally import Tally
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, TOM, at, mail, neutral, note, pdf, record_id, salesforce, table, talk, under, vtt

PRIYA = "Priya Nair <priya@cartage.example>"
NIA = "Nia Stone <nia@bright.example>"


def counts(tally: Tally) -> tuple[int, int, int, int]:
    return tally.new, tally.changed, tally.unchanged, tally.removed


def sources(desk: Desk) -> dict[str, Source]:
    with desk.open() as home:
        return {source.file: source for source in home.archive.sources(EVERYTHING)}


def everything(desk: Desk) -> list[StoredInteraction]:
    with desk.open() as home:
        return home.archive.interactions(EVERYTHING)


def indexes_agree(desk: Desk) -> bool:
    with desk.open(write=True) as home:
        assert home.vectors is not None
        return not [d for a in home.archive.accounts(EVERYTHING) for d in differences(home.archive, home.vectors, a.id)]


def test_a_deal_from_crm_recorder_and_mailbox_comes_in_with_its_people_and_its_deal(desk: Desk) -> None:
    desk.write(HALDEN)
    assert counts(desk.ingest()) == (4, 0, 0, 0)
    assert desk.sides() == {"Dana Okafor": "seller", "Marta Lindqvist": "buyer", "Tom Reyes": "buyer"}
    found = everything(desk)
    assert {(i.source.kind, i.source.internal) for i in found} == {
        ("call", False), ("email", False), ("crm_note", True), ("crm_field", True)
    }  # fmt: skip
    with desk.open() as home:
        [deal] = home.archive.deals(EVERYTHING)
    assert {i.source.deal_id for i in found} == {deal.id}
    assert indexes_agree(desk)


def roles(desk: Desk) -> dict[str, tuple[str, ...]]:
    with desk.open() as home:
        return {person.name: person.roles for person in home.archive.people(EVERYTHING) if person.roles}


def role_rows(*rows: tuple[str, str]) -> dict[str, str]:
    """Salesforce's list of who plays which part in the deal; contacts are numbered."""
    listed = [(record_id("00K", f"R{n}"), record_id("006", "H0"), record_id("003", f"H{who}"), role) for n, (who, role) in enumerate(rows)]
    return {"OpportunityContactRole.csv": table("ID,OPPORTUNITYID,CONTACTID,ROLE", listed)}


def test_a_role_the_crm_takes_away_is_gone_from_the_person_and_from_the_brief(desk: Desk) -> None:
    crm = salesforce()
    desk.write(HALDEN | under("salesforce", crm | role_rows(("0", "Economic Buyer"), ("1", "Champion"))))
    desk.ingest()
    assert roles(desk) == {"Marta Lindqvist": ("economic buyer",), "Tom Reyes": ("champion",)}
    assert {p["name"]: p["roles"][:1] for p in stakeholders(desk)} == {"Marta Lindqvist": ["economic buyer"], "Tom Reyes": ["champion"]}
    desk.write(under("salesforce", role_rows(("1", "Champion"))))
    desk.ingest()
    assert roles(desk) == {"Tom Reyes": ("champion",)}
    assert "economic buyer" not in [role for p in stakeholders(desk) for role in p["roles"]]
    for file in crm:
        (desk.files / "salesforce" / file).unlink()
    (desk.files / "salesforce" / "OpportunityContactRole.csv").unlink()
    desk.ingest()
    assert roles(desk) == {}


def stakeholders(desk: Desk) -> list[dict[str, Any]]:
    """Of the brief, with what each is cited by."""
    with desk.kit(write=True) as kit:
        body = brief_json(compose(kit, kit.archive.account(EVERYTHING, "Halden").id))
    for person in body["people"]:
        if set(person["roles"]) & {"economic buyer", "champion"}:
            kinds = [citation["kind"] for citation in body["citations"] if citation["id"] in person["citations"]]
            assert "crm_field" in kinds
    return [person for person in body["people"] if person["side"] == "buyer"]


def test_in_another_zone_a_deals_days_begin_at_other_moments(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    seen = []
    for zone in ("UTC", "America/Los_Angeles"):
        (desk.home / "baton.toml").write_text(f'[ingest]\ntimezone = "{zone}"\n')
        desk.ingest()
        with desk.open() as home:
            [deal] = home.archive.deals(EVERYTHING)
            seen.append(deal.closed_at)
    assert seen == [datetime(2026, 10, 14, tzinfo=UTC), datetime(2026, 10, 14, 7, tzinfo=UTC)]


def test_a_second_run_changes_and_embeds_nothing(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    before, embedded = everything(desk), len(desk.embedder.embedded)
    tally = desk.ingest()
    assert counts(tally) == (0, 0, 4, 0)
    assert (tally.embedded, len(desk.embedder.embedded)) == (0, embedded)
    assert everything(desk) == before


def test_an_edited_file_replaces_its_old_words_everywhere_and_the_old_citation_still_opens(desk: Desk) -> None:
    desk.write(
        {"a.jsonl": neutral(talk("c", ("Dana", "Support costs 500 euros a month."), ("Tom", "We have 14 depots."), account="Halden"))}
    )
    desk.ingest()
    [before] = everything(desk)
    old = cite(before, before.turns[0].span)
    embedded = len(desk.embedder.embedded)
    desk.write(
        {"a.jsonl": neutral(talk("c", ("Dana", "Support costs 700 euros a month."), ("Tom", "We have 14 depots."), account="Halden"))}
    )

    assert counts(desk.ingest()) == (0, 1, 0, 0)
    assert desk.said() == {"Halden": ["Support costs 700 euros a month.", "We have 14 depots."]}
    assert desk.embedder.embedded[embedded:] == ["Dana: Support costs 700 euros a month."]
    assert indexes_agree(desk)
    with desk.kit() as kit:
        [account] = kit.archive.accounts(EVERYTHING)
        answer = ask(kit, Question("What does support cost a month?", account.id))
        assert answer.citations[0].exact == "Support costs 700 euros a month."
        assert not [c for c in answer.citations if "500" in c.exact]
        assert kit.home.words.search(account.id, "500", 5) == []
        assert resolve(kit.archive, EVERYTHING, old.id) == old


def test_what_left_a_file_is_removed(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(note("n1", "First.", "Halden"), note("n2", "Second.", "Halden"))})
    desk.ingest()
    desk.write({"a.jsonl": neutral(note("n2", "Second.", "Halden"))})
    assert counts(desk.ingest()) == (0, 0, 1, 1)
    assert desk.said() == {"Halden": ["Second."]}
    assert indexes_agree(desk)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("calls.json", b'{"callTranscripts": [{"callId": "1", "transcr', "truncated_json"),
        ("blob.xyz", b"\x00\x01\x02", "unknown_format"),
        ("empty.txt", b"", "empty"),
        ("call.vtt", b"WEBVTT\n\n", "no_text"),
        ("a.jsonl", neutral(note("x", "Fine.", "Halden")).encode() + b'{"doc_id": "y"', "truncated_json"),
    ],
)
def test_what_cannot_be_read_is_set_aside_and_the_rest_comes_in(desk: Desk, name: str, content: bytes, reason: str) -> None:
    desk.write({"good.jsonl": neutral(note("n1", "Good words.", "Halden")), name: content})
    first = desk.ingest()
    assert "Good words." in desk.said()["Halden"]
    assert [(f.file, f.reason) for f in first.failed] == [(name, reason)]
    assert desk.ingest().failed == first.failed
    with desk.open() as home:
        assert home.archive.failed() == first.failed


def test_a_file_that_breaks_keeps_what_it_said_and_is_no_longer_named_once_it_is_whole(desk: Desk) -> None:
    whole = neutral(note("n1", "Good words.", "Halden"))
    desk.write({"a.json": whole})
    desk.ingest()
    desk.write({"a.json": whole[:-9]})
    assert desk.ingest().complete is False
    assert desk.said() == {"Halden": ["Good words."]}
    desk.write({"a.json": whole})
    assert desk.ingest().complete
    with desk.open() as home:
        assert home.archive.failed() == []


def test_what_fits_nobody_is_held_until_an_account_is_named(desk: Desk) -> None:
    desk.write({"call.vtt": vtt(("Ann Gray", "We need the gate."), ("Bo Lind", "By May."), ("Ann Gray", "Good."))})
    held = desk.ingest()
    assert [(h.file, h.reason, h.hint) for h in held.held] == [("call.vtt", "no_account", "no account fits; name one with --account NAME")]
    assert counts(held) == (0, 0, 0, 0)
    assert desk.said() == {}
    brought = desk.ingest(account="Acme")
    assert counts(brought) == (1, 0, 0, 0)
    assert brought.complete
    with desk.open() as home:
        assert home.archive.held() == []
    assert desk.said() == {"Acme": ["We need the gate.", "By May.", "Good."]}
    assert counts(desk.ingest()) == (0, 0, 1, 0)


def test_what_fits_two_accounts_is_held_and_goes_to_the_one_of_them_that_is_named(desk: Desk) -> None:
    desk.write(under("h", salesforce()) | under("b", salesforce("Brightwell Dental", "bright.example", mark="B", contacts=[NIA], deals=[])))
    desk.ingest()
    both = desk.files / "both.eml"
    desk.write({"both.eml": mail(DANA, f"{MARTA}, {NIA}", "Two customers in one mail.", id="both")})
    [held] = desk.ingest(both).held
    assert held.candidates == ("Brightwell Dental", "Halden Freight Group")
    assert desk.ingest(both, account="Brightwell Dental").complete
    assert "Two customers in one mail." in desk.said()["Brightwell Dental"]
    assert "Two customers in one mail." not in desk.said()["Halden Freight Group"]


def test_an_account_that_fits_two_changes_nothing(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(note("n1", "One.", "Meridian East"), note("n2", "Two.", "Meridian West")), "b/x.txt": "Loose words."})
    desk.ingest(desk.files / "a.jsonl")
    with pytest.raises(AmbiguousAccount, match="'meridian' fits 2 accounts: Meridian East, Meridian West"):
        desk.ingest(desk.files / "b", account="meridian")
    assert desk.said() == {"Meridian East": ["One."], "Meridian West": ["Two."]}


@pytest.mark.parametrize(("path", "error"), [("nowhere", NothingThere), ("empty", NothingToRead)])
def test_nothing_to_read_makes_no_account(desk: Desk, path: str, error: type[Exception]) -> None:
    (desk.files / "empty").mkdir(parents=True)
    with pytest.raises(error, match="give the folder that holds the exports"):
        desk.ingest(desk.files / path, account="Typo")
    assert desk.said() == {}


def test_correcting_our_domains_gives_everybody_their_side_and_embeds_nothing(desk: Desk) -> None:
    desk.write(
        {
            "a.jsonl": neutral(
                talk(
                    "c", ("Dana", "We can do May."), ("Marta", "May is fine."), account="Halden", participants=[people(DANA), people(MARTA)]
                )
            ),
            "in.eml": mail(DANA, PRIYA, "Between us: she will sign.", id="in"),
        }
    )
    desk.ingest(account="Halden", our_domains=("halden.example",))
    assert desk.sides() == {"Dana Okafor": "buyer", "Marta Lindqvist": "seller", "Priya Nair": "buyer"}
    embedded = len(desk.embedder.embedded)

    desk.ingest(account="Halden", our_domains=("cartage.example",))
    assert desk.sides() == {"Dana Okafor": "seller", "Marta Lindqvist": "buyer", "Priya Nair": "seller"}
    assert len(desk.embedder.embedded) == embedded
    assert {s.external_id: s.internal for s in sources(desk).values()} == {"c": False, "in": True}
    with desk.open() as home:
        assert settle(home).sources == {"cartage.example": "given with --our-domain"}


def test_what_was_placed_by_hand_stays_when_it_is_read_again_without_the_hand(desk: Desk) -> None:
    desk.write({"in.eml": mail(DANA, MARTA, "We will have you live by May.", id="in")})
    desk.ingest(account="Halden", our_domains=("cartage.exmple",))
    tally = desk.ingest(our_domains=("cartage.example",))
    assert (tally.removed, tally.held) == (0, [])
    assert desk.said() == {"Halden": ["We will have you live by May."]}
    assert desk.sides() == {"Dana Okafor": "seller", "Marta Lindqvist": "buyer"}


def test_a_customers_domain_is_refused_as_ours_before_anything_changes(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    before = desk.sides()
    with pytest.raises(NotOurs, match=r"halden\.example is the domain of Halden Freight Group"):
        desk.ingest(our_domains=("halden.example",))
    assert desk.sides() == before


def test_two_imports_with_the_same_file_names_keep_what_is_set_aside_of_each(desk: Desk) -> None:
    desk.write({"one/x.json": '{"calls": [', "two/x.json": '{"calls": [', "one/m.eml": mail(NIA, NIA, "Hm.", id="1")})
    desk.write({"two/m.eml": mail(NIA, NIA, "Well.", id="2")})
    desk.ingest(desk.files / "one")
    desk.ingest(desk.files / "two")
    with desk.open() as home:
        assert [f.file for f in home.archive.failed()] == ["x.json", "x.json"]
        assert [h.file for h in home.archive.held()] == ["m.eml", "m.eml"]
    desk.write({"two/x.json": "{}", "two/m.eml": mail(NIA, NIA, "Well, well.", id="2")})
    desk.ingest(desk.files / "two", account="Bright")
    with desk.open() as home:
        assert [(f.file, f.reason) for f in home.archive.failed()] == [("x.json", "truncated_json"), ("x.json", "unknown_format")]
        assert len(home.archive.held()) == 1


def test_a_file_that_is_gone_says_nothing_any_longer_and_put_back_it_is_there_again(desk: Desk) -> None:
    files = {"a/one.eml": mail(DANA, MARTA, "One word.", id="1"), "a/two.eml": mail(DANA, MARTA, "Two words.", id="2"), "a/x.json": "{"}
    desk.write(files)
    desk.ingest(account="Halden")
    for name in ("a/two.eml", "a/x.json"):
        (desk.files / name).unlink()
    assert desk.ingest().removed == 1
    assert desk.said() == {"Halden": ["One word."]}
    with desk.open() as home:
        assert home.archive.failed() == []
    desk.write(files)
    assert counts(desk.ingest(account="Halden")) == (1, 0, 1, 0)
    assert sorted(desk.said()["Halden"]) == ["One word.", "Two words."]


def test_a_file_elsewhere_or_one_that_broke_keeps_what_it_said(desk: Desk) -> None:
    desk.write({"a/one.eml": mail(DANA, MARTA, "One word.", id="1"), "b/two.jsonl": neutral(note("n", "Two words.", "Halden"))})
    desk.ingest(account="Halden")
    (desk.files / "a/one.eml").unlink()
    desk.write({"b/two.jsonl": "{"})
    desk.ingest(desk.files / "b")
    assert sorted(desk.said()["Halden"]) == ["One word.", "Two words."]


def test_of_one_id_with_two_texts_the_fuller_one_counts_and_the_other_is_named(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(note("n1", "Another one.", "Halden")), "b.jsonl": neutral(note("n1", "One.", "Halden"))})
    assert [(n.file, n.reason) for n in desk.ingest().notices] == [("b.jsonl:1", "given_twice")]
    assert [n.reason for n in desk.ingest().notices] == ["given_twice"]
    assert desk.said() == {"Halden": ["Another one."]}


def test_a_partner_is_neither_side_and_naming_one_embeds_nothing(desk: Desk) -> None:
    pat = "Pat Ray <pat@partner.example>"
    desk.write({**HALDEN, "emails/p.eml": mail(pat, f"{MARTA}, {DANA}", "We install the gates in March.", id="p")})
    desk.ingest()
    assert desk.sides()["Pat Ray"] == "unknown"
    embedded = len(desk.embedder.embedded)
    desk.ingest(partner_domains=("@partner.example",))
    assert desk.sides() == {"Dana Okafor": "seller", "Marta Lindqvist": "buyer", "Pat Ray": "partner", "Tom Reyes": "buyer"}
    assert len(desk.embedder.embedded) == embedded
    assert counts(desk.ingest(partner_domains=("elsewhere.example",)))[0] == 0
    assert desk.sides()["Pat Ray"] == "unknown"


def test_a_sources_word_on_sides_stays_where_no_domain_decides(desk: Desk) -> None:
    who = [{"name": "Ann", "side": "seller"}, {"name": "Bo", "side": "buyer"}, {"name": "Cy", "side": "partner"}, {"name": "Di"}]
    desk.write({"a.jsonl": neutral(talk("c", ("Ann", "We can do May."), ("Bo", "Good."), account="Acme", participants=who))})
    desk.ingest()
    desk.ingest()
    assert desk.sides() == {"Ann": "seller", "Bo": "buyer", "Cy": "partner", "Di": "unknown"}


def test_our_domain_is_found_where_all_accounts_share_it_and_the_first_run_already_knows(desk: Desk) -> None:
    desk.write(
        {
            "a.jsonl": neutral(talk("c1", ("Dana", "May."), account="Halden", participants=[people(DANA), people(MARTA)])),
            "b.jsonl": neutral(talk("c2", ("Dana", "June."), account="Bright", participants=[people(DANA), people(NIA)])),
        }
    )
    desk.ingest()
    assert desk.sides() == {"Dana Okafor": "seller", "Marta Lindqvist": "buyer", "Nia Stone": "buyer"}
    assert counts(desk.ingest()) == (0, 0, 2, 0)


def test_settings_name_our_domains_as_people_write_them(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(talk("c", ("Dana", "May."), account="Halden", participants=[people(DANA)]))})
    desk.home.mkdir()
    (desk.home / "baton.toml").write_text('[ingest]\nour_domains = ["@Mail.Cartage.example"]\n')
    desk.ingest()
    assert desk.sides() == {"Dana Okafor": "seller"}


def test_a_document_that_came_by_mail_and_lies_in_a_folder_is_one(desk: Desk) -> None:
    contract = pdf("The fee is 186,000 a year.")
    carrying = {
        "emails/a.eml": mail(
            DANA, MARTA, "The order form again.", id="late", on=at(9, 20), attached={"o.pdf": "The fee is 186,000 a year."}
        ),
        "emails/b.eml": mail(DANA, MARTA, "The order form.", id="early", on=at(9, 10), attached={"o.pdf": "The fee is 186,000 a year."}),
    }
    desk.write({**HALDEN, **carrying, "a files/order.pdf": contract})
    desk.ingest()
    assert desk.said()["Halden Freight Group"].count("The fee is 186,000 a year.") == 1
    [document] = [s for s in sources(desk).values() if s.kind == "doc"]
    assert (document.occurred_at, document.detail["attached_to"]) == (at(9, 10), "early")
    desk.write({"files/copy.pdf": contract})
    assert desk.ingest().new == 0
    assert [s for s in sources(desk).values() if s.kind == "doc"] == [document]


def test_a_forward_whose_original_is_here_is_no_second_witness(desk: Desk) -> None:
    said = "The data processing agreement was signed on 7 October."
    forward = (
        f"Priya, all yours.\n\n---------- Forwarded message ---------\nFrom: {MARTA}\nDate: Wed, Oct 7, 2026 at 1:38 PM\n"
        f"Subject: Signed\nTo: {DANA}\n\n{said}\n"
    )
    files = {
        "emails/1 original.eml": mail(MARTA, DANA, said, id="original", subject="Signed"),
        "emails/0 forward.eml": mail(DANA, PRIYA, forward, id="forward", subject="Fwd: Signed", answers="original"),
        "emails/2 stray.eml": mail(
            DANA, PRIYA, forward.replace("7 October", "9 October"), id="stray", subject="Fwd: Signed", answers="lost"
        ),
    }
    desk.write({**HALDEN, **files})
    desk.ingest()
    words = desk.said()["Halden Freight Group"]
    assert words.count(said) == 1
    assert words.count("Priya, all yours.") == 2
    assert said.replace("7 October", "9 October") in words


def test_a_forward_finds_an_original_that_was_archived_in_an_earlier_run(desk: Desk) -> None:
    said = "The data processing agreement was signed on 7 October."
    desk.write({**HALDEN, "emails/o.eml": mail(MARTA, DANA, said, id="original", subject="Signed")})
    desk.ingest()
    body = f"fyi\n\n---------- Forwarded message ---------\nFrom: {MARTA}\nDate: Wed, Oct 7, 2026 at 1:38 PM\nSubject: Signed\n\n{said}\n"
    desk.write({"emails/f.eml": mail(DANA, PRIYA, body, id="forward", subject="Fwd: Signed", answers="original")})
    desk.ingest()
    assert desk.said()["Halden Freight Group"].count(said) == 1


def test_a_loose_contract_goes_with_its_folder_and_never_with_a_folder_of_the_same_name_elsewhere(desk: Desk) -> None:
    first = desk.write(under("one", HALDEN)) / "one"
    desk.ingest(first)
    desk.write({"one/emails/terms.txt": "Notice is three months.", "two/emails/terms.txt": "Notice is six months."})
    assert desk.ingest(first).complete
    [held] = desk.ingest(desk.files / "two").held
    assert (held.file, held.reason) == ("emails/terms.txt", "no_account")
    assert "Notice is three months." in desk.said()["Halden Freight Group"]
    assert "Notice is six months." not in desk.said()["Halden Freight Group"]


def test_a_thread_of_mails_among_ourselves_follows_the_one_that_names_the_customer(desk: Desk) -> None:
    desk.write(
        {
            **under("crm", salesforce()),
            "mails/a.eml": mail(PRIYA, DANA, "Agreed, no discount.", id="3", answers="2"),
            "mails/b.eml": mail(DANA, PRIYA, "Do we give a discount?", id="2", answers="1"),
            "mails/c.eml": mail(MARTA, DANA, "Can we have a discount?", id="1"),
        }
    )
    assert desk.ingest().complete
    assert {s.external_id: s.internal for s in sources(desk).values() if s.kind == "email"} == {"1": False, "2": True, "3": True}


def test_the_order_in_which_files_come_does_not_matter(tmp_path: Path, desk: Desk) -> None:
    other = Desk(tmp_path / "other", desk.embedder)
    for each in (desk, other):
        each.write(HALDEN)
    other.files = desk.files
    for folder in ("salesforce", "gong", "emails"):
        desk.ingest(desk.files / folder)
    for folder in ("emails", "gong", "salesforce"):
        other.ingest(other.files / folder)
    assert other.ingest().complete
    desk.ingest()
    assert everything(other) == everything(desk)
    assert other.sides() == desk.sides()


def test_a_file_that_names_another_account_than_before_takes_its_words_along(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(note("n", "Secret words.", "Halden"))})
    desk.ingest()
    desk.write({"a.jsonl": neutral(note("n", "Secret words.", "Bright"))})
    assert counts(desk.ingest()) == (1, 0, 0, 1)
    assert desk.said() == {"Bright": ["Secret words."], "Halden": []}
    assert indexes_agree(desk)


def test_a_call_of_which_only_names_are_known_is_placed_by_them(desk: Desk) -> None:
    desk.write({**under("crm", salesforce()), "zoom/call.vtt": vtt(("Marta Lindqvist", "We sign in May."), ("Dana Okafor", "Great."))})
    desk.ingest()
    [call] = [i for i in everything(desk) if i.source.kind == "call"]
    assert [(t.person.email, t.side) for t in call.turns if t.person] == [
        ("marta@halden.example", "buyer"),
        ("dana@cartage.example", "seller"),
    ]
    assert TOM not in [t.speaker_name for t in call.turns]


@pytest.mark.parametrize("first", ["calls", "mails", ""], ids=["calls first", "mails first", "together"])
def test_a_name_in_a_call_is_whose_mail_comes_before_or_after_it(desk: Desk, first: str) -> None:
    desk.write(
        {
            "calls/call.vtt": vtt(("Marta Lindqvist", "We sign in May."), ("Dana Okafor", "Great."), ("Olaf Brandt", "Fine.")),
            "mails/a.eml": mail(MARTA, DANA, "Can we have a discount?", id="1"),
        }
    )
    for folder in (desk.files / first,) if first else ():
        desk.ingest(folder, account="Halden", our_domains=("cartage.example",))
    desk.ingest(account="Halden", our_domains=("cartage.example",))
    [call] = [i for i in everything(desk) if i.source.kind == "call"]
    assert [(t.person.email, t.side) for t in call.turns if t.person] == [
        ("marta@halden.example", "buyer"),
        ("dana@cartage.example", "seller"),
        ("", "unknown"),
    ]
    with desk.open() as home:
        assert sorted(each.name for each in home.archive.people(EVERYTHING)) == ["Dana Okafor", "Marta Lindqvist", "Olaf Brandt"]
    assert desk.ingest().unchanged == 2
    assert indexes_agree(desk)


def test_of_each_stage_it_is_told_how_much_there_is_of_it(desk: Desk) -> None:
    """The call is read once more for a name in it, and filed by itself."""
    desk.write({"call.vtt": vtt(("Marta Lindqvist", "We sign in May."))})
    desk.ingest(account="Halden", our_domains=("cartage.example",))
    desk.write({"a.eml": mail(MARTA, DANA, "Can we?", id="1")})
    told: list[tuple[str, int, int]] = []
    with desk.open(write=True) as home:
        sync(home, [desk.files], account="Halden", progress=lambda *step: told.append(step))
    assert [step for step in told if step[0] != "embedding"] == [("reading", 1, 1), ("filing", 1, 1)] * 2


def test_a_name_that_two_people_with_an_address_bear_stays_a_name(desk: Desk) -> None:
    other = "Marta Lindqvist <m.lindqvist@halden.example>"
    desk.write(
        {
            "a.vtt": vtt(("Marta Lindqvist", "We sign in May.")),
            "b.eml": mail(MARTA, DANA, "Hello.", id="1"),
            "c.eml": mail(other, DANA, "Hello too.", id="2"),
        }
    )
    desk.ingest(account="Halden", our_domains=("cartage.example",))
    [call] = [i for i in everything(desk) if i.source.kind == "call"]
    assert [(t.person.email, t.side) for t in call.turns if t.person] == [("", "unknown")]


def people(address: str) -> dict[str, str]:
    name, _, email = address.partition(" <")
    return {"name": name, "email": email.rstrip(">")}


def invitation(sequence: int, hour: int, method: str = "REQUEST") -> str:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", "UID:kickoff@cartage.example", "SUMMARY:Kickoff",
        f"SEQUENCE:{sequence}", f"DTSTART:20261006T{hour:02}0000Z", "ORGANIZER;CN=Dana Okafor:mailto:dana@cartage.example",
        "ATTENDEE;CN=Marta Lindqvist:mailto:marta@halden.example", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines)


def test_a_meeting_stands_as_it_was_last_arranged_in_whatever_order_its_invitations_come(desk: Desk) -> None:
    desk.write(HALDEN | {"b.ics": invitation(2, 15), "c.ics": invitation(1, 9)})
    desk.ingest()
    [meeting] = [i for i in everything(desk) if i.source.kind == "meeting"]
    assert "When: 2026-10-06 15:00 UTC" in meeting.text
    desk.write({"a.ics": invitation(3, 15, "CANCEL")})
    assert counts(desk.ingest()) == (0, 1, 4, 0)
    [meeting] = [i for i in everything(desk) if i.source.kind == "meeting"]
    assert meeting.source.meta["status"] == "cancelled"
