"""Words as search sees them: folded, stemmed, without those that carry no meaning of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cached_property, lru_cache
from threading import local
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowballstemmer.english_stemmer import EnglishStemmer

STOP = frozenset(
    """
    a an the this that these those it its there here and or but if then so as of to in on at by for from with about into
    over after before between during is are was were be been being am do does did doing done have has had having will
    would shall should can could may might must not no nor i me my mine we us our ours you your yours he him his she her
    hers they them their theirs who whom whose which what when where why how any some all both each every other such same
    own very just also too more most than only once again ever still yet up down out off get got gets give gave given go
    goes going went come came let s t ll ve re d m don didn doesn isn aren wasn weren won wouldn couldn shouldn hasn haven
    hadn ain tell told say said says ask asked anybody anyone somebody someone something anything thing things
    """.split()
)
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?", re.UNICODE)


class _Own(local):
    """A stemmer works in fields of its own while it stems, so each thread has one. By its class, because the package's own chooser
    takes another implementation where one happens to be installed, and the same word must have the same stem everywhere."""

    @cached_property
    def stemmer(self) -> EnglishStemmer:
        from snowballstemmer.english_stemmer import EnglishStemmer  # brings every language's: loaded by whoever stems first

        return EnglishStemmer()


_own = _Own()


def terms(text: str) -> list[str]:
    """The stems of a text in order, stop words left out: `They're invoicing $6,000` gives `invoic`, `6000`."""
    return [term for found in _TOKEN.findall(fold(text)) if (term := _term(found))]


def places(text: str, wanted: Collection[str]) -> list[tuple[int, int]]:
    """Where in a text, from its first character to one past its last, each word stands that is one of the terms wanted."""
    return [found.span() for found in _TOKEN.finditer(text) if not set(terms(found.group())).isdisjoint(wanted)]


def plain(text: str) -> list[str]:
    """The words of a text, folded, possessive endings and digit separators dropped; nothing left out."""
    return [_bare(found) for found in _TOKEN.findall(fold(text))]


def fold(text: str) -> str:
    """One spelling a word: compatibility forms, case and accents folded, curly apostrophes straight."""
    if text.isascii():  # most of it is, and has nothing to fold but its case
        return text.lower()
    straight = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(c for c in straight if not unicodedata.combining(c))


@lru_cache(maxsize=200_000)
def _term(found: str) -> str:
    """The stem of a word as it stands in a text; empty for a stop word. Most words of a history are among the first few thousand."""
    word = _bare(found)
    return "" if word in STOP or (stem := stemmed(word)) in STOP else stem


def _bare(found: str) -> str:
    return found.replace(",", "") if found[0].isdigit() else found.partition("'")[0]


@lru_cache(maxsize=200_000)
def stemmed(word: str) -> str:
    return str(_own.stemmer.stemWord(word))
