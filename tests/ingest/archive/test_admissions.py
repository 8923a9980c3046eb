"""Who may come in: what they reach, that keys and sessions are found by hashes, and that all of it is written beside the home's writer."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import update

from ingest.archive import migrations, tables
from ingest.archive.admissions import Admissions
from ingest.archive.archive import Archive
from ingest.archive.audit import FIRST, Verdict
from ingest.archive.database import FILE
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredKey, StoredPrincipal, StoredSession
from ingest.archive.scope import EVERYTHING, OPERATOR, Scope
from ingest.records import Link
from tests.ingest.archive.test_accounts import deal
from tests.ingest.making import call, on, put

PRIYA = StoredPrincipal("usr_1", "person", "Priya Nair", "priya@cartage.example", "csm", "listed", on(9, 1))
KEY = StoredKey("00000001", "usr_1", "laptop", "0" * 64, ("read",), on(9, 1), OPERATOR)


@pytest.fixture
def admissions(archive: Archive) -> Admissions:
    return Admissions.beside(archive)


@pytest.fixture
def log(admissions: Admissions) -> Admissions:
    """With three entries."""
    for number in range(3):
        admissions.record("usr_1", "bt_00000001", "GET /sources/{source}", [f"src_{number}"], 200, f"req_{number}")
    return admissions


def test_a_key_is_found_by_its_prefix_also_when_revoked(admissions: Admissions) -> None:
    admissions.add_principal(PRIYA)
    admissions.add_key(KEY)
    admissions.revoke_key("00000001", on(9, 2))
    admissions.revoke_key("00000001", on(9, 3))
    admissions.use_key("00000001", on(9, 4))
    assert admissions.every_key() == [replace(KEY, revoked_at=on(9, 2), used_at=on(9, 4))]
    with pytest.raises(NotThere):
        admissions.key("00000002")


def test_who_reaches_what(archive: Archive, admissions: Admissions) -> None:
    halden, brightwell, kestrel = (archive.put_account(name) for name in ("Halden", "Brightwell", "Kestrel"))
    for account, owner in ((halden, "Priya@Cartage.example"), (kestrel, "dana@cartage.example"), (brightwell, "")):
        archive.put_deal(account, replace(deal(), links=(Link("salesforce", "deal", f"006{account}"),), owner_email=owner))

    def reached(reach: str, *listed: str, email: str = PRIYA.email) -> set[str]:
        who = replace(PRIYA, id=f"usr_{reach}_{email}_{len(listed)}", reach=reach, listed=listed, email=email)  # type: ignore[arg-type]
        admissions.add_principal(who)
        assert admissions.principal(who.id) == replace(who, listed=tuple(sorted(listed)))
        return set(admissions.reached(who))

    assert reached("all") == {halden, brightwell, kestrel}
    assert reached("listed") == set()
    assert reached("listed", brightwell) == {brightwell}
    assert reached("owner") == {halden}
    assert reached("owner", brightwell) == {halden, brightwell}
    assert reached("owner", email="") == set()  # a deal without an owner is nobody's
    assert reached("a word of a later version", brightwell) == {brightwell}
    archive.delete_account(halden, on(9, 2))
    assert admissions.reached(replace(PRIYA, reach="all")) == {brightwell, kestrel}
    assert admissions.reached(replace(PRIYA, id="usr_owner", reach="owner")) == set()


def test_an_account_merged_into_another_opens_that_one_to_nobody(archive: Archive, admissions: Admissions) -> None:
    small, large = archive.put_account("Halden Nordic"), archive.put_account("Halden Freight Group")
    admissions.add_principal(replace(PRIYA, listed=(small,)))
    archive.merge_accounts(small, large, on(9, 2))
    assert admissions.reached(admissions.principal("usr_1")) == set()


def test_a_link_signs_in_once_and_while_it_is_good(admissions: Admissions) -> None:
    admissions.add_principal(PRIYA)
    for name in ("used", "late", "withdrawn"):
        admissions.add_link(name, "usr_1", on(9, 1), on(9, 2))
    assert [admissions.spend_link("used", on(9, 1)) for _ in range(2)] == ["usr_1", None]
    assert admissions.spend_link("late", on(9, 2)) is None
    admissions.withdraw_links("usr_1")
    assert admissions.spend_link("withdrawn", on(9, 1)) is None
    assert admissions.spend_link("never made", on(9, 1)) is None


def test_sessions_are_told_about_until_long_after_their_end(admissions: Admissions) -> None:
    admissions.add_principal(PRIYA)
    first = StoredSession("ses_1", "usr_1", on(9, 1), on(9, 1), on(9, 8))
    admissions.add_session(first, "a")
    admissions.see_session("ses_1", on(9, 2))
    admissions.end_session("ses_1", on(9, 3))
    admissions.end_session("ses_1", on(9, 4))
    assert admissions.session_by("a") == admissions.session("ses_1") == replace(first, seen_at=on(9, 2), ended_at=on(9, 3))
    assert admissions.session_by("b") is None
    later = on(9, 8) + timedelta(days=31)
    admissions.add_session(StoredSession("ses_2", "usr_1", later, later, later), "b")
    assert [each.id for each in admissions.sessions("usr_1")] == ["ses_2"]
    with pytest.raises(NotThere):
        admissions.session("ses_1")


def test_they_are_written_while_another_process_holds_the_home(archive: Archive, home: Path) -> None:
    with Admissions.of_home(home) as another:
        another.add_principal(PRIYA)
        assert Admissions.beside(archive).person_of("PRIYA@cartage.example ") == PRIYA
        with archive.transaction():
            Admissions.beside(archive).add_key(KEY)  # part of it: nobody waits for themselves
        assert another.every_key() == [KEY]
        assert another.person_of("") is None


def test_a_home_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    with Admissions.of_home(tmp_path / "new") as made:
        assert made.principals() == []
    with Archive.open(tmp_path / "new") as archive:
        assert archive.accounts(EVERYTHING) == []


# The log


def test_the_log_says_who_did_what_on_which_id_and_is_whole(log: Admissions) -> None:
    entries = list(log.entries())
    assert [(each.number, each.principal_id, each.action, each.targets, each.outcome) for each in entries] == [
        (number, "usr_1", "GET /sources/{source}", (f"src_{number - 1}",), 200) for number in (1, 2, 3)
    ]
    assert [each.before for each in entries] == [FIRST, *(each.hash for each in entries[:-1])]
    assert log.verify() == Verdict(3, entries[-1].hash, None)
    assert log.verify(entries[0].hash).holds is True
    assert log.verify("f" * 64).holds is False
    assert [each.number for each in log.entries(target="src_1")] == [2]
    assert list(log.entries(principal_id="usr_2")) == []
    assert len(list(log.entries(since=on(1, 1)))) == 3


@pytest.mark.parametrize("change", ["UPDATE audit SET outcome = 404", "DELETE FROM audit"])
def test_the_log_is_only_added_to(log: Admissions, home: Path, change: str) -> None:
    with sqlite3.connect(home / FILE) as database, pytest.raises(sqlite3.IntegrityError, match="only added to"):
        database.execute(change)
    database.close()


@pytest.mark.parametrize("column", ["at", "principal_id", "credential", "action", "targets", "outcome", "request_id", "before", "hash"])
def test_one_changed_character_of_an_entry_is_seen(log: Admissions, home: Path, column: str) -> None:
    other = f"CASE substr({column}, 3, 1) WHEN '7' THEN '8' ELSE '7' END"
    forced(home, f"UPDATE audit SET {column} = replace({column}, substr({column}, 3, 1), {other}) || '' WHERE number = 2")
    assert log.verify().broken_at == 2


@pytest.mark.parametrize(("gone", "broken"), [(1, 1), (2, 2), (3, None)])
def test_an_entry_taken_out_is_seen_and_one_from_the_end_by_its_head(log: Admissions, home: Path, gone: int, broken: int | None) -> None:
    head = log.verify().head
    forced(home, f"DELETE FROM audit WHERE number = {gone}")
    assert log.verify().broken_at == broken
    assert log.verify(head).holds is False


def forced(home: Path, change: str) -> None:
    """Past the triggers, as somebody would who has the file."""
    database = sqlite3.connect(home / FILE)
    with database:
        for name in ("audit_no_update", "audit_no_delete"):
            database.execute(f"DROP TRIGGER {name}")
        assert database.execute(change).rowcount == 1
    database.close()


# Homes of before


@pytest.fixture
def older(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of revision 0002 with two keys and an answer."""
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "upgrade", lambda connection: _upgrade_to(connection, "0002"))
        Archive._for_writing(home).close()
    database = sqlite3.connect(home / FILE)
    with database:
        database.execute(
            "INSERT INTO account (id, slug, name, folded_name, revision, unsettled, named_by_hand, deleted) "
            "VALUES ('acc_1', 'halden', 'Halden', 'halden', 1, 0, 0, 0)"
        )
        for prefix, scopes in (("0000000a", ["read", "ask"]), ("0000000b", ["read", "account:acc_1", "account:acc_gone"])):
            database.execute(
                "INSERT INTO token VALUES (?, 'script', 'hash', ?, '2026-09-01 00:00:00.000000', NULL)", (prefix, json.dumps(scopes))
            )
        database.execute("INSERT INTO answer VALUES (1, 'ans_1', 'acc_1', 'thr_1', 1, NULL, ?)", (json.dumps({"question": "Who signs?"}),))
    database.close()
    return home


