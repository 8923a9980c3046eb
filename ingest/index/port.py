"""The port of what finds passages within one account; the vector index and the word index are its adapters."""

from __future__ import annotations

from typing import NamedTuple, Protocol, TypeVar

Query = TypeVar("Query", contravariant=True)


WHOLE = ".whole"
"""Behind the name of an index, the file that notes which passages it was last seen whole for."""


class Hit(NamedTuple):
    passage_id: str
    score: float
    """More is better; comparable within one search only."""


class IndexBroken(Exception):
    """An index cannot be read. Nothing is lost: the archive holds all of it, and `rebuild` makes it again."""


class Index(Protocol[Query]):
    def search(self, account_id: str, query: Query, limit: int) -> list[Hit]:
        """Best first, each passage once, none of another account; nothing for an account that is not there. Raises IndexBroken."""

    def ids(self, account_id: str) -> set[str]:
        """The passages that a search can find. Raises IndexBroken."""
