"""Finds passages by their words: BM25 over the archive's own FTS5 table, stems compared, accents ignored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.archive.archive import Archive
from ingest.index.port import Hit
from ingest.index.stopwords import STOPWORDS

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 64
"""Of one query; a pasted page is cut off here."""


@dataclass(frozen=True, slots=True)
class WordIndex:
    archive: Archive

    def search(self, account_id: str, query: str, limit: int) -> list[Hit]:
        """Passages with any of the query's words; a query of stop words alone finds nothing."""
        words = dict.fromkeys(word for word in _WORD.findall(query.casefold()) if word not in STOPWORDS)
        if not words or limit < 1:
            return []
        anyone = " OR ".join(f'"{word}"' for word in list(words)[:_MOST_WORDS])  # quoted, no word is an operator
        return [Hit(*found) for found in self.archive.search_words(account_id, anyone, limit)]

    def ids(self, account_id: str) -> set[str]:
        return self.archive.worded(account_id)
