"""Cases from life: what is drafted counts for nothing, what a person labels is part of a set that the evaluation runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from assistant.answers import Question
from assistant.asking import ask
from assistant.brief.body import brief_json
from assistant.brief.compose import compose
from assistant.render import answer_json
from assistant.wiring import Kit
from eval.cases import BadCases, load_cases
from eval.command import run_eval
from eval.drafts import Draft, DraftEvidence, drafts_of
from eval.life import CaseSet, Given, Label, confirm, from_feedback, load_set, write_account
from ingest.archive.rows import Opinion, StoredAccount, StoredInteraction
from ingest.archive.scope import EVERYTHING
from tests.conftest import HALDEN
from tests.exports import write

QUOTE = "I can commit to a go-live date of 18 January 2027."
AT = datetime(2026, 11, 30, tzinfo=UTC)


def account_of(kit: Kit) -> tuple[StoredAccount, list[StoredInteraction]]:
    account = kit.archive.account(EVERYTHING, "halden")
    return account, kit.archive.interactions(EVERYTHING.only(account.id))


def drafted(text: str = "When do they go live?", **more: object) -> Draft:
    return Draft("case_1", "Halden Freight Group", text, "timeline", True, (), (), "brief", "promise", **more)  # type: ignore[arg-type]


def test_a_brief_gives_drafts_for_what_it_states_and_for_what_it_lacks(halden: Kit) -> None:
    account, _ = account_of(halden)
    drafts = drafts_of(brief_json(compose(halden, account.id)))
    assert any(one.type == "promise" and any(QUOTE in e.quote or e.quote in QUOTE for e in one.evidence) for one in drafts)
    assert any(one.type == "never_discussed" and not one.answerable and not one.evidence for one in drafts)
    assert len({one.text for one in drafts}) == len(drafts)


def test_a_draft_becomes_a_label_with_facts_and_words_of_the_history_and_no_other(halden: Kit) -> None:
    _, interactions = account_of(halden)
    label = confirm(Label(drafted()), Given(facts=("18 January|January 18",), quotes=(QUOTE,), by="Priya"), interactions)
    assert label.status == "labelled"
    assert label.by == "Priya"
    assert label.draft.facts == (("18 January", "January 18"),)
    assert label.draft.evidence[0].source.startswith("src_")
    with pytest.raises(BadCases, match="letter for letter"):
        confirm(Label(drafted()), Given(facts=("18 January",), quotes=("I can commit to 19 January.",)), interactions)
    with pytest.raises(BadCases, match="needs --fact"):
        confirm(Label(drafted()), Given(quotes=(QUOTE,)), interactions)
    with pytest.raises(BadCases, match="needs --quote"):
        confirm(Label(drafted()), Given(facts=("18 January",)), interactions)
    with pytest.raises(BadCases, match="no type"):
        confirm(Label(drafted()), Given(type="gossip", facts=("18 January",), quotes=(QUOTE,)), interactions)


def test_a_question_without_an_answer_is_labelled_without_facts(halden: Kit) -> None:
    _, interactions = account_of(halden)
    label = confirm(Label(drafted()), Given(answerable=False), interactions)
    assert (label.draft.answerable, label.draft.facts, label.draft.evidence) == (False, (), ())


def test_what_a_reader_found_bad_is_drafted_without_evidence_and_what_was_good_with_it(halden: Kit) -> None:
    account, _ = account_of(halden)
    answer = answer_json(ask(halden, Question("When can we go live?", account.id)))
    opinions = [
        Opinion("ans_bad", account.id, "usr_1", AT, "down", ("wrong",), "That was taken back."),
        Opinion("ans_good", account.id, "usr_1", AT, "up", (), ""),
        Opinion("ans_gone", account.id, "usr_1", AT, "down", (), ""),
    ]
    bad, good = from_feedback(account.name, opinions, {"ans_bad": answer, "ans_good": answer})
    assert bad.why.startswith("thumbs down (wrong: That was taken back.)")
    assert bad.evidence == ()
    assert good.evidence
    assert {bad.type, good.type} == {"from_feedback"}


def test_only_what_was_labelled_is_in_the_set_and_dropping_takes_it_out(halden: Kit, tmp_path: Path) -> None:
    account, interactions = account_of(halden)
    kept = CaseSet(tmp_path)
    kept.add([drafted(), Draft("case_2", account.name, "What else?", "promise", True, (), (), "brief", "")])
    assert write_account(kept, account, None, interactions) == 0
    assert not (tmp_path / "cases").exists()
    kept.labels["case_1"] = confirm(kept.labels["case_1"], Given(facts=("18 January",), quotes=(QUOTE,)), interactions)
    assert write_account(kept, account, None, interactions) == 1
    (case,) = load_cases(tmp_path / "cases")
    assert [question.text for question in case.questions] == ["When do they go live?"]
    kept.labels["case_1"] = Label(kept.labels["case_1"].draft, "dropped")
    assert write_account(kept, account, None, interactions) == 0
    assert list((tmp_path / "cases").iterdir()) == []
    assert list((tmp_path / "samples").iterdir()) == []


def test_the_export_of_a_set_says_who_wrote_each_mail_and_note(halden: Kit, tmp_path: Path) -> None:
    account, interactions = account_of(halden)
    kept = CaseSet(tmp_path)
    kept.labels["case_1"] = confirm(Label(drafted()), Given(facts=("18 January",), quotes=(QUOTE,)), interactions)
    write_account(kept, account, None, interactions)
    rows = [json.loads(line) for file in (tmp_path / "samples").iterdir() for line in file.read_text("utf-8").splitlines()]
    authors = {row["doc_id"]: row.get("author", {}).get("name") for row in rows if row["source_type"] == "email"}
    assert authors
    assert authors == {
        one.source.id: next(turn.person.name for turn in one.turns if turn.role == "said" and turn.person)
        for one in interactions
        if one.source.kind == "email"
    }


def test_what_a_person_decided_outlives_a_second_drafting(tmp_path: Path) -> None:
    kept = CaseSet(tmp_path)
    assert kept.add([drafted()]) == 1
    kept.labels["case_1"] = Label(kept.labels["case_1"].draft, "dropped", "Priya")
    kept.save()
    again = load_set(tmp_path)
    assert again.add([drafted()]) == 0
    assert again.labels["case_1"].status == "dropped"


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "case_1"}', '{"status": "draft"}', '{"status": "true", "by": ""}'])
def test_a_line_that_is_no_draft_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "drafts.jsonl").write_text(line + "\n", "utf-8")
    with pytest.raises(BadCases, match="line 1"):
        load_set(tmp_path)


def test_hostile_words_stay_words(halden: Kit, tmp_path: Path) -> None:
    account, interactions = account_of(halden)
    kept = CaseSet(tmp_path)
    kept.add([drafted('When: "!!python/object" {{7*7}} \n- x: &a *a ?')])
    kept.labels["case_1"] = confirm(kept.labels["case_1"], Given(facts=("18 January",), quotes=(QUOTE,)), interactions)
    write_account(kept, account, None, interactions)
    (case,) = load_cases(tmp_path / "cases")
    assert case.questions[0].text == 'When: "!!python/object" {{7*7}} \n- x: &a *a ?'


def baton(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_from_draft_to_a_measured_set_on_the_command_line(tmp_path: Path) -> None:
    write(tmp_path / "given", HALDEN)
    home, folder = str(tmp_path / "home"), str(tmp_path / "set")
    assert baton("ingest", str(tmp_path / "given"), "--home", home).exit_code == 0
    drafted = baton("cases", "draft", "halden", "--home", home, "--set", folder)
    assert drafted.exit_code == 0, drafted.output
    items = json.loads(baton("cases", "list", "--set", folder, "--json").stdout)["items"]
    assert {item["status"] for item in items} == {"draft"}
    chosen = next(item for item in items if item["type"] == "promise")
    refused = baton("cases", "confirm", chosen["id"], "--home", home, "--set", folder, "--quote", "Nobody said this.", "--fact", "x")
    assert refused.exit_code == 2
    told = baton(
        "cases", "confirm", chosen["id"], "--home", home, "--set", folder, "--text", "When do they go live?",
        "--fact", "18 January", "--quote", QUOTE,
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    report, code = run_eval(Path(folder))
    assert code == 0
    assert [row.question.text for row in report.rows.questions] == ["When do they go live?"]
    assert report.notes == ()
    validity = report.summary.questions["citation_validity"]
    assert validity is not None
    assert validity.value == 1.0
    assert report.summary.brief["promise_precision"] is None
    assert baton("cases", "drop", chosen["id"], "--home", home, "--set", folder).exit_code == 0
    assert not list((Path(folder) / "cases").iterdir())


def test_evidence_of_a_draft_is_looked_up_again_when_it_is_confirmed(halden: Kit) -> None:
    _, interactions = account_of(halden)
    from_brief = Draft(
        "case_1", "Halden Freight Group", "When?", "timeline", True, (("18 January",),),
        (DraftEvidence("cit_1", "7001", "Commercial alignment", QUOTE),), "brief", "",
    )  # fmt: skip
    assert confirm(Label(from_brief), Given(), interactions).draft.evidence[0].source.startswith("src_")
