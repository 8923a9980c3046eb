"""Opposite words of a promise and the paper in the matters that hurt most: leaving, renewing, the price later on, hours, going live."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.facts.dates import DateSaid, dates
from assistant.facts.figures import Figure, figures

_MAY_LEAVE = re.compile(
    r"\b(?:you can|you may|can) (?:walk|leave|cancel|terminate|get out|step out|pull out|opt out|(?:hand|give|send) (?:it|them"
    r"|everything) back|end (?:it|the (?:contract|agreement"
    r"|term)))"
    r"|\byou (?:just )?(?:walk|leave|are out|are free)\b (?:at|after|in|with|any)\b|month[- ]to[- ]month|\bbreak (?:clause|option"
    r"|right|after|at)\b|\bway out\b"
    r"|\bopt[- ]out after\b|\bright to (?:terminate|cancel|leave)\b",
    re.IGNORECASE,
)
_MAY_NOT_LEAVE = re.compile(
    r"\b(?:may not be (?:cancelled|canceled|terminated)|neither party may terminate|non-cancell?able"
    r"|terminat\w+ (?:for convenience |without cause )?(?:is|are|shall be) (?:excluded|not possible|not permitted|ruled out)"
    r"|terminat\w+ for convenience,? [^.;]{0,60}\b(?:is|are|shall be) (?:excluded|not possible|not permitted|ruled out)"
    r"|no (?:right to terminate|termination) (?:for convenience|before|during))\b",
    re.IGNORECASE,
)
_NO_RENEWAL = re.compile(
    r"\b(?:take|took|strike|remove|drop).{0,20}\brenew|\bno automatic renewal|\brenewal\b.{0,20}\bout\b|\bwon't renew\b", re.IGNORECASE
)
_RENEWS = re.compile(r"\brenews?\b", re.IGNORECASE)
_PRICE_HELD = re.compile(
    r"\b(?:price|fee|rate)s?\b.{0,24}\b(?:locked|fixed|held|frozen)\b|\block(?:ed)?\b.{0,12}\bprice|\block it\b"
    r"|\b(?:freeze|hold|fix) (?:the|that|your) (?:\w+ )?(?:price|fee|rate)s?\b|\b(?:price|fee|rate) (?:freeze|lock|hold)\b"
    r"|\bflat (?:price|fee|rate)\b",
    re.IGNORECASE,
)
_PRICE_MAY_CHANGE = re.compile(
    r"\b(?:price|fee|rate)s? (?:increases?|rises?) (?:each|every|once a|with|by)\b|\bmay (?:change|increase|raise|adjust"
    r"|review)\b.{0,20}\b(?:price|fee|rate)s?\b|\b(?:price|fee|rate)s? may (?:be )?(?:changed?"
    r"|increased?"
    r"|raised?|adjusted|rise)\b",
    re.IGNORECASE,
)
_OPPOSITES = ((_MAY_LEAVE, _MAY_NOT_LEAVE), (_NO_RENEWAL, _RENEWS), (_PRICE_HELD, _PRICE_MAY_CHANGE))
_UNLESS = re.compile(r"\bif\b.{0,60}\bnot\b", re.IGNORECASE)


def says_the_opposite(promised: str, written: str) -> bool:
    """Of leaving, renewing and the price later on."""
    return not _UNLESS.search(promised) and any(said.search(promised) and other.search(written) for said, other in _OPPOSITES)


_RISES = re.compile(
    r"\b(?:increases?|uplifts?|indexation|rises?|cap)\b|\b(?:adjust|raise)s? the (?:\w+ )?(?:price|fee|rate)\b"
    r"|\b(?:price|fee|rate)s? may (?:increase|rise)\b",
    re.IGNORECASE,
)
_PERCENT = "%"


def caps_rises_higher(promised: str, written: str, clause_figures: Sequence[Figure]) -> bool:
    """`Increases are capped at two percent`, and the paper lets the fee rise by three."""
    if not (_RISES.search(promised) and _RISES.search(written)):
        return False
    said, there = ([f.value for f in found if f.unit == _PERCENT] for found in (figures(promised), clause_figures))
    return bool(said and there) and max(said) < max(there)


_TAKES = re.compile(
    r"\b(?:implementation|roll-?out|deployment|set-?up|go-?live)\b(?: (?:period|time|phase|takes?|is|lasts?))*\W", re.IGNORECASE
)
_GOES_LIVE = re.compile(r"\b(?:live|up and running|go-?live)\b", re.IGNORECASE)
_WEEKS = {"day": 1 / 7, "week": 1.0, "month": 52 / 12}


def goes_live_later(promised: str, due: DateSaid | None, made_on: date | None, written: str, clause_figures: Sequence[Figure]) -> bool:
    """In more weeks than was promised, or on a later day: `live in eight weeks`, and `Implementation: twelve weeks`."""
    if not _GOES_LIVE.search(promised) or not _TAKES.search(written):
        return False
    said, there = ([f.value * _WEEKS[f.unit] for f in found if f.unit in _WEEKS] for found in (figures(promised), clause_figures))
    if said and there:
        return max(said) < min(there)
    days = [found.on for found in dates(written, made_on) if found.on]
    return bool(due and due.exact and due.on and days) and all(due is not None and due.on is not None and due.on < day for day in days)


_AT_WEEKENDS = re.compile(r"\b(?:saturday|sunday|weekend)s?\b", re.IGNORECASE)
_ON_WEEKDAYS = re.compile(
    r"\b(?:on )?(?:weekdays|working days|business days|business hours|office hours)\b|\bmon(?:day)?s? (?:to|through|[-–]) fri",
    re.IGNORECASE,
)
_HELP = re.compile(r"\b(?:support|phone|hot ?line|help ?desk|service desk|on call|on duty|reach|ring|assist\w*)\b", re.IGNORECASE)


def keeps_weekdays(promised: str, written: str) -> bool:
    """Help on Saturdays was promised, and the paper's support keeps to the week; `written` with its heading."""
    return (
        _AT_WEEKENDS.search(promised) is not None
        and _HELP.search(promised) is not None
        and _HELP.search(written) is not None
        and _ON_WEEKDAYS.search(written) is not None
        and not _AT_WEEKENDS.search(written)
    )
