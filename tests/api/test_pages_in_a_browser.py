"""The pages beside asking, in a real Chromium: promises, history, imports, people, quality, settings; and all of them for everybody."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from api.importing import Imports
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import Work
from ingest.sides import BY_HAND
from tests.api.browsing import ask, path_of, site, watched
from tests.api.offices import HeldUp
from tests.conftest import HALDEN as FILES
from tests.conftest import Desk
from tests.exports import DANA, MARTA, at, mail

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HALDEN = "/a/halden-freight-group"
QUESTION = "What go-live date did we commit to?"
SAID = {
    "source": "call-1", "speaker": "Dana Okafor", "on": "2026-09-02", "quote": "Marta will sign it.", "support": 0.31, "valid": True,
    "is_evidence": False, "foreign": False, "late": False,
}  # fmt: skip
RUN = {
    "deals": ["halden"], "labels": "x", "measures": {"correct": {"value": 0.5, "items": 2}},
    "items": [
        {
            "id": "halden Q1", "deal": "halden", "kind": "stakeholder", "text": "Who signs?", "right": False, "faults": ["lacks Jonas"],
            "failed": ["correct", "fact_recall"], "scores": {"correct": 0.0, "fact_recall": 0.5}, "said": "",
            "wanted": [{"source": "mail-2", "quote": "Jonas signs together with Marta."}],
        },
        {
            "id": "halden Q2", "deal": "halden", "kind": "never_discussed", "text": "Is there a penalty?", "right": True, "faults": [],
            "failed": [], "scores": {"correct": 1.0}, "said": "", "wanted": [],
        },
        {
            "id": "halden P1", "deal": "halden", "kind": "promise made", "text": "The portal speaks Swedish.", "right": False,
            "faults": ["promise missed"], "failed": ["promise_recall"], "scores": {"promise_recall": 0.0}, "said": "",
            "wanted": [{"source": "call-1", "quote": "<b>The portal</b> will speak Swedish."}],
        },
    ],
    "gate": {
        "passed": False, "fault": None, "newly_failing": [], "newly_passing": [],
        "checks": [
            {"measure": "correct", "value": 0.5, "recorded": 0.6, "bar": 0.57, "verdict": "below"},
            {"measure": "citation_validity", "value": 1.0, "recorded": 1.0, "bar": 1.0, "verdict": "holds"},
        ],
    },
    "questions": [
        {
            "deal": "halden", "id": "Q1", "text": "Who signs?", "answerable": True, "correct": False, "status": "answered",
            "missing": [["Jonas"]], "wanted_facts": [["Marta"], ["Jonas"]], "must_not": [], "answer": "Marta signs.", "error": None,
            "citations": [SAID],
        },
        {
            "deal": "halden", "id": "Q2", "text": "Is there a penalty?", "answerable": False, "correct": True, "status": "declined",
            "missing": [], "wanted_facts": [], "must_not": [], "answer": "", "error": None, "citations": [],
        },
    ],
    "run": {"name": "3a340a1f00d5", "at": "2026-11-20T14:02:00Z"},
}  # fmt: skip


@pytest.fixture
def run_by(browser: Browser, office: Kit) -> Iterator[Page]:
    """The page of whoever runs a home in which something is held."""
    with site(office) as (base, _), watched(browser, base) as seen:
        yield seen.page()


def test_a_promise_is_found_marked_and_taken_back_and_its_words_open(kit: Kit, page: Page) -> None:
    page.goto("/promises")
    total = page.request.get("/api/v1/promises").json()["total"]
    page.get_by_text(f"{total} promises in 1 account").wait_for()
    page.get_by_label("Search promises").fill("depots")
    page.wait_for_url("**/promises?q=depots")
    row = page.locator("tbody tr", has_text="18 January 2027").first
    row.locator(".cite").first.click()
    page.locator(".ev mark").first.wait_for()
    assert "18 January 2027" in "".join(page.locator(".ev mark").all_text_contents())
    page.keyboard.press("Escape")
    row.get_by_label("Status: Open. Change").click()
    row.get_by_label("At risk").check()
    row.get_by_label("Because").fill("The SAP test system is late.")
    row.get_by_role("button", name="Save").click()
    row.get_by_label("Status: At risk. Change").wait_for()
    [mark] = kit.archive.promise_marks(EVERYTHING)
    assert (mark.status, mark.because) == ("at_risk", "The SAP test system is late.")
    page.get_by_label("Status", exact=True).select_option("at_risk")
    page.get_by_text("1 promise in 1 account").wait_for()
    page.get_by_role("button", name="Show all").click()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.locator(".toast").get_by_text("Undone").wait_for()
    assert page.request.get("/api/v1/promises?status=at_risk").json()["total"] == 0


def test_what_a_customer_says_they_were_told_stands_beside_our_words(desk: Desk, browser: Browser) -> None:
    desk.write(FILES)
    told = "Hi Dana,\n\nweren't we getting phone support in Swedish for 90 days?\n\nMarta"
    desk.write({"emails/late.eml": mail(MARTA, DANA, told, id="m9@halden", on=at(12, 9))})
    desk.ingest()
    with desk.kit(write=True) as kit, site(kit) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        page.goto("/promises?of=halden-freight-group")
        recalled = page.locator("section", has=page.get_by_role("heading", name="What they say they were told")).locator("li")
        recalled.get_by_text("weren't we getting phone support in Swedish for 90 days?").wait_for()
        recalled.locator(".versus").get_by_text("phone support in Swedish is free of charge for 90 days.").wait_for()
        recalled.locator(".versus .cite").click()
        page.locator(".ev mark").first.wait_for()
        page.goto("/promises")
        page.locator(".ledger").wait_for()
        assert recalled.count() == 0


def test_the_history_is_searched_and_a_source_opens_beside_the_list(page: Page) -> None:
    page.goto(f"{HALDEN}/sources")
    page.get_by_role("heading", name="September 2026 3 sources").wait_for()
    assert page.locator(".row").count() == 4
    page.get_by_label("Search the deal history").fill("sap tom")
    page.wait_for_function("() => document.querySelectorAll('.row').length === 1")
    page.locator(".row").click()
    page.locator(".ev .seg").nth(3).wait_for()
    assert page.locator(".track-name").all_text_contents() == ["Dana O.", "Marta L.", "Tom R."]
    page.reload()
    page.locator(".ev .seg").nth(3).wait_for()
    page.locator(".row[aria-current]").wait_for()
    page.get_by_label("Search the deal history").fill("no such words")
    page.get_by_text("No source matches.").wait_for()
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("() => document.querySelectorAll('.row').length === 4")


def test_what_is_held_is_assigned_and_that_is_taken_back(office: Kit, run_by: Page) -> None:
    page = run_by
    page.goto("/imports")
    page.get_by_role("heading", name="Four depots").wait_for()
    page.get_by_text("No tool is connected.").wait_for()
    page.get_by_role("button", name="Say whose it is").click()
    page.get_by_label("Account", exact=True).fill("Newco")
    page.get_by_role("button", name="Assign").click()
    page.locator(".toast").get_by_text("No account that you can see goes by that").wait_for()
    page.get_by_label("It is a new account: make it").check()
    page.get_by_label("domain newco.example").check()
    page.get_by_role("button", name="Assign").click()
    page.get_by_text("Nothing is held: everything that was read has its account.").wait_for()
    assert [one.title for one in office.archive.sources(EVERYTHING.only(office.archive.account(EVERYTHING, "newco").id))] == ["Four depots"]
    page.get_by_role("link", name="Assigned 1").click()
    page.get_by_text("Others are placed by domain newco.example").wait_for()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Waiting 1").click()
    page.get_by_role("button", name="Leave it out").click()
    page.get_by_role("link", name="Left out 1").click()
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Nothing was left out.").wait_for()
    page.get_by_role("link", name="Set aside 1").click()
    page.get_by_text("in/broken.json").wait_for()
    page.get_by_role("link", name="Runs").click()
    assert page.locator("tbody tr").first.locator("td").all_text_contents()[1:] == ["4", "0", "0", "0", "1", "1"]


def test_an_import_is_followed_while_questions_are_answered_and_its_failures_are_named(browser: Browser, office: Kit, desk: Desk) -> None:
    """B23: the bar moves, what could not be read stands there, and asking goes on."""
    desk.write({"late.json": '{"broken'})
    (desk.home / "baton.toml").write_text('[imports]\nexports = "../files"\n', "utf-8")
    held_up = HeldUp()
    with site(office) as (base, app), watched(browser, base) as seen:
        app.state.imports = Imports(office.home, held_up)
        page, other = seen.page(), seen.page()
        page.goto("/imports")
        page.get_by_role("button", name="Import exports now").click()
        page.get_by_text("Reading, 1 of 3").wait_for()
        bar = page.locator("progress")
        assert (bar.get_attribute("value"), bar.get_attribute("max")) == ("1", "3")
        assert page.get_by_role("button", name="Import exports now").is_disabled()
        other.goto(HALDEN)
        ask(other, "What go-live date did we commit to?")
        held_up.go_on.set()
        page.locator(".running", has_text="exports: 0 new, 0 changed").wait_for()
        page.get_by_role("link", name="Set aside 2").click()
        page.get_by_text("late.json").wait_for()


def test_two_are_said_to_be_one_person_and_that_is_taken_back(run_by: Page) -> None:
    page = run_by
    page.goto(f"{HALDEN}/people")
    tom = page.locator(".persons li", has_text="Tom Reyes")
    tom.get_by_role("button", name="Tom Reyes is the same as somebody else").click()
    tom.get_by_label("Who Tom Reyes is").select_option(label="Marta Lindqvist, marta@halden.example")
    tom.get_by_role("button", name="They are one person").click()
    page.get_by_text("Also as Tom Reyes").wait_for()
    page.get_by_role("button", name="Not the same").click()
    page.locator(".persons b", has_text="Tom Reyes").wait_for()


def test_whose_side_somebody_is_on_is_said_and_taken_back(office: Kit, run_by: Page) -> None:
    """Where nobody knows it, the page says what is lost until somebody does."""
    page = run_by
    scope = EVERYTHING.only(office.archive.account(EVERYTHING, "halden").id)
    tom = next(one for one in office.archive.people(scope) if one.name == "Tom Reyes")
    office.archive.set_sides({tom.id: "unknown"})
    page.goto(f"{HALDEN}/people")
    page.get_by_text("Until somebody says whose side they are on").wait_for()
    row = page.locator(".persons li", has_text="Tom Reyes")
    row.get_by_text("1 statement counts for neither side").wait_for()
    row.get_by_label("Whose side Tom Reyes is on").select_option(label="A partner's")
    page.locator("section", has=page.get_by_role("heading", name="Partners")).get_by_text("Tom Reyes").wait_for()
    assert next(one.side for one in office.archive.people(scope) if one.id == tom.id) == "partner"
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.locator("section", has=page.get_by_role("heading", name="The customer")).get_by_text("Tom Reyes").wait_for()
    assert office.archive.setting(BY_HAND) == {}


def test_measured_quality_names_what_fell_below_its_bar_and_opens_what_went_wrong(office: Kit, run_by: Page) -> None:
    page = run_by
    page.goto("/quality")
    page.get_by_text("No run is kept here yet.").wait_for()
    (office.home.path / "evaluations").mkdir()
    (office.home.path / "evaluations" / "run.json").write_text(json.dumps(RUN))
    page.reload()
    page.get_by_text("1 gate failed").wait_for()
    first = page.locator("tbody tr").first.locator("td").all_text_contents()
    assert first == ["Questions answered right", "50.0%", "60.0%", "57.0%", "Below its bar"]
    assert page.locator(".cases summary .told > span").all_text_contents() == ["Who signs?", "The portal speaks Swedish."]
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(".beside > div").nth(1).wait_for()
    wanted, said = page.locator(".beside > div").all()
    assert "Jonas (missing)" in wanted.inner_text()
    assert "Jonas signs together with Marta." in wanted.inner_text()
    assert "Marta signs." in said.inner_text()
    assert "other words Dana Okafor, 2026-09-02, call-1; support 0.31" in said.inner_text()
    assert page.locator(".failed").inner_text() == "Held against it by: Questions answered right, Facts found"
    page.get_by_label("Any measure").select_option("promise_recall")
    page.get_by_text("The portal speaks Swedish.").click()
    page.get_by_text("<b>The portal</b> will speak Swedish.").wait_for()
    assert page.locator(".cases li").count() == 1
    page.reload()
    page.get_by_text("1 case").wait_for()
    page.get_by_label("Any measure").select_option("")
    page.get_by_label("Which cases").select_option("all")
    assert page.locator(".cases li").count() == 3
    page.get_by_label("All kinds").select_option("never_discussed")
    assert page.locator(".cases li").count() == 1


def test_two_runs_are_compared_and_what_turned_stands_with_what_was_said_then(office: Kit, run_by: Page) -> None:
    folder = office.home.path / "evaluations"
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(RUN))
    then: dict[str, Any] = json.loads(json.dumps(RUN))
    then["run"] = {"name": "0000000000aa", "at": "2026-11-01T14:02:00Z"}
    then["measures"]["correct"]["value"] = 1.0
    then["items"][0] |= {"faults": [], "right": True, "failed": [], "scores": {"correct": 1.0, "fact_recall": 1.0}}
    then["items"][2] |= {"faults": [], "right": True, "failed": [], "said": "The portal will be in Swedish."}
    then["questions"][0]["answer"] = "Marta and Jonas sign."
    (folder / "then.json").write_text(json.dumps(then))
    os.utime(folder / "then.json", (1, 1))
    page = run_by
    page.goto("/quality")
    assert page.locator(".course").first.get_attribute("aria-label") == "100.0%, 50.0%"
    page.get_by_label("The run to compare with").select_option("0000000000aa")
    page.get_by_text("3 cases in both; 2 newly wrong, 0 newly right.").wait_for()
    page.get_by_label("Which cases").select_option("newly_failing")
    page.get_by_text("The portal speaks Swedish.").click()
    page.get_by_text("The portal will be in Swedish.").wait_for()
    page.get_by_label("All kinds").select_option("stakeholder")
    assert page.locator(".cases li").count() == 1
    page.get_by_text("Who signs?").click()
    assert page.locator(".beside h3").all_text_contents() == ["Expected", "Said then", "Said now"]
    page.get_by_text("Marta and Jonas sign.").wait_for()


def test_what_failed_is_tried_again_and_what_waits_is_cancelled(office: Kit, run_by: Page) -> None:
    page, work = run_by, Work.beside(office.archive)
    page.clock.install()
    page.goto("/jobs")
    page.get_by_text("There are no jobs yet.").wait_for()
    account = office.archive.account(EVERYTHING, "halden").id
    broken = work.add_job("send", {"what": "draft", "channel": "slack", "brief": "brf_1"}, account_id=account)
    assert broken is not None
    work.begin_job(broken)
    work.fail_job(broken, "Slack: <b>invalid_auth</b>; the token is wrong.", None)
    work.add_job("renewal", {"on": "2027-06-01"}, due_at=datetime(2027, 6, 1, 9, tzinfo=UTC), account_id=account)
    page.clock.fast_forward(5_000)
    page.get_by_text("1 job failed and waits for you.").wait_for()  # it looks again by itself
    page.get_by_role("link", name="Failed 1").click()
    page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 1")
    row = page.locator("tbody tr")
    row.get_by_text("Slack: <b>invalid_auth</b>; the token is wrong.").wait_for()
    assert row.locator("td").nth(2).inner_text() == "1"
    assert row.get_by_role("link", name="Halden Freight Group").get_attribute("href") == f"{HALDEN}/brief"
    row.get_by_role("button", name="Try again: Message 1").click()
    page.get_by_text("Nothing failed.").wait_for()
    assert (work.job(broken).state, work.job(broken).tries) == ("waiting", 0)
    page.get_by_role("link", name="Waiting 2").click()
    page.get_by_role("button", name="Cancel: Renewal brief 2").click()
    page.get_by_role("link", name="Let be 1").click()
    page.locator("tbody tr", has_text="Renewal brief").get_by_role("button", name="Try again: Renewal brief 2").wait_for()
    assert [job.state for job in work.jobs()] == ["dismissed", "waiting"]
    work.begin_delivery("key", account, "brf_1", "draft", "slack", "deal-halden")
    page.get_by_role("link", name="Sent").click()
    row = page.locator("tbody tr", has_text="a draft to review")
    row.get_by_text("not confirmed").wait_for()
    work.end_delivery("key", "C07 1791200000.000100")
    page.clock.fast_forward(5_000)
    row.get_by_text("not confirmed").wait_for(state="detached")


def test_more_jobs_stay_when_it_looks_again(office: Kit, run_by: Page) -> None:
    page, work = run_by, Work.beside(office.archive)
    for number in range(60):
        work.add_job("pull", {"source": "gong"}, key=str(number))
    page.clock.install()
    page.goto("/jobs")
    rows = page.locator("tbody tr")
    page.get_by_role("button", name="Show more").click()
    rows.nth(59).wait_for()
    work.dismiss_job(work.jobs(limit=1)[0].number)
    page.clock.fast_forward(5_000)
    rows.first.get_by_text("Let be").wait_for()
    assert rows.count() == 60
    page.get_by_role("link", name="Waiting 59").click()
    page.get_by_role("button", name="Show more").wait_for()
    assert rows.count() == 50


def test_the_settings_in_force_are_there_to_be_read(run_by: Page) -> None:
    run_by.goto("/settings")
    run_by.get_by_text("Answers are the history's own words; nothing is sent anywhere").wait_for()
    run_by.get_by_text("cartage.example").first.wait_for()
    assert run_by.locator("input, textarea, select").count() == 0


def places(page: Page) -> Iterator[str]:
    """Every page in a state worth looking at, one after the other; the name of each."""
    page.goto("/")
    page.get_by_role("option").first.wait_for()
    yield "accounts"
    page.goto(HALDEN)
    page.locator(".starters").wait_for()
    yield "nothing asked yet"
    ask(page, QUESTION)
    page.locator("[data-copy] [aria-pressed]").last.click()
    yield "an answer"
    page.locator("article.turn .cite").first.click()
    page.locator(".ev mark").first.wait_for()
    yield "a source"
    page.locator(".ev [data-close]").click()
    ask(page, "Which zeppelin colour does the warehouse mascot prefer?")
    yield "a declined answer"
    assert page.request.post("/api/v1/accounts/halden/briefs", data={}).status == 202
    for path, shown in {
        f"{HALDEN}/brief": ".facts", f"{HALDEN}/brief/review": ".queue", f"{HALDEN}/brief/review/all": ".hands",
        f"{HALDEN}/brief/diff": ".compared", f"{HALDEN}/brief/v/9": ".notice",
        f"{HALDEN}/sources": ".row", f"{HALDEN}/people": ".persons", "/promises": ".ledger",
        "/imports": ".held, .empty", "/imports?tab=runs": "table, .empty",
        "/jobs": "table, .empty", "/jobs?tab=sent": "table, .empty", "/quality": "table, .empty",
        "/settings": ".terms", f"{HALDEN}/nothing": "main h1",
    }.items():  # fmt: skip
        page.goto(path)
        page.locator(shown).first.wait_for()
        yield path


RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast", "link-in-text-block"],
}
"""axe's tags and rules. In the dark the elements are the same ones in other colours."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_nobody_is_kept_out_and_nothing_scrolls_sideways(browser: Browser, kit: Kit, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    (kit.home.path / "evaluations").mkdir()
    (kit.home.path / "evaluations" / "run.json").write_text(json.dumps(RUN))
    found: dict[str, list[Any]] = {}
    looked = 0
    with site(kit) as (base, _), watched(browser, base, viewport={"width": width, "height": 844}, color_scheme=scheme) as seen:
        page = seen.page()
        for place in places(page):
            violations = axe.run(page, options={"runOnly": RULES[scheme], "resultTypes": ["violations"]}).response["violations"]
            told = [(one["id"], one["nodes"][0]["html"][:160], one["nodes"][0]["failureSummary"]) for one in violations]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                told.append(("scrolls sideways", path_of(page), ""))
            if told:
                found[place] = told
            looked += 1
    print(f"axe on {looked} pages and states, {width} wide, {scheme}: {sum(map(len, found.values()))} violations")
    assert found == {}, json.dumps(found, indent=1)


