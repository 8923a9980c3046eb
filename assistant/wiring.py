"""Puts together what answering needs on top of an open home; the only place in this package that chooses adapters."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from assistant.finding import Asks
from assistant.grounding import Ground, ground
from assistant.ledger import Ledger
from assistant.ledgers import Ledgers
from assistant.models.extractive import Extractive
from assistant.models.port import AnswerModel, ReadsFacts
from assistant.recipe import RECIPE, Recipe
from assistant.room import Room
from assistant.settings import ModelSettings, load_model_settings
from assistant.shelf import shelve
from assistant.turns import Turns
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredDeal, StoredInteraction, StoredPassage, StoredPerson
from ingest.archive.scope import Scope
from ingest.index.embedder import Embedder
from ingest.index.projection import FOLDER
from ingest.index.rows import LEAST, Rows, gathered, read_rows, rows_file
from ingest.opened import Home
from ingest.passages import searched_text
from ingest.settings import BadSettings

if TYPE_CHECKING:
    from assistant.models.chat import Chat

ROOMS_KEPT = 64
"""Accounts kept ready for asking; one of 600 passages takes about 5 MB."""

PASSAGES_KEPT = 150_000
"""In all of them together, beside the one asked about last."""

QUERIES_KEPT = 2_000
"""Embedded questions kept; the field's vocabulary is asked for again and again."""


@dataclass(frozen=True, slots=True)
class Around:
    """Who and what there is around the talk of an account, as a scope sees it."""

    people: tuple[StoredPerson, ...]
    deals: tuple[StoredDeal, ...]


