"""What happens by itself as everybody else sees it: close events, the jobs they make, what was sent; in the archive's own file.

Unlike the history this may be written beside the home's one writer (as who may come in): a job is replayed while the server runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, get_args
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from ingest.archive import tables
from ingest.archive.beside import Beside
from ingest.archive.errors import NotThere
from ingest.archive.identifiers import link_key
from ingest.archive.job_tables import close_event, delivery, job
from ingest.archive.storable import storable, storable_json
from ingest.records import Link

Says = Literal["won", "open", "lost", "changed"]
State = Literal["waiting", "running", "done", "failed", "dismissed"]
STATES: tuple[State, ...] = get_args(State)
_OPEN = ("waiting", "running")
WORDS = "words"
"""What of a job's `about` somebody wrote: shown to nobody, and kept while the job needs it."""


@dataclass(frozen=True, slots=True)
class CloseEvent:
    """What a CRM says about one deal. `changed` says no more than that somebody should look."""

    hook: str
    event: str
    """The sender's id for it: the same one again is the same event."""
    system: str
    deal: str
    says: Says
    occurred_at: datetime | None = None
    stage: str = ""
    number: int = 0
    received_at: datetime | None = None
    job_number: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work; `run` changes whenever a person asks for it anew."""

    number: int
    run: str
    kind: str
    key: str | None
    account_id: str | None
    about: Mapping[str, Any]
    state: State
    tries: int
    made_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    trouble: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    new: int
    known: int
    jobs: tuple[int, ...] = ()
    """Numbers of the jobs that the new ones made or joined."""


@dataclass(frozen=True, slots=True)
class Delivery:
    key: str
    account_id: str
    brief_id: str
    what: str
    channel: str
    place: str
    began_at: datetime
    sent_at: datetime | None
    reference: str

    @property
    def id(self) -> str:
        return delivery_id(self.key)


def delivery_id(key: str) -> str:
    """Of what is sent under this key, before it is sent and after: a key names the place, which may be somebody's address."""
    return f"dlv_{sha256(key.encode()).hexdigest()[:16]}"


