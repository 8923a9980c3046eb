"""Turns Slack's marked-up message text into the words its readers saw, and finds the web pages it links to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

_ENTITY = re.compile(r"<([^<>\n]{1,2000})>")
_TOKEN = re.compile(r"\bxox[a-z]{1,2}-[\w-]+")
_SECRET = "(token removed)"


def seen(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """`<@U1>` as the person's name, `<#C1|deals>` as #deals, `<https://a.example|a>` as a (https://a.example); a token never."""
    shown = _ENTITY.sub(lambda found: _shown(found[1], people, channels), text)
    return _TOKEN.sub(_SECRET, unescape(shown).replace("\r\n", "\n")).strip()


def pages(text: str) -> list[str]:
    """The addresses a message links to."""
    return [unescape(entity.partition("|")[0]) for entity in _ENTITY.findall(text) if entity.startswith(("http://", "https://"))]


def _shown(entity: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    target, _, label = entity.partition("|")
    match target[:1]:
        case "@":
            return f"@{people.get(target[1:]) or label or target[1:]}"
        case "#":
            return f"#{label or channels.get(target[1:]) or target[1:]}"
        case "!":
            name = target[1:].partition("^")[0]
            return label if label and name in ("date", "subteam") else f"@{label or name}"
        case _:
            address = target.removeprefix("mailto:").removeprefix("tel:")
            return f"{label} ({address})" if label and label not in (address, target) and address == target else label or address