@dataclass
class Kit:
    """Everything `ask` and `compose` work with. Safe to use from several threads.

    `dataclasses.replace` makes one that asks otherwise and shares what was read.
    """

    home: Home
    recipe: Recipe = RECIPE
    model: AnswerModel = field(default_factory=Extractive)
    fallback: AnswerModel = field(default_factory=Extractive)
    """Answers where the model fails."""
    ground: Ground = ground
    _queries: dict[str, Asks] = field(default_factory=dict)
    _ledgers: Ledgers = field(default_factory=Ledgers)
    _rooms: OrderedDict[tuple[Scope, str], Room] = field(default_factory=OrderedDict)
    _arounds: OrderedDict[tuple[Scope, str], Around] = field(default_factory=OrderedDict)
    _reading: dict[tuple[Scope, str], Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    word_counts: dict[tuple[str, int, frozenset[str]], int] = field(default_factory=dict)
    """Words of a brief's version as people had left it, by its id, revision and what was withheld of it."""
    answering: Turns = field(default_factory=lambda: Turns(os.cpu_count() or 1))

    @property
    def archive(self) -> Archive:
        return self.home.archive

    @property
    def embedder(self) -> Embedder | None:
        return self.home.embedder

    @property
    def asks(self) -> Asks | None:
        """The embedder as questions use it, loaded by the first of them: lists and briefs do without."""
        if (embedder := self.embedder) is None:
            return None
        with self._lock:
            return self._queries.setdefault(embedder.name, Remembering(embedder))

    @property
    def degraded(self) -> tuple[str, ...]:
        return self.home.degraded

    def around(self, scope: Scope) -> Around:
        """Read once per revision of the archive: every question needs both, and they are the slowest of what it reads."""
        key = (scope, self.archive.revision(scope))
        with self._lock:
            if (known := self._arounds.get(key)) is not None:
                self._arounds.move_to_end(key)
                return known
        found = Around(tuple(self.archive.people(scope)), tuple(self.archive.deals(scope)))
        with self._lock:
            _keep_only(self._arounds, key, found)
            while len(self._arounds) > ROOMS_KEPT:
                self._arounds.popitem(last=False)
        return found

    def people(self, scope: Scope) -> Sequence[StoredPerson]:
        return self.around(scope).people

    def ledger(self, scope: Scope, deal_id: str | None = None) -> Ledger:
        """The facts of the one account in scope, put in order; of one deal, its own paper and no other deal's."""

        def at_hand(revision: str) -> Sequence[StoredInteraction] | None:
            with self._lock:
                room = self._kept((scope, revision))
            return list(room.interactions.values()) if room else None

        return self._ledgers.of(self.archive, scope, deal_id, self.facts_by, at_hand)

    @property
    def facts_by(self) -> str:
        """The model whose facts count beside the grammar's, and with which prompt; empty where none is set."""
        return self.model.facts_by if isinstance(self.model, ReadsFacts) else ""

    def room(self, scope: Scope) -> Room:
        """The account as the scope sees it, read once per revision of the archive; who asks while it is being read waits for it."""
        key = (scope, self.archive.revision(scope))
        with self._lock:
            if (room := self._kept(key)) is not None:
                return room
            reading = self._reading.setdefault(key, Lock())
        with reading:
            with self._lock:
                if (room := self._kept(key)) is not None:
                    return room
            try:
                room = self._read(scope)
                self._keep(key, room)
            finally:
                with self._lock:
                    self._reading.pop(key, None)
        return room

    def _keep(self, key: tuple[Scope, str], room: Room) -> None:
        with self._lock:
            _keep_only(self._rooms, key, room)
            while len(self._rooms) > ROOMS_KEPT or (len(self._rooms) > 1 and _passages(self._rooms.values()) > PASSAGES_KEPT):
                self._rooms.popitem(last=False)

    def _kept(self, key: tuple[Scope, str]) -> Room | None:
        if key in self._rooms:
            self._rooms.move_to_end(key)
        return self._rooms.get(key)

    def __enter__(self) -> Kit:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.home.close()

    def _read(self, scope: Scope) -> Room:
        passages = self.archive.passages(scope)
        interactions = {i.source.id: i for i in self.archive.interactions(scope)}
        rows, lacking = self._rows(scope, passages)
        texts = []
        for passage in passages:
            turn = interactions[passage.interaction_id].turns[passage.turn]
            texts.append(searched_text(turn.speaker_name, turn.heading, passage.text))
        sources = tuple(i.source for i in interactions.values())
        files = {s.file.partition("::")[0] for s in sources}
        unreadable = tuple(sorted({f.file for f in self.archive.failed() if f.file.partition("::")[0] in files}))
        troubles = (f"answers come from words alone: {lacking} passages are not embedded yet; run `baton ingest` once more",)
        return Room(shelve(passages, texts, rows), interactions, sources, unreadable, troubles if lacking else ())

    def _rows(self, scope: Scope, passages: Sequence[StoredPassage]) -> tuple[Rows | None, int]:
        """The passages' embeddings, and how many have none: then the others are not used either."""
        if self.embedder is None or not passages:
            return None, 0
        contents = [passage.content for passage in passages]
        if len(passages) >= LEAST and scope.accounts is not None and len(scope.accounts) == 1:
            (account_id,) = scope.accounts
            rows = read_rows(rows_file(self.home.path / FOLDER, account_id, self.embedder.name), contents)
            if rows is not None:
                return rows, 0
        embeddings = self.archive.embeddings(scope, self.embedder.name)
        lacking = sum(content not in embeddings for content in contents)
        return (None, lacking) if lacking else (gathered([embeddings[content] for content in contents]), 0)


Kept = TypeVar("Kept")


def _keep_only(kept: OrderedDict[tuple[Scope, str], Kept], key: tuple[Scope, str], new: Kept) -> None:
    """In the place of what its scope saw before: what was said then may have been erased since, and does not wait in memory for its
    turn."""
    for old in [other for other in kept if other[0] == key[0]]:
        del kept[old]
    kept[key] = new


def _passages(rooms: Iterable[Room]) -> int:
    return sum(len(room.shelf) for room in rooms)


class Remembering:
    """An embedder's answers to short texts, the latest ones kept."""

    def __init__(self, embedder: Embedder) -> None:
        self.query = lru_cache(maxsize=QUERIES_KEPT)(embedder.query)


def open_kit(home: Home, *, extractive: bool = False) -> Kit:
    """With the language model that the home's settings name, if they do and `extractive` does not forbid it. Raises `BadSettings`."""
    try:
        settings = None if extractive else load_model_settings(home.path)
    except BadSettings:
        home.close()
        raise
    kit = Kit(home)
    return replace(kit, model=language_model(settings)) if settings else kit


def language_model(settings: ModelSettings) -> Chat:
    from assistant.models.chat import Chat  # its libraries are for those who have a model
    from assistant.models.endpoint import Endpoint

    return Chat(settings, Endpoint(settings))