FOCUS = """() => {
    const held = document.activeElement;
    if (!held || held === document.body) return null;
    const name = `${held.tagName}.${held.className} ${(held.getAttribute("aria-label") ?? held.textContent).trim().slice(0, 40)}`;
    const drawn = (one) => one && getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 1;
    const box = held.getBoundingClientRect();
    const seen = drawn(held) || drawn(held.closest(".field-search, .box, label"));
    const places = [[box.left + box.width / 2, box.top + box.height / 2], [box.left + 4, box.top + 4], [box.right - 4, box.bottom - 4]];
    const own = (at) => at && (held.contains(at) || at.contains(held));
    const clear = box.width * box.height === 0 || places.some(([x, y]) => own(document.elementFromPoint(x, y)));
    return [name, seen ? "" : "focus is not seen", clear ? "" : "is covered"];
}"""


@pytest.mark.parametrize("width", [1440, 390])
def test_wherever_the_keyboard_goes_the_focus_is_seen_and_nothing_lies_over_it(browser: Browser, kit: Kit, width: int) -> None:
    Work.beside(kit.archive).add_job("retention", {})
    wrong, stops = [], 0
    with site(kit) as (base, _), watched(browser, base, viewport={"width": width, "height": 844}) as seen:
        page = seen.page()
        assert page.request.post("/api/v1/accounts/halden/briefs", data={}).status == 202
        for path, shown in {
            HALDEN: ".starters", f"{HALDEN}/brief": ".facts", f"{HALDEN}/brief/review": ".queue", f"{HALDEN}/sources": ".row",
            f"{HALDEN}/people": ".persons", "/promises": ".ledger", "/imports": ".tabs", "/jobs": "table", "/settings": ".terms",
        }.items():  # fmt: skip
            page.goto(path)
            page.locator(shown).first.wait_for()
            page.evaluate("document.activeElement?.blur()")
            for _ in range(30):
                page.keyboard.press("Tab")
                at = page.evaluate(FOCUS)
                if at is None:
                    break
                stops += 1
                wrong += [(path, *at)] if any(at[1:]) else []
    assert stops > 100
    assert wrong == []


def test_between_pages_nothing_is_loaded_anew_and_back_leads_back(page: Page) -> None:
    page.goto(HALDEN)
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Deal history").click()
    page.get_by_role("heading", name="Deal history").wait_for()
    page.get_by_role("link", name="Promises").click()
    page.get_by_role("heading", name="Promises").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Deal history").wait_for()
    assert page.evaluate("window.same") is True
    page.wait_for_function("() => document.title === 'Deal history · Halden Freight Group · Baton'")
