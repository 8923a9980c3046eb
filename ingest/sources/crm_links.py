"""Names the CRM record that somebody points to, by its id or by the address of its page."""

from __future__ import annotations

import re

from ingest.records import Link

_HUBSPOT = re.compile(r"https?://[\w.-]*hubspot\.com/contacts/\d+/(?:record/0-([123])|(contact|company|deal))/(\d+)")
_HUBSPOT_TYPES = {"1": "contact", "2": "account", "3": "deal", "contact": "contact", "company": "account", "deal": "deal"}
_SALESFORCE = re.compile(r"https?://[\w.-]*force[\w.-]*/(?:lightning/r/(?:\w+/)?)?([a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?)(?![a-zA-Z0-9])")
_SALESFORCE_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?")
_PIPEDRIVE = re.compile(r"https?://[\w-]{1,80}\.pipedrive\.[\w.]{2,20}/(deal|organization|person)s?/(?:details/)?(\d{1,18})")
_PIPEDRIVE_TYPES = {"deal": "deal", "organization": "account", "person": "contact"}
_PAGE = re.compile(r"https?://[^\s<>|\"']{1,500}")
_MENTIONED = re.compile(
    r"\b(?:(hubspot|pipedrive)[ ]{1,3})?(deal|opportunity|company|account|organization)"
    r"(?:[ ]{0,2}(?:id|no\.?|#|:)){0,2}[ ]{0,2}(\d{1,18})\b",
    re.I,
)
_MENTIONED_TYPES = {"deal": "deal", "opportunity": "deal", "company": "account", "account": "account", "organization": "account"}
_MENTIONED_ID = re.compile(r"(?<![\w/.-])(00[16](?=\w{0,11}\d)(?=\w{0,11}[a-zA-Z])[a-zA-Z0-9]{12}(?:[a-zA-Z0-9]{3})?)(?![\w.-]\w)")
_SHORTEST_OF_HUBSPOT = 8
"""Digits: a smaller number without the tool's name may count anything."""
_SALESFORCE_TYPES = {"001": "account", "003": "contact", "006": "deal", "00Q": "lead"}


def of_url(url: str) -> Link | None:
    """The record behind a link that a person would click; None for a page of anything else."""
    if found := _HUBSPOT.match(url):
        return Link("hubspot", _HUBSPOT_TYPES[found[1] or found[2]], found[3])
    if found := _PIPEDRIVE.match(url):
        return Link("pipedrive", _PIPEDRIVE_TYPES[found[1]], found[2])
    found = _SALESFORCE.match(url)
    kind = _SALESFORCE_TYPES.get(found[1][:3]) if found else None
    return Link("salesforce", kind, found[1]) if found and kind else None


def of_id(kind: str, record: str) -> Link | None:
    """Salesforce's ids begin with their type; HubSpot's are numbers. None for an id of another system."""
    if record.isdecimal():
        return Link("hubspot", kind, record)
    return Link("salesforce", kind, record) if _SALESFORCE_ID.fullmatch(record) and _SALESFORCE_TYPES.get(record[:3]) == kind else None


def mentioned(words: str) -> tuple[Link, ...]:
    """The records that a text names outright: by their page, as `HubSpot deal 42190377651`, or by Salesforce's id."""
    found = [link for page in _PAGE.findall(words) if (link := of_url(page))]
    plain = _PAGE.sub(" ", words)
    for system, kind, record in _MENTIONED.findall(plain):
        if system or len(record) >= _SHORTEST_OF_HUBSPOT:
            found.append(Link(system.lower() or "hubspot", _MENTIONED_TYPES[kind.lower()], record))
    found += [Link("salesforce", _SALESFORCE_TYPES[record[:3]], record) for record in _MENTIONED_ID.findall(plain)]
    return tuple(dict.fromkeys(found))