class Work(Beside):
    def receive(self, events: Sequence[CloseEvent]) -> Received:
        """Keeps what is new and the job it makes, in one transaction. An event of a deal that a job waits for joins that job, and one
        that says the deal is not won makes none."""
        new, numbers, at = 0, [], self.now()
        with self._write() as connection:
            for event in events:
                if _known(connection, event):
                    continue
                new += 1
                account_id = _account_of(connection, event)
                number = None
                if event.says in ("won", "changed"):
                    number = _waiting_for(connection, event) or _add_job(
                        connection, "handoff", {"system": event.system, "deal": storable(event.deal)}, at, at, None, account_id
                    )
                    numbers.append(number)
                connection.execute(
                    insert(close_event).values(
                        hook=event.hook, event=storable(event.event), system=event.system, deal=storable(event.deal), says=event.says,
                        stage=storable(event.stage), occurred_at=event.occurred_at, received_at=at, account_id=account_id,
                        job_number=number,
                    )
                )  # fmt: skip
        return Received(new, len(events) - new, tuple(dict.fromkeys(numbers)))

    def events_of(self, job_number: int) -> list[CloseEvent]:
        """In the order in which they happened, whatever order they came in."""
        with self._read() as connection:
            rows = connection.execute(select(close_event).where(close_event.c.job_number == job_number).order_by(close_event.c.number))
            return sorted(
                (_event(row) for row in rows), key=lambda event: (event.occurred_at or event.received_at or self.now(), event.number)
            )

    def latest_of_deal(self, system: str, deal: str) -> CloseEvent | None:
        """The last that was said about it, by when it happened: events come in any order."""
        same = (close_event.c.system == system, close_event.c.deal == storable(deal))
        when = func.coalesce(close_event.c.occurred_at, close_event.c.received_at)
        with self._read() as connection:
            # What says more than "look" counts among those of one moment: a CRM tells of one change by several properties.
            order = (when.desc(), close_event.c.says == "changed", close_event.c.number.desc())
            row = connection.execute(select(close_event).where(*same).order_by(*order).limit(1)).one_or_none()
        return _event(row) if row is not None else None

    def latest_events(self, limit: int) -> list[CloseEvent]:
        with self._read() as connection:
            return [_event(row) for row in connection.execute(select(close_event).order_by(close_event.c.number.desc()).limit(limit))]

    def add_job(
        self,
        kind: str,
        about: Mapping[str, Any],
        *,
        due_at: datetime | None = None,
        key: str | None = None,
        account_id: str | None = None,
    ) -> int | None:
        """Its number; None where one with this key is or was there already."""
        at = self.now()
        with self._write() as connection:
            if key is not None and connection.scalar(select(job.c.number).where(job.c.key == key)) is not None:
                return None
            return _add_job(connection, kind, storable_json(dict(about)), at, due_at or at, key, account_id)

    def want(self, kind: str, about: Mapping[str, Any]) -> int | None:
        """Its number; None where the same is waiting already."""
        with self._write() as connection:
            waiting = select(job.c.about).where(job.c.kind == kind, job.c.state == "waiting")
            if any(known == dict(about) for known in connection.scalars(waiting)):
                return None
            return self.add_job(kind, about)

    def job(self, number: int) -> Job:
        with self._read() as connection:
            row = connection.execute(select(job).where(job.c.number == number)).one_or_none()
        if row is None:
            raise NotThere("job", str(number))
        return _job(row)

    def jobs(self, *, states: Sequence[State] = STATES, limit: int = 100, before: int | None = None) -> list[Job]:
        """The latest first."""
        query = select(job).where(job.c.state.in_(states)).order_by(job.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(job.c.number < before)
        with self._read() as connection:
            return [_job(row) for row in connection.execute(query)]

    def count_jobs(self) -> dict[str, int]:
        with self._read() as connection:
            return {row[0]: row[1] for row in connection.execute(select(job.c.state, func.count()).group_by(job.c.state))}

    def next_due(self, kinds: Sequence[str] | None = None) -> Job | None:
        """Of the jobs whose time has come, one that was being done when the process ended, else the one that waits longest; deal closes
        come before what is sent about them."""
        query = select(job).where(or_(job.c.state == "running", (job.c.state == "waiting") & (job.c.due_at <= self.now())))
        if kinds is not None:
            query = query.where(job.c.kind.in_(kinds))
        order = (job.c.state != "running", job.c.kind != "handoff", job.c.due_at, job.c.number)
        with self._read() as connection:
            row = connection.execute(query.order_by(*order).limit(1)).one_or_none()
        return _job(row) if row is not None else None

    def next_at(self, kinds: Sequence[str] | None = None) -> datetime | None:
        """When the next one that waits is due."""
        query = select(func.min(job.c.due_at)).where(job.c.state.in_(_OPEN))
        if kinds is not None:
            query = query.where(job.c.kind.in_(kinds))
        with self._read() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def begin_job(self, number: int) -> Job | None:
        """It is being done; what comes in for its deal from now on makes a job of its own. None where it waits no longer: a person was
        quicker."""
        with self._write() as connection:
            mine = (job.c.number == number, job.c.state == "waiting")
            if not connection.execute(update(job).where(*mine).values(state="running", tries=job.c.tries + 1)).rowcount:
                return None
            return _job(connection.execute(select(job).where(job.c.number == number)).one())

    def note(self, number: int, found: Mapping[str, Any]) -> None:
        """What a step of it came to, for the steps after it and for whoever looks at it; ids and counts."""
        with self._write() as connection:
            known = connection.scalar(select(job.c.result).where(job.c.number == number)) or {}
            connection.execute(update(job).where(job.c.number == number).values(result=storable_json({**known, **found})))

    def end_job(self, number: int) -> None:
        """What somebody wrote, and the job needed, goes with its end."""
        with self._write() as connection:
            about = dict(connection.scalar(select(job.c.about).where(job.c.number == number)) or {})
            about.pop(WORDS, None)
            values = {"state": "done", "ended_at": self.now(), "trouble": "", "about": about}
            connection.execute(update(job).where(job.c.number == number).values(**values))

    def settle(self, number: int, account_id: str | None) -> None:
        """The job and its events are this account's, and go with it."""
        if account_id is not None:
            with self._write() as connection:
                connection.execute(update(job).where(job.c.number == number).values(account_id=account_id))
                connection.execute(update(close_event).where(close_event.c.job_number == number).values(account_id=account_id))

    def fail_job(self, number: int, trouble: str, again_at: datetime | None) -> None:
        """To be tried again then; never by itself with None."""
        state: State = "waiting" if again_at is not None else "failed"
        values = {"state": state, "trouble": storable(trouble)[:500], "due_at": again_at or job.c.due_at}
        with self._write() as connection:
            # Another run: the engine would give the outcome of the one that failed.
            ended = None if again_at is not None else self.now()
            connection.execute(update(job).where(job.c.number == number).values(**values, ended_at=ended, run=_run()))

    def replay_job(self, number: int) -> Job:
        """One that failed is due now, as if it had never been tried. Raises NotThere where there is none that failed."""
        with self._write() as connection:
            mine = (job.c.number == number, job.c.state.in_(("failed", "dismissed")))
            values = {"state": "waiting", "tries": 0, "due_at": self.now(), "ended_at": None, "run": _run()}
            if not connection.execute(update(job).where(*mine).values(**values)).rowcount:
                raise NotThere("failed job", str(number))
        return self.job(number)

    def dismiss_job(self, number: int) -> Job:
        """A person lets be what failed, or what waits. Raises NotThere where there is no such job."""
        with self._write() as connection:
            mine = (job.c.number == number, job.c.state.in_(("failed", "waiting")))
            ended = func.coalesce(job.c.ended_at, self.now())
            if not connection.execute(update(job).where(*mine).values(state="dismissed", ended_at=ended)).rowcount:
                raise NotThere("job that failed or waits", str(number))
        return self.job(number)

    def begin_delivery(self, key: str, account_id: str, brief_id: str, what: str, channel: str, place: str) -> tuple[Delivery, bool]:
        """The one that was begun under this key before, or a new one; and whether it was begun before."""
        values = {"key": key, "account_id": account_id, "brief_id": brief_id, "what": what, "channel": channel, "place": storable(place)}
        with self._write() as connection:
            known = connection.scalar(select(delivery.c.number).where(delivery.c.key == key)) is not None
            if not known:
                connection.execute(insert(delivery).values(**values, began_at=self.now(), sent_at=None, reference=""))
            return _delivery(connection.execute(select(delivery).where(delivery.c.key == key)).one()), known

    def end_delivery(self, key: str, reference: str) -> None:
        with self._write() as connection:
            connection.execute(
                update(delivery).where(delivery.c.key == key).values(sent_at=self.now(), reference=storable(reference)[:200])
            )

    def deliveries(self, brief_id: str | None = None, limit: int = 100) -> list[Delivery]:
        """The latest first."""
        query = select(delivery).order_by(delivery.c.number.desc()).limit(limit)
        if brief_id is not None:
            query = query.where(delivery.c.brief_id == brief_id)
        with self._read() as connection:
            return [_delivery(row) for row in connection.execute(query)]


def _known(connection: Connection, event: CloseEvent) -> bool:
    query = select(close_event.c.number).where(close_event.c.hook == event.hook, close_event.c.event == storable(event.event))
    return connection.scalar(query) is not None


def _account_of(connection: Connection, event: CloseEvent) -> str | None:
    """Whose deal it is, where the archive knows it already."""
    key = link_key(Link(event.system, "deal", storable(event.deal)))
    query = select(tables.deal.c.account_id).join(tables.deal_link).where(tables.deal_link.c.key == key)
    found: str | None = connection.scalar(query)
    return found


def _waiting_for(connection: Connection, event: CloseEvent) -> int | None:
    same = (close_event.c.system == event.system, close_event.c.deal == storable(event.deal))
    query = select(job.c.number).join(close_event, close_event.c.job_number == job.c.number)
    found: int | None = connection.scalar(query.where(*same, job.c.state == "waiting", job.c.tries == 0).limit(1))
    return found


def _add_job(
    connection: Connection, kind: str, about: Mapping[str, Any], at: datetime, due_at: datetime, key: str | None, account_id: str | None
) -> int:
    values = {
        "run": _run(), "kind": kind, "key": key, "account_id": account_id, "about": dict(about), "state": "waiting", "tries": 0,
        "made_at": at, "due_at": due_at, "ended_at": None, "trouble": "", "result": {},
    }  # fmt: skip
    number = connection.execute(insert(job).values(**values)).inserted_primary_key
    assert number is not None
    return int(number[0])


def _run() -> str:
    return f"run_{uuid4().hex[:20]}"


def _job(row: Row[Any]) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__slots__})


def _event(row: Row[Any]) -> CloseEvent:
    return CloseEvent(**{name: getattr(row, name) for name in CloseEvent.__slots__})


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.__slots__})
