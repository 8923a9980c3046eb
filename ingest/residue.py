"""Looks through every byte of a home for words and vectors that must not be there any longer, in every form they could have been left.

As they are and in small and capital letters, in UTF-8, UTF-16 of both orders, base64 in its three alignments, quoted-printable and
JSON's escapes; vectors as their raw float32 and int8 bytes.
"""

from __future__ import annotations

import base64
import json
import os
import quopri
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LEAST = 6
"""Characters of a word worth looking for: shorter ones stand anywhere."""

_CHUNK = 8 * 2**20
_ANCHOR = 8
"""Bytes of a form that find a place to look at; shorter forms are looked for one by one."""
_BITS = 20
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SPREAD_TOO = np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True, slots=True)
class Found:
    """How often something was found in a file, and in which form; never what."""

    file: str
    form: str
    places: int


@dataclass(slots=True)
class Residue:
    words: int = 0
    vectors: int = 0
    """So many different ones were looked for."""
    files: int = 0
    bytes: int = 0
    found: list[Found] = field(default_factory=list)


class Finder:
    """Many byte strings at once, some of them whatever the case of their ASCII letters."""

    def __init__(self, words: Iterable[str], vectors: Iterable[bytes] = ()) -> None:
        self.words = [word for word in dict.fromkeys(words) if len(word) >= LEAST]
        self.vectors = [each for each in dict.fromkeys(vectors) if len(each) >= _ANCHOR]
        plain: dict[bytes, tuple[str, int]] = {}
        folded: dict[bytes, tuple[str, int]] = {}
        for number, word in enumerate(self.words):
            for form, pattern, any_case in _forms(word):
                (folded if any_case else plain).setdefault(pattern.lower() if any_case else pattern, (form, number))
        for number, each in enumerate(self.vectors):
            plain.setdefault(each, ("vector", number))
        self._plain, self._folded = _Patterns(plain), _Patterns(folded)
        self.longest = max(self._plain.longest, self._folded.longest)

    def forms(self, data: bytes) -> Counter[tuple[str, int]]:
        """(form, number of the word or vector) of everything found, as often as it was."""
        return self._plain.found(data) + self._folded.found(data.lower())

    def words_in(self, texts: Iterable[str]) -> set[int]:
        """Numbers of the words that stand in any of these texts."""
        found: set[int] = set()
        for chunk in _joined(texts):
            found |= {number for form, number in self.forms(chunk) if form != "vector"}
        return found


def look_through(home: Path, finder: Finder, skip: Collection[Path] = ()) -> Residue:
    """Every file of the home, hidden ones too."""
    residue = Residue(len(finder.words), len(finder.vectors))
    passed_over = {path.resolve() for path in skip}
    for path in _files(home):
        if path.resolve() in passed_over:
            continue
        residue.files += 1
        counts: Counter[str] = Counter()
        name = str(path.relative_to(home))
        for data, fresh in _chunks(path, finder.longest):
            residue.bytes += fresh
            for (form, _), places in finder.forms(data).items():
                counts[form] += places
        counts += Counter(f"file name, {form}" for form, _ in finder.forms(name.encode("utf-8", "surrogateescape")))
        residue.found += [Found(_masked(name, finder), form, places) for form, places in sorted(counts.items())]
    return residue


