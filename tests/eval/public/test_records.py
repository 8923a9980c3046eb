"""A set that is not there is skipped with a word; one that is wrong is refused with the file, the line and the field."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval.public.folder import BESIDE, VARIABLE, Absent, public_data
from eval.public.records import BadSet, moment_of, read_set
from tests.eval.public.making import Record, paper, put, question, talk

CALL = talk("c1", "acme", ("Dana", "We start in May."), ("Erik", "Good."))


def test_the_folder_is_the_one_given_else_the_environments_else_the_one_beside_the_project() -> None:
    assert public_data(Path("given"), {VARIABLE: "/named"}) == Path("given")
    assert public_data(None, {VARIABLE: "/named"}) == Path("/named")
    assert public_data(None, {VARIABLE: ""}) == BESIDE


def test_a_set_that_is_not_there_or_only_in_part_is_absent_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(Absent, match=r"acme: not here \(.*acme/documents.jsonl\); skipped"):
        read_set(tmp_path / "acme")
    put(tmp_path / "acme", [CALL], [])
    (tmp_path / "acme" / "questions.jsonl").unlink()
    with pytest.raises(Absent, match=r"questions\.jsonl"):
        read_set(tmp_path / "acme")


@pytest.mark.parametrize(
    ("documents", "questions", "said"),
    [
        ([CALL | {"source_type": "fax"}], [], "documents.jsonl:1: source_type: Input should be"),
        ([CALL | {"timestamp": "last May"}], [], "documents.jsonl:1: timestamp: Value error, 'last May' is no date"),
        ([CALL, CALL], [], "documents.jsonl:2: doc_id: 'c1' is the id of line 1 too"),
        ([CALL, CALL | {"doc_id": "c2"}], [], "documents.jsonl:2: turns.turn_id: 'c1#0' is used in line 1 already"),
        ([CALL | {"text": "More."}], [], "c1 has words both in `text` and in `turns`"),
        ([talk("c1", "acme", ("Dana", " "))], [], "c1 has no words, neither in `text` nor in `turns`"),
        ([CALL], [{"qid": "q1"}], "questions.jsonl:1: account: Field required"),
        ([CALL], [question("q1", "acme", "Eh?")] * 2, "questions.jsonl:2: qid: 'q1' is the id of line 1 too"),
        ([CALL], [question("q1", "other", "Eh?")], "account: q1 names 'other', which is not there"),
        ([CALL], [question("q1", "acme", "Eh?", docs=["c9"])], "evidence_doc_ids: q1 names 'c9'"),
        ([CALL], [question("q1", "acme", "Eh?", turns=["c1#7"])], "evidence_turn_ids: q1 names 'c1#7'"),
        ([CALL, paper("d1", "other", "A.")], [question("q1", "acme", "Eh?", docs=["d1"])], "names 'd1', which is not there for account"),
        ([CALL], [question("q1", "acme", "Eh?", answerable=False, trap_turns=["c1#8"])], "meta.trap_turns: q1 names 'c1#8'"),
        ([CALL], [question("q1", "acme", "Eh?", answerable=False, docs=["c1"])], "q1 is unanswerable and yet has evidence"),
        ([CALL], [question("q1", "acme", "Eh?", history=[{"speaker": "user", "text": "A?"}])], "meta.history: q1 must have user and agent"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_line_and_field(
    tmp_path: Path, documents: list[Record], questions: list[Record], said: str
) -> None:
    with pytest.raises(BadSet) as fault:
        read_set(put(tmp_path / "acme", documents, questions))
    assert said in str(fault.value)


def test_a_line_that_is_not_json_is_named_and_every_fault_of_a_file_is_told(tmp_path: Path) -> None:
    folder = put(tmp_path / "acme", [CALL], [])
    (folder / "questions.jsonl").write_text('{"qid": \n\n{"qid": "q2"}\n')
    with pytest.raises(
        BadSet, match=r"questions.jsonl:1: the line: Invalid JSON[^\n]*\n(.*\n)*.*questions.jsonl:3: question: Field required"
    ):
        read_set(folder)


def test_a_question_to_all_accounts_may_name_evidence_of_any(tmp_path: Path) -> None:
    folder = put(tmp_path / "acme", [CALL, paper("d1", "other", "A.")], [question("q1", "*", "Eh?", docs=["c1", "d1"])])
    assert read_set(folder).questions[0].evidence_doc_ids == ("c1", "d1")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (None, None),
        ("", None),
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03-04T10:00:00+02:00", datetime(2026, 3, 4, 8, tzinfo=UTC)),
        ("1772582400", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Wed, 04 Mar 2026 10:00:00 +0200 (EET)", datetime(2026, 3, 4, 8, tzinfo=UTC)),
        ("soon", None),
    ],
)
def test_the_sets_four_ways_of_writing_a_moment_are_read(written: str | None, moment: datetime | None) -> None:
    assert moment_of(written) == moment
