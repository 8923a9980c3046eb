"""Takes out what is left of something erased where nobody looks for it: in answers and briefs, in the ledger of inputs, in settings."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Connection, String, and_, delete, insert, select, update

from ingest.archive import tables
from ingest.archive.batches import batches, delete_rows
from ingest.archive.database import Database

_SEEN_TO = frozenset(
    """
    account account_domain account_link deal deal_link interaction version turn participant passage embedding answer brief reading
    ledger promise origin input held failed setting person erasure tombstone audit
    """.split()
)
"""Tables that erasing a person goes through by rules of their own."""
_DESCRIBED = ("title", "people", "teachable")
"""What is noted of something held so that a person can decide."""
_SOURCE = re.compile(r"(?:src|cit)_([0-9a-f]{20})")


@dataclass(slots=True)
class Swept:
    counts: Counter[str] = field(default_factory=Counter)
    files: list[tuple[str, str]] = field(default_factory=list)
    """(origin, file) of what was set aside."""


class Sweeping(Database):
    def purge_made(self, ids: Collection[str], accounts: Collection[str], mentions: Callable[[str], bool]) -> Counter[str]:
        """Answers and briefs that quote one of these interactions, and those of the accounts that mention what must not be mentioned."""
        cited = {id.removeprefix("src_") for id in ids}
        counts: Counter[str] = Counter()
        with self._write() as connection:
            for table in (tables.answer, tables.brief):
                told = [
                    row.number
                    for row in connection.execute(select(table.c.number, table.c.account_id, table.c.body))
                    if (row.account_id in accounts and mentions(json.dumps(row.body, ensure_ascii=False)))
                    or not cited.isdisjoint(_SOURCE.findall(json.dumps(row.body)))
                ]
                for some in batches(told):
                    if table is tables.brief:
                        counts["review"] += _delete_reviews(connection, some)
                    else:
                        counts["feedback"] += delete_opinions(connection, some)
                    counts[table.name] += delete_rows(connection, table, table.c.number.in_(some))
        return +counts

    def withhold_whole(self, ids: Collection[str]) -> None:
        """Where words were taken out as confidential and the text has changed, all of it is withheld: nobody knows where they are now."""
        table = tables.withheld
        with self._write() as connection:
            for some in batches(ids):
                for row in connection.execute(select(table).where(table.c.interaction_id.in_(some))).mappings().all():
                    same = [each == row[each.name] for each in table.primary_key]
                    connection.execute(delete(table).where(*same))
                    whole = {**row, "start": 0, "end": 2**31 - 1}
                    wanted = [each == whole[each.name] for each in table.primary_key]
                    if connection.execute(select(table).where(*wanted)).first() is None:
                        connection.execute(insert(table).values(**whole))

    def black_out(self, over: Callable[[str], str]) -> Counter[str]:
        """In every table that is not an account's history or made of it, words that must not stand there any longer."""
        counts: Counter[str] = Counter()
        with self._write() as connection:
            for table in tables.metadata.sorted_tables:
                columns = [each for each in table.c if isinstance(each.type, String | JSON) and not each.primary_key]
                keys = list(table.primary_key)
                if table.name in _SEEN_TO or not columns:
                    continue
                for row in connection.execute(select(*keys, *columns)).mappings().all():
                    made = {each.name: _over(row[each.name], over) for each in columns}
                    if changed := {name: value for name, value in made.items() if value != row[name]}:
                        same = [each == row[each.name] for each in keys]
                        connection.execute(update(table).where(*same).values(**changed))
                        counts[table.name] += 1
        return +counts

    def sweep(self, inputs: Collection[str], names: Collection[str], mentions: Callable[[str], bool], near: Callable[[str], bool]) -> Swept:
        """The ledger of inputs: what is held, what failed and what was noted of the inputs given, of what lies `near` them by its path,
        of the accounts named, and whatever mentions what must not be mentioned; the settings too."""
        swept, wanted = Swept(), set(names)
        held, failed, noted, origin, setting = tables.held, tables.failed, tables.input_, tables.origin, tables.setting
        with self._write() as connection:
            for table in (held, failed):
                drop = []
                for row in connection.execute(select(table)).mappings():
                    parts = [value for name, value in row.items() if isinstance(value, str | list) and name not in _DESCRIBED]
                    told = json.dumps(parts, ensure_ascii=False)
                    named = bool(wanted.intersection(row.get("candidates") or ()))
                    if named or row["origin"] in inputs or near(row["origin"]) or mentions(told):
                        drop.append(row["number"])
                        swept.files.append((row["origin"], row["file"]))
                for some in batches(drop):
                    swept.counts[table.name] += delete_rows(connection, table, table.c.number.in_(some))
            for row in connection.execute(select(held)).mappings().all():  # what waits goes on waiting, described without them
                over = {name: _without(row[name], mentions) for name in _DESCRIBED}
                if any(over[name] != row[name] for name in _DESCRIBED):
                    connection.execute(update(held).where(held.c.number == row["number"]).values(**over))
                    swept.counts["held"] += 1
            for word in connection.scalars(select(tables.alias.c.value)).all():
                if mentions(word):
                    swept.counts["alias"] += delete_rows(connection, tables.alias, tables.alias.c.value == word)
            for known in connection.execute(select(noted.c.key, noted.c.outcome)).all():
                if known.key in inputs or mentions(known.key):
                    connection.execute(delete(origin).where(origin.c.input_key == known.key))
                    swept.counts["input"] += delete_rows(connection, noted, noted.c.key == known.key)
                    continue
                outcome = _noted(connection, known.outcome)
                if mentions(json.dumps(outcome, ensure_ascii=False)):
                    outcome = {key: _without(value, mentions) for key, value in outcome.items()}
                if outcome != known.outcome:
                    connection.execute(update(noted).where(noted.c.key == known.key).values(outcome=outcome))
                    swept.counts["input_outcome"] += 1
            for key in sorted({origin_ for origin_, _ in swept.files}):
                waits = [select(table.c.number).where(table.c.origin == key) for table in (held, failed)]
                gives = select(origin.c.interaction_id).where(origin.c.input_key == key)
                if not any(connection.execute(query.limit(1)).first() for query in (*waits, gives)):
                    swept.counts["input"] += delete_rows(connection, noted, noted.c.key == key)
            swept.counts["gone"] += delete_rows(connection, tables.gone, tables.gone.c.input_key.in_(sorted(inputs)))
            for each in connection.execute(select(setting)).all():
                if mentions(json.dumps(each.value, ensure_ascii=False)):
                    connection.execute(update(setting).where(setting.c.name == each.name).values(value=_without(each.value, mentions)))
                    swept.counts["setting"] += 1
        swept.counts = +swept.counts
        return swept


