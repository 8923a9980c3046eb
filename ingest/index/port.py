"""The ports of what finds passages within one account; the vector indexes and the word index are their adapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:  # numpy is slow to load, and not everybody who names an index compares vectors
    import numpy as np
    from numpy.typing import NDArray

Query = TypeVar("Query", contravariant=True)


WHOLE = ".whole"
"""Behind the name of an index, the file that notes which passages it was last seen whole for."""


STORED = ".stored"
"""The same for the file that notes what was put into a store outside the home's own folders."""


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


class Vectors(Protocol):
    """An index of one model's vectors that can be changed, account by account. Everything but `close` raises IndexBroken."""

    @property
    def model(self) -> str: ...
    @property
    def folder(self) -> Path:
        """Where each account has a folder of files that belong to its vectors."""

    def search(self, account_id: str, query: NDArray[np.float32], limit: int) -> list[Hit]: ...
    def ids(self, account_id: str) -> set[str]: ...
    def altered(self, account_id: str, wanted: Mapping[str, NDArray[np.float32]]) -> frozenset[str]:
        """Of passages it should hold with these vectors, those that it does not find by them."""

    def add(self, account_id: str, vectors: Mapping[str, NDArray[np.float32]]) -> None: ...
    def delete(self, account_id: str, ids: Sequence[str]) -> None: ...
    def rebuild(self, account_id: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Makes the account's index again, whatever state it is in; with no vectors, none is left."""

    def tidy(self, account_id: str) -> None:
        """Removes what a run that was cut short left beside the index."""

    def close(self) -> None: ...
