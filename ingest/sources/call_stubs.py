"""Tells what a call tool logs in a CRM for a call of its own: a link, perhaps with a few words around it."""

from __future__ import annotations

import re
from html import unescape

_CALL = re.compile(
    r"https?://(?:[\w.-]{1,100}\.)?(?:"
    r"gong\.io/call\?(?:[^\s\"'<>#]{0,200}&)?id=(?P<gong>\d+)"
    r"|fireflies\.ai/view/(?:[^\s\"'<>?/]{0,200}::)?(?P<fireflies>\w+)"
    r"|chorus\.ai/meeting/(?P<chorus>\w+)"
    r"|fathom\.video/(?:calls|share)/(?P<fathom>[\w-]+)"
    r"|tldv\.io/app/meetings/(?P<tldv>\w+)"
    r"|zoom\.[\w.]{2,40}/rec/(?:share|play)/(?P<zoom>[\w.-]+)"
    r")",
    re.I,
)
_FEW_WORDS = 12


def aliases(logged: str) -> tuple[str, ...]:
    """The calls that a logged text, HTML or not, points to: the link as it stands, and the tool's id in it."""
    links = (_link(logged, found) for found in _CALL.finditer(logged))
    return tuple(dict.fromkeys(name for link, native in links for name in (link, native)))


def is_stub(logged: str, words: str) -> bool:
    """The words say no more than that there was a call; `words` are what a reader sees of `logged`."""
    return _CALL.search(logged) is not None and len(re.sub(r"https?://\S+", "", words).split()) <= _FEW_WORDS


def _link(logged: str, found: re.Match[str]) -> tuple[str, str]:
    rest = re.compile(r"[^\s\"'<>)\]]{0,300}").match(logged, found.end())
    return unescape(found.group() + (rest.group() if rest else "")).rstrip(".,;"), next(filter(None, found.groups()))