def delete_opinions(connection: Connection, answers: Sequence[int]) -> int:
    """What readers said about these answers, for they quote them."""
    feedback, answer = tables.feedback, tables.answer
    return delete_rows(connection, feedback, feedback.c.answer_id.in_(select(answer.c.id).where(answer.c.number.in_(answers))))


def _noted(connection: Connection, outcome: dict[str, Any]) -> dict[str, Any]:
    """What was noted of an input, without further copies of what is not there any longer."""
    again, table = outcome.get("again", []), tables.interaction
    there: set[str] = set()
    for some in batches({id for _, id in again}):
        there |= set(connection.scalars(select(table.c.id).where(table.c.id.in_(some))))
    return {**outcome, "again": [[file, id] for file, id in again if id in there]} if len(again) else outcome


def _delete_reviews(connection: Connection, briefs: Sequence[int]) -> int:
    """What people did with these briefs, but for what they took out as confidential: that stays out."""
    review, brief = tables.review, tables.brief
    ids = select(brief.c.id).where(brief.c.number.in_(briefs))
    needed = select(tables.withheld.c.review_number)
    connection.execute(update(review).where(review.c.brief_id.in_(ids)).values(detail={}))
    return delete_rows(connection, review, and_(review.c.brief_id.in_(ids), review.c.number.not_in(needed)))


def _without(value: Any, mentions: Callable[[str], bool]) -> Any:
    """A JSON value without the items of its lists that mention it."""
    if isinstance(value, list):
        return [each for each in value if not mentions(json.dumps(each, ensure_ascii=False))]
    if isinstance(value, dict):
        return {key: _without(each, mentions) for key, each in value.items()}
    return "" if isinstance(value, str) and mentions(value) else value


def _over(value: Any, over: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return over(value)
    if isinstance(value, list):
        return [_over(each, over) for each in value]
    return {key: _over(each, over) for key, each in value.items()} if isinstance(value, dict) else value