def _upgrade_to(connection: object, revision: str) -> None:
    config = migrations._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_keys_and_threads_of_an_older_home_are_taken_over(older: Path) -> None:
    with Admissions.of_home(older) as admissions:
        every, one = admissions.every_key()
        assert (every.permissions, one.permissions) == (("read", "ask"), ("read",))
        whole, limited = (admissions.principal(key.principal_id) for key in (every, one))
        assert (whole.role, whole.reach, limited.reach, limited.listed) == ("csm", "all", "listed", ("acc_1",))
        assert admissions.verify() == Verdict(0, FIRST, None)
    with Archive.open(older) as archive:
        assert [(each.id, each.owner_id, each.shared, each.question) for each in archive.threads(EVERYTHING)] == [
            ("thr_1", OPERATOR, False, "Who signs?")
        ]


def test_a_restriction_covers_the_same_thing_from_another_tool_and_goes_with_it(archive: Archive, halden: str) -> None:
    told, again = (put(archive, halden, call(name, "We go live in March.")) for name in ("c-1", "c-2"))
    other = put(archive, halden, call("c-3", "Something else."))
    with archive._write() as connection:
        connection.execute(update(tables.interaction).where(tables.interaction.c.id == again).values(alternate_of=told))
    archive.restrict(again, OPERATOR, on(9, 1))
    assert archive.restricted() == {told, again}
    scope = Scope(frozenset({halden}), hidden=archive.hidden_from("nobody@cartage.example"))
    assert [each.source.id for each in archive.interactions(scope, [told, again, other])] == [other]
    assert scope.only(halden) == scope
    assert scope.only("acc_0").hidden == frozenset()
    assert archive.revision(scope) != archive.revision(Scope(frozenset({halden})))
    archive.unrestrict(told)
    assert archive.restricted() == frozenset()
    archive.restrict(told, OPERATOR, on(9, 1))
    with archive._write() as connection:
        connection.execute(update(tables.interaction).where(tables.interaction.c.id == again).values(alternate_of=None))
    archive.purge([told])  # the other one stands by itself now
    assert archive.restricted() == {again}
    archive.purge([again])
    assert archive.restricted() == frozenset()
    for act in (lambda: archive.restrict("src_0", OPERATOR, on(9, 1)), lambda: archive.unrestrict(other)):
        with pytest.raises(NotThere):
            act()
