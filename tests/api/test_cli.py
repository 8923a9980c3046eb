"""The command line: what it prints, what a script can tell from it, and one clear sentence for everything that can go wrong."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from ingest.archive import database
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.index import minilm
from tests.assistant.model_server import says, serving
from tests.conftest import HALDEN
from tests.exports import neutral, note, salesforce, under, vtt, write

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Of a standard output that holds exactly one object."""
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def baton(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the program's own entry point in this process, in an empty folder, on a home of the test's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))

    def run(*arguments: str | Path) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["baton", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Outcome(int(left.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(scope="module")
def read_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Halden, and two accounts whose names begin alike, read by the real program; not to be changed."""
    folder = tmp_path_factory.mktemp("cli")
    write(
        folder / "files", {**under("h", HALDEN), "m.jsonl": neutral(note("e", "One.", "Meridian East"), note("w", "Two.", "Meridian West"))}
    )
    command = [sys.executable, "-m", "api.cli", "ingest", str(folder / "files"), "--home", str(folder / "home"), "--json"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert json.loads(run.stdout)["new"] == 6
    return folder / "home"


def one_sentence(outcome: Outcome) -> str:
    """What it says on standard error, which is one line and no traceback."""
    assert outcome.out == ""
    [line] = outcome.err.splitlines()
    assert line.startswith("Error: ")
    return line.removeprefix("Error: ")


# What it shows


@pytest.mark.parametrize("arguments", [(), ("token",)])
def test_without_a_command_it_shows_its_help(baton: Run, arguments: tuple[str, ...]) -> None:
    shown = baton(*arguments)
    assert shown.code == 2
    assert shown.out.startswith("Usage: baton")
    assert shown.err == ""


def test_ingest_says_what_came_in_and_again_that_nothing_changed(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", HALDEN)
    first = baton("ingest", "x")
    assert first.code == 0
    assert first.out.splitlines()[-1].startswith("4 new, 0 changed, 0 unchanged, 0 removed; 0 held, 0 set aside; ")
    again = baton("ingest", "x", "--json")
    assert {key: again.json[key] for key in ("new", "changed", "unchanged", "removed", "held", "failed", "embedded")} == {
        "new": 0, "changed": 0, "unchanged": 4, "removed": 0, "held": [], "failed": [], "embedded": 0
    }  # fmt: skip
    assert (again.code, again.err) == (0, "")
    assert again.json["seconds"] >= 0


def test_ingest_says_where_nobody_is_known_to_be_ours(baton: Run, tmp_path: Path) -> None:
    words = vtt(("Marta Lindqvist", "We sign in May."), ("Dana Okafor", "Great."))
    write(tmp_path / "x", {"call.vtt": words})
    assert "--our-domain" in baton("ingest", "x", "--account", "Halden").err
    assert "--our-domain" not in baton("ingest", "x", "--account", "Halden", "--our-domain", "cartage.example").err


def test_ask_answers_with_numbered_quotes(baton: Run, read_home: Path) -> None:
    answered = baton("ask", "halden", "Is phone support in Swedish free of charge?", "--home", read_home)
    assert answered.code == 0
    assert "[1]" in answered.out
    assert "free of charge for 90 days" in " ".join(answered.out.split())


def test_ask_as_json_is_the_answer_of_the_contract_and_nothing_else(baton: Run, read_home: Path) -> None:
    answered = baton("ask", "halden", "Is phone support in Swedish free of charge?", "--json", "--home", read_home)
    assert (answered.code, answered.err) == (0, "")
    assert set(answered.json) == set(
        "id thread_id status partial reason question standalone_question model as_of blocks changes citations receipt removed_claims "
        "follow_ups timing degraded usage unsaid people unknown_person".split()
    )
    assert {"id", "number", "kind", "source", "turn_id", "speaker", "locator", "quote", "match", "text_sha256"} <= set(
        answered.json["citations"][0]
    )
    assert set(answered.json["receipt"]) == {"searched", "from", "to", "unreadable", "nearest"}
    quote = answered.json["citations"][0]["quote"]
    assert set(quote) == {"exact", "prefix", "suffix", "start", "end"}
    assert quote["end"] - quote["start"] == len(quote["exact"])


def test_a_question_may_come_from_standard_input(baton: Run, read_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Is phone support in Swedish free of charge?\n"))
    assert baton("ask", "halden", "-", "--home", read_home, "--json").json["question"] == "Is phone support in Swedish free of charge?"


def test_what_the_history_does_not_say_is_exit_code_3_with_a_receipt(baton: Run, read_home: Path) -> None:
    declined = baton("ask", "halden", "Which zeppelin does the mascot prefer?", "--home", read_home)
    assert declined.code == 3
    assert declined.out.startswith("Not in the deal history. Searched 1 call, ")


def test_a_date_means_the_end_of_that_day(baton: Run, read_home: Path) -> None:
    asked = ("ask", "halden", "Is phone support in Swedish free of charge?", "--home", read_home, "--json", "--as-of")
    assert baton(*asked, "2026-09-02").json["receipt"]["searched"] == {"call": 1, "crm_note": 1}
    on_the_day = baton(*asked, "2026-09-03").json
    assert on_the_day["receipt"]["searched"] == {"call": 1, "crm_note": 1, "email": 1}
    assert on_the_day["as_of"] == "2026-09-03T23:59:59Z"


def test_a_conversation_goes_on_where_it_was(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", HALDEN)
    baton("ingest", "x")
    first = baton("ask", "halden", "Is phone support in Swedish free of charge?", "--json").json
    second = baton("ask", "halden", "For how many days is it?", "--thread", first["thread_id"], "--json").json
    assert second["thread_id"] == first["thread_id"]
    assert second["standalone_question"] == "For how many days is it (phone support in Swedish free of charge)?"


@pytest.mark.parametrize(
    "reference",
    ["halden", "Halden Freight Group", "halden-freight-group", "halden.example", "sf:001Rk000000000H", "salesforce:001Rk000000000HAAA"],
)
def test_an_account_is_found_by_whatever_it_is_called(baton: Run, read_home: Path, reference: str) -> None:
    assert baton("ask", reference, "Is phone support in Swedish free of charge?", "--home", read_home).code == 0


def test_accounts_lists_what_is_known_of_each(baton: Run, read_home: Path) -> None:
    listed = baton("accounts", "--home", read_home, "--json").json
    assert [item["name"] for item in listed["items"]] == ["Halden Freight Group", "Meridian East", "Meridian West"]
    assert listed["items"][0]["sources"] == {"call": 1, "crm_field": 1, "crm_note": 1, "email": 1}
    assert [i["name"] for i in baton("accounts", "west", "--home", read_home, "--json").json["items"]] == ["Meridian West"]
    assert "Meridian East" in baton("accounts", "--home", read_home).out


def test_a_name_with_markup_is_shown_as_it_is(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Words.", "[bold]Acme[/bold]"))})
    assert "[bold]Acme[/bold]" in baton("ingest", "x").out
    assert "[bold]Acme[/bold]" in baton("accounts").out


def test_keys_are_made_listed_and_revoked(baton: Run, read_home: Path, tmp_path: Path) -> None:
    key = baton("token", "create", "widget").out.strip()
    assert key.startswith("bt_")
    prefix = "_".join(key.split("_")[:2])
    assert key not in baton("token", "list").out
    assert baton("token", "list", "--json").json["items"][0]["prefix"] == prefix
    assert baton("token", "revoke", prefix).code == 0
    assert "revoked" in baton("token", "list").out


# What can go wrong


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("ingest", "nowhere"), 1, "There is nothing at nowhere; check the spelling, or give the folder that holds the exports."),
        (("frobnicate",), 2, "No such command 'frobnicate'."),
        (("ask", "halden"), 2, "Missing argument 'QUESTION'."),
        (("ask", "halden", "  "), 2, "the question is empty; write what you want to know"),
        (("accounts", "--frob"), 2, "No such option: --frob"),
        (("token", "revoke", "abc"), 1, "there is no key 'abc' here."),
        (("eval", "nowhere"), 1, "nowhere: no labelled deals here"),
        (("ask", "halden", "Who?"), 1, "/home holds no account yet; read some exports first: baton ingest FOLDER"),
    ],
)
def test_a_slip_gets_one_sentence(baton: Run, arguments: tuple[str, ...], code: int, says: str) -> None:
    outcome = baton(*arguments)
    assert outcome.code == code
    assert says in one_sentence(outcome)


def test_a_path_that_is_not_there_makes_no_home(baton: Run, tmp_path: Path) -> None:
    baton("ingest", "nowhere", "--account", "Typo")
    assert not (tmp_path / "home").exists()


def test_an_empty_folder_is_said_to_be_empty_and_makes_no_home(baton: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".DS_Store").write_bytes(b"\x00")
    outcome = baton("ingest", "empty", "--account", "Typo")
    assert outcome.code == 1
    assert one_sentence(outcome) == "There are no files in empty; give the folder that holds the exports."
    assert not (tmp_path / "home").exists()
    assert baton("accounts", "--json").json["items"] == []


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("Haldn Freigt", "no account fits 'Haldn Freigt'. Did you mean Halden Freight Group?"),
        ("zzz", "no account fits 'zzz'. `baton accounts` lists those there are."),
        ("meridian", "'meridian' fits 2 accounts: Meridian East, Meridian West. Say which by its full name or id."),
    ],
)
@pytest.mark.parametrize("command", [("ask", "{}", "Who signs?"), ("brief", "{}"), ("gaps", "{}")])
def test_an_account_that_is_unknown_or_not_alone_is_asked_back(
    baton: Run, read_home: Path, command: tuple[str, ...], reference: str, says: str
) -> None:
    outcome = baton(*(word.format(reference) for word in command), "--home", read_home)
    assert outcome.code == 1
    assert one_sentence(outcome) == says


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--as-of", "yesterday"), 2, "'yesterday' is not a date; write it as 2026-09-10"),
        (("--deal", "nope"), 1, "Halden Freight Group has no deal 'nope'; it has: dea_"),
        (("--thread", "thr_nope"), 1, "Halden Freight Group has no conversation 'thr_nope'; leave --thread out to begin one"),
    ],
)
def test_a_wrong_option_of_a_question_is_named(baton: Run, read_home: Path, options: tuple[str, ...], code: int, says: str) -> None:
    outcome = baton("ask", "halden", "Who signs?", *options, "--home", read_home)
    assert outcome.code == code
    assert one_sentence(outcome).startswith(says)


def test_a_brief_that_cannot_be_written_says_where(baton: Run, read_home: Path) -> None:
    outcome = baton("brief", "halden", "-o", "nowhere/brief.md", "--home", read_home)
    assert outcome.code == 1
    assert one_sentence(outcome) == "cannot write nowhere/brief.md: No such file or directory; name another file with -o"


MAIL = b"From: Dana Okafor <dana@cartage.example>\nTo: Marta <marta@halden.example>\nSubject: Terms\nMessage-ID: <m9>\n"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("-o", "x.exe"), "a brief cannot be written as .exe; name a file that ends in .pdf, .docx, .html, .md, .json, .csv or .txt"),
        (("--format", "exe"), "there is no format 'exe'; use text, md, html, docx, pdf, json, csv"),
    ],
)
def test_a_format_that_a_brief_does_not_have_is_refused_with_those_it_has(
    baton: Run, read_home: Path, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    outcome = baton("brief", "halden", *options, "--home", read_home)
    assert (outcome.code, one_sentence(outcome)) == (2, says)
    assert list(tmp_path.glob("x.*")) == []


@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("b.md", (), "# Handoff"), ("b.json", (), "{"), ("b.JSON", ("--format", "md"), "{"), ("b.txt", (), "Handoff"),
        ("b.txt", ("--format", "md"), "Handoff"), ("b", (), "Handoff"), ("b.html", (), "<!doctype html>"),
        ("b.PDF", (), "%PDF-"), ("b.docx", (), "PK"), ("b.csv", (), "\ufeffid,promise"),
    ],
)  # fmt: skip
def test_a_brief_is_written_in_the_format_of_its_file(
    baton: Run, read_home: Path, tmp_path: Path, name: str, options: tuple[str, ...], begins: str
) -> None:
    outcome = baton("brief", "halden", "-o", name, *options, "--home", read_home)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", f"Wrote {name}\n")
    assert (tmp_path / name).read_bytes().startswith(begins.encode())


def test_a_brief_of_a_home_that_is_not_there_makes_none(baton: Run, tmp_path: Path) -> None:
    outcome = baton("brief", "halden", "--compose")
    assert outcome.code == 1
    assert "holds no account yet" in one_sentence(outcome)
    assert not (tmp_path / "home").exists()


def test_a_full_disk_is_one_sentence(baton: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PRAGMAS", (*database._PRAGMAS, "max_page_count=40"))
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "A long note about the gates. " * 40_000, "Acme"))})
    outcome = baton("ingest", "x", "--json")
    assert outcome.code == 1
    said = one_sentence(outcome)
    assert said.endswith("/home could not be used (database or disk is full); free some space, and try again. What was finished is kept.")


def test_what_a_customer_wrote_as_a_subject_moves_no_cursor_and_wipes_no_line(baton: Run, tmp_path: Path) -> None:
    row = {
        "doc_id": "n",
        "account": "Good\x1b[2J",
        "source_type": "crm_note",
        "title": "Hi\x1b[2K\x1b[1A\nnew  x \u202e",
        "text": "Good words: we will have the gates\x1b[2J live by 18 January.",
    }
    held = {"doc_id": "h\x1b[2J", "source_type": "crm_note", "title": "Waits\x1b[2J", "text": "Whose are these words?"}
    write(tmp_path / "x", {"a.jsonl": neutral(row, held)})
    told = [
        baton("ingest", "x", "--list"), baton("sources", "good"), baton("accounts"), baton("ask", "good", "When will the gates be live?"),
        baton("brief", "good"), baton("promises"), baton("review", "good"),
    ]  # fmt: skip
    words = ("Hi", "Hi", "Good", "Good words", "Good", "promise", "Good")
    assert [word in outcome.out for outcome, word in zip(told, words, strict=True)] == [True] * len(words)
    assert [sign for outcome in told for sign in outcome.out + outcome.err if not sign.isprintable() and sign != "\n"] == []


def test_an_import_lists_every_file_and_what_is_in_it_with_totals_that_count_the_list(baton: Run, tmp_path: Path) -> None:
    lines = neutral(note("n", "Good words.", "Good"), note("o", "Other words.", "Other"))
    write(tmp_path / "x", {"a.jsonl": lines, "blob.xyz": b"\x00\x01"})
    said = baton("ingest", "x", "--list").out.splitlines()
    assert said[:4] == [
        "new        a.jsonl",
        "new          a.jsonl:1  n (Good)",
        "new          a.jsonl:2  o (Other)",
        "failed     blob.xyz: This is none of the formats Baton reads; save it as one of them (.eml, PDF, DOCX, XLSX, WebVTT, JSON export) "
        "or as text.",
    ]
    told = baton("ingest", "x", "--json").json
    states = [(item["state"], item["counted"]) for file in told["inputs"] for item in file["items"]]
    assert (told["unchanged"], len(told["failed"]), states) == (2, 1, [("unchanged", True), ("unchanged", True), ("failed", True)])
    assert [(file["file"], file["state"], file["reason"]) for file in told["inputs"]] == [
        ("a.jsonl", "unchanged", "same_bytes"),
        ("blob.xyz", "failed", "unknown_format"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("calls.json", b'{"callTranscripts": [{"callId": "1", "tr', "failed  calls.json: "),
        ("blob.xyz", b"\x00\x01\x02", "failed  blob.xyz: This is none of the formats Baton reads; save it as one of them"),
        ("lines.jsonl", neutral(note("a", "Fine.", "Acme")).encode() + b'{"doc_id": 1', "failed  lines.jsonl:2: The line is not"),
        ("call.vtt", vtt(("Ann Gray", "Hello."), ("Bo Lind", "Hi."), ("Ann Gray", "So.")).encode(),
         "held    call.vtt: files of several accounts lie in its folder (Good, Other); import it by itself with --account NAME"),
        ("mail.eml", MAIL + b"\nWe agree.\n", "held    mail.eml: no account has these people; name one with --account NAME"),
    ],
)  # fmt: skip
def test_what_is_set_aside_is_named_with_what_to_do_and_the_rest_comes_in(
    baton: Run, tmp_path: Path, name: str, content: bytes, line: str
) -> None:
    good = neutral(note("n", "Good words.", "Good"), note("o", "Other words.", "Other"))
    write(tmp_path / "x", {"good.jsonl": good, name: content})
    outcome = baton("ingest", "x")
    assert outcome.code == 5
    [said] = [each for each in outcome.out.replace("\n" + " " * 8, " ").splitlines() if each.startswith(("failed", "held"))]
    assert said.startswith(line)
    assert "Traceback" not in outcome.out + outcome.err
    assert "Good" in [item["name"] for item in baton("accounts", "--json").json["items"]]
    as_json = baton("ingest", "x", "--json").json
    kind = line.split()[0]
    assert as_json[kind][0]["file"] == name
    assert {"file", "reason"} <= set(as_json[kind][0])
    assert {"held": "candidates", "failed": "line"}[kind] in as_json[kind][0]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plain.vtt", b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nwe will sign in May\n", "we will sign in May"),
        ("undated.eml", MAIL + b"\nWe agree to the terms.\n", "We agree to the terms."),
        ("charset.eml", MAIL + b"Content-Type: text/plain; charset=x-klingon\n\nSuppor\xe9t is free.\n", "t is free."),
    ],
)
def test_what_lacks_speakers_a_date_or_its_letters_still_comes_in(
    baton: Run, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    write(tmp_path / "x", {name: content})
    assert baton("ingest", "x", "--account", "Acme").code == 0
    with Archive.open(tmp_path / "home") as archive:
        [interaction] = archive.interactions(EVERYTHING)
    assert words in interaction.text
    if name != "charset.eml":
        assert interaction.source.occurred_at is None


def test_mail_that_fits_two_accounts_waits_with_both_named(baton: Run, tmp_path: Path) -> None:
    nia = "Nia Stone <nia@bright.example>"
    both = MAIL.replace(b"To: Marta", b"Cc: nia@bright.example\nTo: Marta") + b"Date: Tue, 01 Sep 2026 12:00:00 +0000\n\nFor both of you.\n"
    crm = under("h", salesforce()) | under("b", salesforce("Brightwell Dental", "bright.example", mark="B", contacts=[nia], deals=[]))
    write(tmp_path / "x", {**crm, "both.eml": both})
    outcome = baton("ingest", "x", "--json")
    assert outcome.code == 5
    [held] = outcome.json["held"]
    assert (held["file"], held["reason"], held["candidates"]) == ("both.eml", "two_accounts", ["Brightwell Dental", "Halden Freight Group"])


def test_a_home_of_a_newer_baton_is_left_alone(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Words.", "Acme"))})
    baton("ingest", "x")
    file = tmp_path / "home" / "baton.db"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (("ingest", "x"), ("ask", "acme", "What?"), ("accounts",)):
        outcome = baton(*command)
        assert outcome.code == 1
        assert "was written by a newer Baton (archive revision 9999" in one_sentence(outcome)
    checked = baton("doctor")
    assert checked.code == 1
    assert "newer Baton" in checked.out
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    connection.close()


def test_a_home_that_is_no_database_is_left_alone(baton: Run, tmp_path: Path) -> None:
    write(tmp_path, {"home/baton.db": "not a database at all, but long enough to be looked at as one" * 20, "x/a.txt": "Words."})
    outcome = baton("ingest", "x")
    assert outcome.code == 1
    assert "cannot be read as Baton's archive" in one_sentence(outcome)


def test_who_would_write_beside_a_server_is_told_how_the_server_does_it(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Gates open at six.", "Acme"))})
    baton("ingest", "x")
    with Archive.open(tmp_path / "home", write=True):
        (tmp_path / "home" / ".lock-holder").write_text(json.dumps({"pid": 4711, "command": "baton serve --port"}), encoding="utf-8")
        told = [one_sentence(baton(*command)) for command in (["ingest", "x"], ["held", "dismiss", "x"])]
        assert [code.code for code in (baton("ingest", "x"), baton("held", "dismiss", "x"))] == [1, 1]
    held = f"{tmp_path / 'home'} is in use by process 4711 (baton serve --port)"
    assert told[0].startswith(f"{held}. It imports by itself, while it answers: name the folder under [imports] in baton.toml, then press")
    assert told[1] == f"{held}; stop it, or wait until it is stopped, and try again."


def test_settings_that_cannot_be_used_are_named(baton: Run, tmp_path: Path) -> None:
    write(tmp_path, {"home/baton.toml": '[ingest]\nour_domain = ["cartage.example"]\n', "x/a.txt": "Words."})
    outcome = baton("ingest", "x")
    assert outcome.code == 1
    known = "our_domains, partner_domains, timezone, embedding and speech"
    assert one_sentence(outcome) == f"baton.toml: [ingest] has no setting 'our_domain'; it has {known}"


def test_a_second_writer_is_told_who_is_writing_and_a_reader_is_answered(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Gates open at six.", "Acme"))})
    baton("ingest", "x")
    with Archive.open(tmp_path / "home", write=True):
        busy = baton("ingest", "x")
        assert busy.code == 1
        assert f"is in use by process {os.getpid()} (" in one_sentence(busy)
        answered = baton("ask", "acme", "Which gates open at six?")
        assert answered.code == 0
        assert "not kept: the home is in use by another process" in answered.err.splitlines()
        assert "thread" not in answered.err
        as_json = baton("ask", "acme", "Which gates open at six?", "--json")
        assert as_json.err == "not kept: the home is in use by another process\n"
        assert as_json.json["degraded"] == []
        checked = baton("doctor", "--json").json
        assert checked["checks"][0]["name"] == "writer"
    assert "; thread thr_" in baton("ask", "acme", "Which gates open at six?").err


def test_interrupted_is_exit_code_130(baton: Run, read_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(io.StringIO):
        def read(self, size: int | None = -1) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    outcome = baton("ask", "halden", "-", "--home", read_home)
    assert (outcome.code, outcome.out, outcome.err) == (130, "", "Interrupted; what was finished is kept.\n")


def test_a_reader_that_goes_away_is_not_complained_about(read_home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "api.cli", "accounts", "--json", "--home", str(read_home)]
    run = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    os.close(writing)
    assert run.stderr == ""


# Doctor, and without the weights


def test_a_brief_says_that_the_account_has_other_deals_and_how_to_see_theirs(baton: Run, tmp_path: Path) -> None:
    """The larger one was opened again: what is shown without a word is the brief of the one before it."""
    deals = [("Pilot", "2026-03-05", "2026-07-20"), ("14 depots", "2026-03-06", "2026-10-14")]
    files = {**HALDEN, **under("salesforce", salesforce(deals=deals))}
    write(tmp_path / "x", files)
    baton("ingest", "x")
    told = "Halden Freight Group has another deal: “Pilot” (Closed Won 20 Jul 2026, no brief yet). Show one with --deal NAME."
    assert told in baton("brief", "halden").err
    opportunities = next(name for name in files if name.endswith("Opportunity.csv"))
    _, depots = (line for line in str(files[opportunities]).splitlines()[1:] if line)
    open_again = depots.replace('"Closed Won"', '"Negotiation"').replace('"true","true"', '"false","false"')
    write(tmp_path / "x", {opportunities: str(files[opportunities]).replace(depots, open_again)})
    baton("ingest", "x")
    shown = baton("brief", "halden")
    assert "Pilot, Closed Won 20 Jul 2026" in shown.out
    assert "Halden Freight Group has another deal: “14 depots” (Negotiation" in shown.err
    assert "brief version 1). Show one with --deal NAME." in shown.err
    assert "other" not in baton("brief", "halden", "--deal", "14 depots").err


def test_doctor_shows_our_domains_and_why(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", HALDEN)
    baton("ingest", "x")
    found = {check["name"]: check for check in baton("doctor", "--json").json["checks"]}
    assert found["our domains"]["says"] == "cartage.example (domain of the CRM's users and owners)"
    assert found["indexes"]["says"] == "words and vectors hold what the archive holds"
    assert all(check["ok"] for check in found.values())
    assert baton("doctor").code == 0


def test_doctor_names_whose_words_count_for_nobody_and_what_to_do(baton: Run, tmp_path: Path) -> None:
    rest = {"gong.vtt": "WEBVTT\n\n00:00:01.000 --> 00:00:09.000\n<v Kim>We will lend you two scanners for free until May.</v>\n"}
    write(tmp_path / "x", {**HALDEN})
    write(tmp_path / "y", rest)
    baton("ingest", "x")
    baton("ingest", "y", "--account", "Halden Freight Group")
    [sides] = [check for check in baton("doctor", "--json").json["checks"] if check["name"] == "sides"]
    assert (sides["ok"], sides["says"]) == (True, "1 statement by people of unknown side is not counted: Kim (Halden Freight Group).")
    assert 'baton people side "Halden Freight Group" "Kim" ours (or customer, partner)' in sides["do"]


@pytest.mark.parametrize("options", [(), ("--repair",)])
def test_doctor_leaves_a_folder_that_holds_no_archive_as_it_was(baton: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    write(tmp_path / "home", {"holiday.txt": "Mine."})
    (tmp_path / "home").chmod(0o755)
    looked = baton("doctor", *options)
    assert (looked.code, looked.out.splitlines()) == (
        0,
        [
            f"ok   home: {tmp_path / 'home'}: no archive here yet",
            "     `baton ingest FOLDER` makes one.",
            "ok   language model: none set: answers are the history's own words, and nothing is sent anywhere",
            "ok   events: no CRM tells this home when a deal closes",
            "     [hooks.NAME] in baton.toml sets it up; docs/close.md says how.",
            "ok   delivery: nobody is told of a brief",
            "     [deliver.NAME] in baton.toml sets it up; docs/close.md says how.",
        ],
    )
    assert [each.name for each in (tmp_path / "home").iterdir()] == ["holiday.txt"]
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o755


def test_doctor_counts_in_english_and_names_the_first_three_of_what_was_set_aside(baton: Run, tmp_path: Path) -> None:
    broken = {f"broken{number}.json": "{" for number in range(5)}
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Words.", "Acme")), **broken})
    baton("ingest", "x")
    found = {check["name"]: check for check in baton("doctor", "--json").json["checks"]}
    assert found["home"]["says"].endswith(": 1 account, 1 interaction")
    named = [line.strip().partition(":")[0] for line in found["set aside"]["do"].splitlines()]
    assert named == ["broken0.json", "broken1.json", "broken2.json", "and 2 more"]


def test_doctor_says_what_is_missing_until_it_is_mended(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Words of ours.", "Acme"))})
    baton("ingest", "x", "--our-domain", "cartage.example")
    with sqlite3.connect(tmp_path / "home" / "baton.db") as connection:
        [table] = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%fts5%'")]
        connection.execute(f"DELETE FROM {table}")
    connection.close()
    broken = baton("doctor")
    assert broken.code == 1
    assert "FIX  indexes: the words of acc_" in broken.out
    assert baton("doctor", "--repair").code == 0
    assert baton("doctor").code == 0


@pytest.fixture(scope="module")
def without_weights(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """An environment in which every installed library is there but the one that holds the weights."""
    libraries = tmp_path_factory.mktemp("libraries")
    installed = Path(sysconfig.get_path("purelib"))
    for entry in installed.iterdir():
        if entry.name != minilm._PACKAGE:
            (libraries / entry.name).symlink_to(entry)
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), str(libraries)]), "PATH": os.environ["PATH"], "HOME": str(libraries)}


def test_without_weights_it_works_from_words_and_doctor_says_what_to_do(without_weights: Mapping[str, str], tmp_path: Path) -> None:
    def run(*arguments: str) -> Outcome:
        command = [sys.executable, "-S", "-m", "api.cli", *arguments, "--home", str(tmp_path / "home")]
        done = subprocess.run(command, capture_output=True, text=True, env=without_weights, cwd=tmp_path, check=False)
        return Outcome(done.returncode, done.stdout, done.stderr)

    write(tmp_path / "x", HALDEN)
    ingested = run("ingest", "x", "--json")
    assert (ingested.code, ingested.json["new"], ingested.json["embedded"]) == (0, 4, 0)
    assert "words alone" in ingested.json["degraded"][0]
    answered = run("ask", "halden", "Is phone support in Swedish free of charge?", "--json")
    assert answered.code == 0
    assert "free of charge for 90 days" in answered.json["blocks"][0]["claims"][0]["text"]
    assert answered.json["degraded"] == ingested.json["degraded"]
    checked = run("doctor")
    assert checked.code == 1
    assert "FIX  weights: degraded: answers come from words alone" in checked.out
    assert "`make weights`" in checked.out


def test_promises_are_listed_marked_and_unmarked(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", HALDEN)
    baton("ingest", str(tmp_path / "x"), "--home", str(tmp_path / "home"))
    listed = baton("promises", "phone support", "--home", str(tmp_path / "home"), "--json")
    [promise] = json.loads(listed.out)["items"]
    assert (promise["text"], promise["contract"], promise["account"]["name"]) == (
        "phone support in Swedish is free of charge for 90 days.", "no_contract", "Halden Freight Group",
    )  # fmt: skip
    shown = baton("promises", "phone support", "--home", str(tmp_path / "home")).out
    assert "1 promise about 'phone support' in 1 account." in shown
    baton("promises", "set", promise["id"], "kept", "--because", "line is open", "--by", "Ana", "--home", str(tmp_path / "home"))
    kept = baton("promises", "--status", "kept", "--home", str(tmp_path / "home")).out
    assert "kept, line is open" in kept
    assert baton("promises", "undo", promise["id"], "--home", str(tmp_path / "home")).err.startswith("open:")
    history = baton("promises", "history", promise["id"], "--home", str(tmp_path / "home")).out
    assert "Ana: line is open  (undone " in history
    assert baton("promises", "--contract", "perhaps", "--home", str(tmp_path / "home")).code == 2


# Who may come in


def test_a_person_is_invited_with_a_role_and_accounts_changed_and_suspended(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Words.", "Acme"), note("m", "Words.", "Halden"))})
    baton("ingest", "x")
    link = baton("invite", "Priya@cartage.example", "--name", "Priya Nair", "--account", "halden", "--url", "https://baton.example/")
    assert link.out.startswith("https://baton.example/sign-in#")
    assert "csm, sees 1 account. Works once, within 7 days." in link.err
    [item] = baton("users", "list", "--json").json["items"]
    assert (item["email"], item["name"], item["role"], item["reach"], item["sees"]) == (
        "priya@cartage.example", "Priya Nair", "csm", "listed", 1
    )  # fmt: skip
    assert "ae, sees 2 accounts" in baton("users", "set", "priya@cartage.example", "--role", "ae", "--all").err
    assert baton("invite", "priya@cartage.example").out != link.out
    assert baton("users", "suspend", "priya@cartage.example").code == 0
    assert "suspended" in baton("users", "list").out
    assert "restore" in one_sentence(baton("invite", "priya@cartage.example"))
    assert baton("users", "restore", "priya@cartage.example").code == 0
    assert baton("invite", "dana@cartage.example", "--role", "viewer").err.splitlines()[-1].startswith("They see no account yet")


def test_keys_are_narrowed_and_end(baton: Run, tmp_path: Path) -> None:
    write(tmp_path / "x", {"a.jsonl": neutral(note("n", "Words.", "Acme"))})
    baton("ingest", "x")
    baton("invite", "priya@cartage.example")
    baton("keys", "create", "narrow", "--account", "acme", "--role", "viewer", "--may", "read", "--expires", "2027-06-30")
    baton("keys", "create", "hers", "--for", "priya@cartage.example", "--expires", "never")
    baton("token", "create", "plain")
    narrow, hers, plain = baton("keys", "list", "--json").json["items"]
    assert (narrow["role"], narrow["permissions"], len(narrow["accounts"]), narrow["expires_at"]) == (
        "viewer", ["read"], 1, "2027-07-01T00:00:00Z"
    )  # fmt: skip
    assert (hers["user"]["email"], hers["expires_at"]) == ("priya@cartage.example", None)
    assert (plain["role"], plain["accounts"], plain["permissions"]) == ("csm", None, ["ask", "brief:write", "read"])
    assert plain["expires_at"] > plain["created_at"]
    assert "for priya@cartage.example" in baton("keys", "list").out


def test_the_log_is_shown_and_verified(baton: Run) -> None:
    key = baton("keys", "create", "x").out.strip()
    baton("keys", "revoke", key[:11])
    shown = baton("audit").out.splitlines()
    assert [line.split("  ")[3].split()[0] for line in shown] == ["key.create", "key.revoke"]
    assert all(key[:11] in line for line in shown)
    verdict = baton("audit", "--verify", "--json")
    assert (verdict.code, verdict.json["whole"], verdict.json["entries"]) == (0, True, 2)
    cut = baton("audit", "--verify", "--head", "0" * 64)
    assert cut.code == 1
    assert cut.out.startswith("NOT WHOLE")
    assert len(baton("audit", "--about", key[:11], "--json").json["items"]) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("keys", "create", "x", "--role", "boss"), "--role takes admin, ae, csm, viewer; 'boss' is none of them"),
        (("keys", "create", "x", "--may", "fly"), "--may takes read, ask, brief:write, metrics, admin; 'fly' is none of them"),
        (("keys", "create", "x", "--expires", "soon"), "--expires takes a number of days (90d), a date (2027-06-30) or never"),
        (("keys", "create", "x", "--for", "a@b.example", "--role", "csm"), "leave --account and --role out"),
        (("keys", "create", "x", "--for", "nobody@b.example"), "there is no user 'nobody@b.example' here."),
        (("invite", "Priya"), "'Priya' is not an address; people are known by theirs"),
        (("invite", "a@b.example", "--all", "--own"), "--all is every account already"),
        (("users", "suspend", "nobody@b.example"), "there is no user 'nobody@b.example' here."),
        (("sessions", "revoke", "ses_0"), "there is no session 'ses_0' here."),
        (("audit", "--since", "soon"), "'soon' is not a date; write it as 2026-09-10"),
    ],
)
def test_a_slip_about_access_gets_one_sentence(baton: Run, arguments: tuple[str, ...], says: str) -> None:
    assert says in one_sentence(baton(*arguments))


def test_facts_by_a_model_need_one(baton: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATON_MODEL_BASE_URL", raising=False)
    baton("ingest", write(tmp_path / "files", HALDEN))
    said = baton("facts")
    assert said.code == 2
    assert "no language model is set" in said.err


def test_facts_by_a_model_are_counted_with_their_tokens(baton: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    baton("ingest", write(tmp_path / "files", HALDEN))
    with serving(says('{"facts": []}', usage={"prompt_tokens": 100, "completion_tokens": 5})) as server:
        monkeypatch.setenv("BATON_MODEL_BASE_URL", server.url)
        monkeypatch.setenv("BATON_MODEL_NAME", "small-1")
        first = baton("facts", "--json").json
        again = baton("facts")
    assert first["asked"] == len(server.asked) > 0
    assert first["prompt_tokens"] == 100 * first["asked"]
    assert (again.code, again.out.splitlines()[0]) == (0, f"0 read by the model, {first['asked']} known, 0 facts added, 0 not taken")
