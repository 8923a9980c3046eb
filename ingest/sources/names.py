"""Tells which e-mail address a spoken name belongs to, for tools that give names and addresses apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ingest.records import Participant

_ASIDE = re.compile(r"\s{0,9}[(\[][^()\[\]]{0,100}[)\]]\s*$")

_NOBODY = re.compile(
    r"(?:unknown|unidentified|unnamed)(?: (?:speaker|participant|caller|user|guest))?(?:[ #_-]{0,2}\w{1,3})?"
    r"|(?:speaker|spk|participant|caller|guest|attendee|voice)(?:[ #_-]{0,2}(?:\d{1,3}|[a-z]))?",
    re.I,
)
_MACHINE = re.compile(
    r".*(?:\bnote[ -]?taker\b|\botter ?pilot\b|\bai companion\b|\bmeeting (?:notes|bot)$|['’]s (?:presentation|screen)$).*"
    r"|(?:fireflies|otter|read|fathom|tl;?dv|avoma|gong|chorus|sembly|meetgeek|grain|krisp)(?:[. ](?:ai|io|video))?(?: bot| assistant)?",
    re.I,
)
_MACHINES_ADDRESS = re.compile(
    r"(?:fred|bot|notetaker|recorder|assistant)\S*@(?:fireflies\.ai|otter\.ai|fathom\.video|read\.ai|tldv\.io|gong\.io|chorus\.ai|avoma\.com)",
    re.I,
)


def is_person(name: str, email: str = "") -> bool:
    """Not "Unknown Speaker" or "Speaker 1", nor a notetaker or a shared screen, which recorders list among those present."""
    name = name.strip()[:200]
    return not (_NOBODY.fullmatch(name) or _MACHINE.fullmatch(name) or _MACHINES_ADDRESS.fullmatch(email.strip()))


def is_nobody(name: str) -> bool:
    """A label that stands for a voice whose owner the tool does not know."""
    return _NOBODY.fullmatch(name.strip()[:200]) is not None


def bare(name: str) -> str:
    """A display name without its aside: "Mei-Lin Zhou (iPhone)", "Dana (she/her)"."""
    return _ASIDE.sub("", name).strip() or name.strip()


def spelled(name: str) -> str:
    """The same for all ways to write a name; empty for what has no letters."""
    return " ".join(_words(bare(name)))


def address_of(name: str, addresses: Iterable[str]) -> str:
    """The only address whose local part spells the name ("tom.becker", "tbecker", "tom"); empty when none or several do."""
    for spellings in _spellings(_words(bare(name))):
        found = {address for address in addresses if re.sub(r"[^a-z0-9]", "", _plain(address.partition("@")[0])) in spellings}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def find(name: str, people: Sequence[Participant]) -> Participant | None:
    """The one of `people` who bears the name."""
    wanted = spelled(name)
    return next((person for person in people if wanted and spelled(person.name) == wanted), None)


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
    return re.findall(r"[^\W_]+", re.sub(r"['’.-]", "", _plain(name)))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
