"""Tells which e-mail address a spoken name belongs to, for tools that give names and addresses apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ingest.records import Participant

_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")


def bare(name: str) -> str:
    """A display name without its aside: "Mei-Lin Zhou (iPhone)", "Dana (she/her)"."""
    return _ASIDE.sub("", name).strip() or name.strip()


def same_name(one: str, other: str) -> bool:
    return bool(_words(one)) and _words(one) == _words(other)


def address_of(name: str, addresses: Iterable[str]) -> str:
    """The only address whose local part spells the name ("tom.becker", "tbecker", "tom"); empty when none or several do."""
    for spellings in _spellings(_words(bare(name))):
        found = {address for address in addresses if re.sub(r"[^a-z0-9]", "", _plain(address.partition("@")[0])) in spellings}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def find(name: str, people: Sequence[Participant]) -> Participant | None:
    """The one of `people` who bears the name."""
    found = [person for person in people if same_name(bare(name), bare(person.name))]
    return found[0] if found else None


def _spellings(words: list[str]) -> list[set[str]]:
    """What the local part may be, surest first."""
    if not words:
        return []
    first, last = words[0], words[-1]
    if len(words) == 1:
        return [{first}]
    middle = "".join(words)
    return [{middle, first + last, last + first}, {first[0] + last, first + last[0], last + first[0], "".join(words[:-1])}, {first, last}]


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r"['’.-]", "", _plain(name)))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
