"""The golden cases of whose something is, the tricks that must not work, and what holds whatever accounts and people there are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive.archive import Archive
from ingest.archive.rows import StoredAccount, StoredPerson
from ingest.domains import Domains
from ingest.placing import directory
from ingest.records import Chat, Email, Interaction, Link, Participant, Turn
from ingest.routing import Directory, Routed, Undecided, route
from ingest.sources import slack
from tests.conftest import Desk
from tests.exports import mail as exported
from tests.exports import salesforce, under
from tests.ingest.sources.harborlight import DATA, golden

FERRULE = Domains(frozenset({"ferrule.example"}), frozenset({"kestrel-partners.example"}))
CASES = golden("resolution_cases")
SAYS = (
    "by the customer's domain", "by another domain that the CRM lists for the company", "a partner's domain opens no account",
    "the one customer left when ours and the partner are taken away", "free mail says nothing of a company", "by a subdomain",
    "a domain that only ends alike is another", "mail among ourselves that names the CRM's deal", "an id without its checksum",
    "the CRM's deal in a channel's topic", "two customers in one mail",
)  # fmt: skip


@pytest.fixture(scope="module")
def harborlight(tmp_path_factory: pytest.TempPathFactory, embedder: object) -> Iterator[Archive]:
    desk = Desk(tmp_path_factory.mktemp("harborlight"), embedder)  # type: ignore[arg-type]  # the session's embedder
    desk.ingest(DATA / "hubspot", DATA / "salesforce", our_domains=tuple(FERRULE.ours), partner_domains=tuple(FERRULE.partners))
    with desk.open(write=True) as home:
        home.archive.put_account("Other Account", ["otheraccount.example"])
        yield home.archive


@pytest.mark.parametrize("case", CASES, ids=SAYS)
def test_golden_case(harborlight: Archive, case: dict[str, object]) -> None:
    known = directory(harborlight, FERRULE)
    wanted = {"harborlight": "Harborlight"}.get(str(case["expect"]), "")
    place = route(_interaction(case), known)
    assert (known.name_of(place.account_id) if isinstance(place, Routed) else "").startswith(wanted)
    assert isinstance(place, Routed) == bool(wanted)


def _interaction(case: dict[str, object]) -> Interaction:
    people = tuple(Participant("", str(address)) for address in case.get("participants", ()))  # type: ignore[attr-defined]  # a list
    if topic := case.get("slack_channel_topic"):
        links = slack.hints({"topic": {"value": topic}})
        return Chat(source="slack", external_id="x", title="", occurred_at=None, turns=(Turn("x"),), links=tuple(links))
    context: list[dict[str, str]] = case.get("gong_context", [])  # type: ignore[assignment]  # as the file has it
    links = [Link("salesforce", "deal", each["objectId"]) for each in context]
    words = Turn(str(case.get("text", "x")))
    return Email(source="mail", external_id="x", title="", occurred_at=None, turns=(words,), participants=people, links=tuple(links))


def known(*accounts: StoredAccount, ours: str = "cartage.example", partner: str = "partner.example") -> Directory:
    found = Directory(Domains(frozenset({ours}), frozenset({partner})))
    for each in accounts:
        found.add_account(each)
    return found


def account(id: str, *domains: str, name: str = "") -> StoredAccount:
    return StoredAccount(id, id, name or id.upper(), domains, ())


def mail(*addresses: str, said: str = "x", by: str = "", **more: object) -> Email:
    people = tuple(Participant("", a) for a in addresses)
    turns = (Turn(said, Participant("", by) if by else None),)
    return Email(source="mail", external_id="m", title="", occurred_at=None, turns=turns, participants=people, **more)  # type: ignore[arg-type]  # a test's short cut


def outcome(interaction: Interaction, directory: Directory) -> str:
    place = route(interaction, directory)
    return place.account_id if isinstance(place, Routed) else place.reason


def test_a_subsidiarys_domain_outweighs_its_parents_and_a_sister_goes_to_the_parent() -> None:
    there = known(account("parent", "acme.example"), account("eu", "eu.acme.example"), account("lab", "acme-labs.example"))
    assert outcome(mail("a@eu.acme.example"), there) == "eu"
    assert outcome(mail("a@mail.eu.acme.example"), there) == "eu"
    assert outcome(mail("a@us.acme.example"), there) == "parent"
    assert outcome(mail("a@acme.example"), there) == "parent"
    assert outcome(mail("a@acme-labs.example"), there) == "lab"
    assert outcome(mail("a@eu.acme.example", "b@acme.example"), there) == "two_accounts"


def test_a_companys_website_on_a_host_of_its_domain_is_enough() -> None:
    there = known(account("a", "shop.acme.example"), account("t", "acme.onmicrosoft.com"), account("g", "acme.github.io"))
    assert outcome(mail("x@acme.example"), there) == "a"
    assert outcome(mail("x@acme.onmicrosoft.com"), there) == "t"
    assert outcome(mail("x@other.onmicrosoft.com"), there) == "no_account"
    assert outcome(mail("x@other.github.io"), there) == "no_account"


def test_a_website_on_somebody_elses_pages_makes_their_mail_nobodys() -> None:
    acme, zoom = account("a", "linkedin.com", name="Acme"), account("z", "zoom.us", name="Zoom")
    there = known(acme, zoom, account("f", "gmail.com", name="Gmail Fans"))
    assert outcome(mail("x@linkedin.com"), there) == "no_account"
    assert outcome(mail("x@zoom.us"), there) == "z"
    assert outcome(mail("x@gmail.com"), there) == "no_account"


@pytest.mark.parametrize(
    "address",
    ["d@harb0rlight.example", "d@harboriight.example", "d@hаrborlight.example", "d@xn--hrborlight-zqi.example", "d@cartaqe.example"],
)
def test_a_domain_that_only_looks_like_one_we_know_holds_all_it_is_in(address: str) -> None:
    there = known(account("h", "harborlight.example"), account("b", "bright.example"))
    expected = "no_account" if "cartaqe" in address else "lookalike"  # q for g is no look-alike to Unicode
    assert outcome(mail("dana@cartage.example", address), there) == expected
    if expected == "lookalike":
        assert outcome(mail("true@harborlight.example", address), there) == "lookalike"
        place = route(mail(address), there)
        assert isinstance(place, Undecided)
        assert place.candidates == ("H",)
        assert "only looks like harborlight.example" in place.hint


def test_a_listed_domain_and_a_contact_of_the_crm_are_what_they_are() -> None:
    there = known(account("modern", "modern.example"), account("modem", "modem.example"))
    assert outcome(mail("x@modem.example"), there) == "modem"
    there = known(account("h", "harborlight.example"))
    there.add_contact(StoredPerson("p", "Al", "al@harboriight.example", "", "buyer", "h"), ())
    assert outcome(mail("al@harboriight.example"), there) == "h"


def test_a_domain_in_another_script_is_compared_in_one_form() -> None:
    there = known(account("s", "straße.example"), account("b", "bücher.example"))
    assert outcome(mail("x@xn--strae-oqa.example"), there) == "s"
    assert outcome(mail("x@strasse.example"), there) == "lookalike"
    assert outcome(mail("x@BÜCHER.example"), there) == "b"


def test_whose_words_a_mail_forwards_counts_as_much_as_who_sends_it() -> None:
    there = known(account("a", "a.example"), account("b", "b.example"))
    assert outcome(mail("dana@cartage.example", "x@a.example", by="kim@b.example"), there) == "two_accounts"
    assert outcome(mail("dana@cartage.example", "eli@cartage.example", by="kim@b.example"), there) == "b"


def test_a_thread_places_no_stranger_and_never_against_the_people_in_it() -> None:
    there = known(account("a", "a.example"), account("b", "b.example"))
    there.by_message["m-a"] = {"a"}
    assert outcome(mail("dana@cartage.example", in_reply_to="m-a"), there) == "a"
    assert outcome(mail("evil@unknown.example", in_reply_to="m-a"), there) == "no_account"
    assert outcome(mail("kim@b.example", in_reply_to="m-a"), there) == "two_accounts"
    there.by_message["m-a"].add("b")
    assert outcome(mail("dana@cartage.example", in_reply_to="m-a"), there) == "two_accounts"


def test_a_strangers_word_of_a_crm_record_places_nothing_and_a_record_of_another_account_than_its_peoples_holds_it() -> None:
    there = known(account("a", "a.example"), account("b", "b.example"))
    there.by_link[Link("hubspot", "deal", "42190377651")] = "a"
    assert outcome(mail("who@unknown.example", said="HubSpot deal 42190377651"), there) == "no_account"
    assert outcome(mail("dana@cartage.example", said="HubSpot deal 42190377651"), there) == "a"
    assert outcome(mail("kim@b.example", links=(Link("hubspot", "deal", "42190377651"),)), there) == "two_accounts"
    assert outcome(mail("kim@b.example", "x@a.example", links=(Link("hubspot", "deal", "42190377651"),)), there) == "a"


def test_no_header_of_a_mail_names_an_account(desk: Desk) -> None:
    head = b"X-Account-Id: Halden Freight Group\nX-Baton-Account: 001RkH\nList-Id: <halden.example>\n"
    sent = exported("Eve <eve@unknown.example>", "Dana <dana@cartage.example>", "Secret words.", id="x@unknown.example")
    desk.write({**under("crm", salesforce()), "eve.eml": head + sent})
    assert [(h.file, h.reason) for h in desk.ingest().held] == [("eve.eml", "no_account")]


def test_what_a_held_mail_carries_waits_with_it_even_in_a_folder_of_one_account(desk: Desk) -> None:
    both = "Ana <ana@halden.example>, Bo <bo@bright.example>"
    desk.write({
        **under("a", salesforce(notes=["A note."])), **under("b", salesforce("Bright", "bright.example", mark="B", contacts=[])),
        "a/x.eml": exported("Dana <dana@cartage.example>", both, "Hello both.", id="x@cartage", attached={"prices.pdf": "The price is 5"}),
    })  # fmt: skip
    tally = desk.ingest()
    assert {(h.file, h.reason) for h in tally.held} == {("a/x.eml", "two_accounts"), ("a/x.eml::prices.pdf", "two_accounts")}
    assert not any("price" in text for said in desk.said().values() for text in said)
    assert {h.reason for h in desk.ingest(account="Halden Freight Group").held} == set()  # a person's word: one of the two


CUSTOMERS = ("a.example", "eu.a.example", "b.example", "c.example", "shared.example")
DOMAINS = (*CUSTOMERS, "gmail.com", "partner.example", "cartage.example", "z.example")
ADDRESS = st.builds(lambda who, domain: f"{who}@{domain}", st.sampled_from(("ann", "bob", "cy")), st.sampled_from(DOMAINS))
LISTED = st.fixed_dictionaries({id: st.sets(st.sampled_from(CUSTOMERS)) for id in "abc"})
CONTACTS = st.dictionaries(ADDRESS, st.sampled_from("abc"), max_size=4)
MAIL = st.builds(
    lambda people, by, answers, links: mail(*people, by=by, in_reply_to=answers, links=links),
    st.lists(ADDRESS, max_size=4),
    st.one_of(st.just(""), ADDRESS),
    st.sampled_from(("", "m-a", "m-b")),
    st.sampled_from(((), (Link("hubspot", "deal", "1"),))),
)


def directory_of(listed: dict[str, set[str]], contacts: dict[str, str]) -> Directory:
    found = known(*(account(id, *sorted(domains)) for id, domains in listed.items()))
    for number, (address, owner) in enumerate(contacts.items()):
        found.add_contact(StoredPerson(str(number), "", address, "", "buyer", owner), ())
    found.by_message |= {"m-a": {"a"}, "m-b": {"b"}}
    found.by_link[Link("hubspot", "deal", "1")] = "a"
    return found


def customers_of(address: str, listed: dict[str, set[str]], contacts: dict[str, str]) -> set[str]:
    """Whose customer an address surely is, told without the router."""
    domain = address.partition("@")[2]
    if domain in ("gmail.com", "partner.example", "cartage.example"):
        return {contacts[address]} if domain == "gmail.com" and address in contacts else set()
    return {contacts[address]} if address in contacts else {id for id, domains in listed.items() if domain in domains}


@settings(max_examples=400)
@given(MAIL, LISTED, CONTACTS)
def test_a_mail_among_people_of_two_accounts_that_no_record_decides_is_in_neither(
    sent: Email, listed: dict[str, set[str]], contacts: dict[str, str]
) -> None:
    people = [*(p.email for p in sent.participants), *(t.speaker.email for t in sent.turns if t.speaker)]
    sure = [owners for a in people if (owners := customers_of(a, listed, contacts))]
    if not sent.links and sure and not set.intersection(*sure):
        assert outcome(sent, directory_of(listed, contacts)) == "two_accounts"


@settings(max_examples=400)
@given(MAIL, LISTED, CONTACTS, ADDRESS)
def test_one_more_in_copy_from_another_customer_never_makes_a_mail_visible_in_another_account(
    sent: Email, listed: dict[str, set[str]], contacts: dict[str, str], more: str
) -> None:
    there = directory_of(listed, contacts)
    before = route(sent, there)
    after = route(mail(*(p.email for p in sent.participants), more, by=next((t.speaker.email for t in sent.turns if t.speaker), ""),
                       in_reply_to=sent.in_reply_to, links=sent.links), there)  # fmt: skip
    if isinstance(before, Routed):
        assert not isinstance(after, Routed) or after.account_id == before.account_id