class _Patterns:
    """A table of the first bytes' hashes says in one step for each place whether anything may begin there."""

    def __init__(self, patterns: Mapping[bytes, tuple[str, int]]) -> None:
        self._short = {pattern: what for pattern, what in patterns.items() if len(pattern) < _ANCHOR}
        self._by_start: dict[int, dict[bytes, list[tuple[bytes, tuple[str, int]]]]] = {}
        self._tables: dict[int, NDArray[np.bool_]] = {}
        for words in (1, 2):  # of eight bytes: sixteen of them begin far fewer sentences than eight do
            by_start: dict[bytes, list[tuple[bytes, tuple[str, int]]]] = defaultdict(list)
            for pattern, what in patterns.items():
                if words == min(2, len(pattern) // _ANCHOR):
                    by_start[pattern[: words * _ANCHOR]].append((pattern, what))
            if by_start:
                self._by_start[words] = dict(by_start)
                self._tables[words] = np.zeros(1 << _BITS, dtype=bool)
                starts = np.frombuffer(b"".join(by_start), dtype="<u8").reshape(-1, words)
                self._tables[words][_places(starts[:, 0], starts[:, 1] if words == 2 else None)] = True
        self.longest = max(map(len, patterns), default=0)

    def found(self, data: bytes) -> Counter[tuple[str, int]]:
        found: Counter[tuple[str, int]] = Counter()
        for pattern, what in self._short.items():
            if places := data.count(pattern):
                found[what] += places
        for shift in range(_ANCHOR if self._tables else 0):
            count = (len(data) - shift) // _ANCHOR
            if count <= 0:
                continue
            view = np.frombuffer(data, dtype="<u8", offset=shift, count=count)
            for words, table in self._tables.items():
                hashes = _places(view[:-1], view[1:]) if words == 2 else _places(view, None)
                for index in np.flatnonzero(table[hashes]):
                    at = int(index) * _ANCHOR + shift
                    for pattern, what in self._by_start[words].get(data[at : at + words * _ANCHOR], ()):
                        if data.startswith(pattern, at):
                            found[what] += 1
        return found


def _places(first: NDArray[np.uint64], second: NDArray[np.uint64] | None) -> NDArray[np.int64]:
    spread = first * _SPREAD
    if second is not None:
        spread = (spread ^ (second * _SPREAD_TOO)) * _SPREAD
    return (spread >> np.uint64(64 - _BITS)).astype(np.int64)


def _forms(word: str) -> Iterator[tuple[str, bytes, bool]]:
    """(name, bytes, whether ASCII letters may be of any case)."""
    cased = dict.fromkeys([word, word.lower(), word.upper()])
    for one in cased:
        plain = one.encode("utf-8", "surrogatepass")
        yield "utf-8", plain, True
        yield "utf-16-le", one.encode("utf-16-le", "surrogatepass"), True
        yield "utf-16-be", one.encode("utf-16-be", "surrogatepass"), True
        for shift in range(3):
            for form in (base64.b64encode, base64.urlsafe_b64encode):
                yield "base64", _aligned(plain, shift, form is base64.urlsafe_b64encode), False
        if (quoted := quopri.encodestring(plain).replace(b"=\n", b"").strip()) != plain:
            yield "quoted-printable", quoted, True
        if (escaped := json.dumps(one)[1:-1].encode()) != plain:
            yield "json", escaped, True


def _aligned(plain: bytes, shift: int, urlsafe: bool) -> bytes:
    """The letters of base64 that are the same whatever stands before and behind, when it begins `shift` bytes into a group of three."""
    encoded = (base64.urlsafe_b64encode if urlsafe else base64.b64encode)(b"\0" * shift + plain)
    start = (0, 2, 3)[shift]
    loose = (shift + len(plain)) % 3
    return encoded[start : (len(encoded) // 4 - 1) * 4 + loose] if loose else encoded[start:]


def _files(home: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(home):
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _chunks(path: Path, overlap: int) -> Iterator[tuple[bytes, int]]:
    """Pieces of a file that overlap by the longest form, and how many bytes of each are new."""
    with path.open("rb") as opened:
        before = b""
        while data := opened.read(_CHUNK):
            yield before + data, len(data)
            before = (before + data)[-(overlap - 1) :] if overlap > 1 else b""


def _joined(texts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size > _CHUNK:
            yield "\n".join(held).encode("utf-8", "surrogatepass")
            held, size = [], 0
    yield "\n".join(held).encode("utf-8", "surrogatepass")


def _masked(name: str, finder: Finder) -> str:
    """A file whose name is itself a trace is named without it."""
    for word in finder.words:
        at = name.lower().find(word.lower())
        if at >= 0:
            name = name[:at] + "…" + name[at + len(word) :]
    return name
