"""What the customer's systems and security people require: what must be so, what is not allowed, and what stands there today.

A sentence counts when it names a part of a computer system or a control, and says how it is bound: it must, may not, runs on, goes
through, is stored in, comes every five minutes. Requests for such a thing count as well as rules; what we promise about it is a
promise, and what a machine in a demo shows is neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.clauses import DEMO, PLEASANT, RETOLD, SUPPOSED
from assistant.facts.conditions import written_out
from assistant.facts.speech import Place, Statement
from assistant.facts.topics import content_words
from ingest.archive.rows import StoredPerson

RequirementKind = Literal["technical", "security"]
Manner = Literal["required", "fact"]


@dataclass(frozen=True, slots=True)
class RequirementSaid:
    """`required`: it must or must not be so; `fact`: it is so today. `by` is None for a document."""

    kind: RequirementKind
    manner: Manner
    text: str
    by: StoredPerson | None
    said_on: date | None
    at: Place


_SECURITY = re.compile(
    r"\b(?:single[ -]sign[ -]?on|sso|saml|oidc|scim|mfa|2fa|two[ -]factor|multi[ -]factor|okta|entra|active directory|identity provider"
    r"|passwords?|encrypt\w*|encryption|(?:customer[ -]managed|encryption|private) keys|(?:data )?residency|gdpr|hipaa|soc ?2"
    r"|iso ?27001|baa|dpa|pen(?:etration)?"
    r"[ -]?tests?|audit (?:log|trail)|access (?:log|rights?|control)|personal data|pii|socials|social security numbers?|masked|unmasked"
    r"|anonymi[sz]ed|retention|data protection|privacy|security (?:will|won't|says|requires?|needs?|insists?|does|wants?|review|policy"
    r"|team)"
    r"|(?:client|server|ssl|tls) certificates?|certificate requests?|tls|firewall|vpn|whitelist\w*|allow[ -]?list\w*|side door"
    r"|local (?:admin )?(?:accounts?|users?)|break[ -]glass|restricted access|(?:in|inside|within|outside|leave|leaves) the (?:eu|us|uk"
    r"|country)"
    r"|(?:eu|us|uk) only)\b",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(
    r"\b(?:on[ -]prem(?:ises?)?|servers?|database|data (?:warehouse|lake)|warehouse in place|api|endpoints?|integrations?|interfaces?"
    r"|connectors?|adapters?|middleware|esb|webhooks?|(?:test|staging|production|live) (?:client|system|environment|tenant|instance)"
    r"|sandbox"
    r"|(?:nightly|daily|hourly|batch|weekly) (?:file|extract|export|import|job|load|feed|run|sync)s?|extracts?|event stream|(?:live"
    r"|real[ -]time"
    r"|data) feeds?|(?:write|read)[ -]?back|read[ -]only|service account|remote (?:access|desktop)|remote on|logins?|cameras?|scanners?"
    r"|printers?|terminals?|cloud(?: service)?|host(?:ed|ing)|browser|network|wi-?fi|bandwidth|latency|uptime|(?:custom|data"
    r"|missing) (?:columns?|fields?)|csv|flat files?"
    r"|file transfer|sftp|protocol|adaptor|firmware|(?:release|version) \d|release is|operating system|legacy system|core system|erp"
    r"|crm|phone (?:line|system)"
    r"|landlines?)\b",
    re.IGNORECASE,
)
_NAMED_SYSTEM = re.compile(
    r"\b(?:is|are|am|was|were|runs?|running|live|lives|sits?|based|built|standardi[sz]ed) on (?!Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar"
    r"|Apr"
    r"|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|I\b|Q\d)(?-i:[A-Z][\w.]+)"
    r"|\b(?:goes|go|comes?|feeds?|pulls?|pushes|loads?|drops?|writes?|flows?) (?:\w+ ){0,3}?(?:into|through|out of|from|to)"
    r" (?!Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|I\b)(?-i:[A-Z][\w.]+)"
    r"|\beverything goes through (?-i:[A-Z])\w+|\bwe (?:do not )?(?:use|run|have|expose) (?-i:[A-Z]{2,})\w*\b",
    re.IGNORECASE,
)
_REQUIRED = re.compile(
    r"\b(?:must|required?|requires|need|needs|needed|has to|have to|shall|mandatory|policy|only(?! (?:one|two) )|never|not allowed|no go"
    r"|(?:do|does|will|can|may|is|are) not\b|no \w+ (?:access|accounts?|passwords?|connection|vpn)|no (?:vpn|passwords?|side door|names)"
    r"|without|until|unless|before we|forbidden|prohibited|blocked|insist\w*|condition of)\b",
    re.IGNORECASE,
)
_STANDS = re.compile(
    r"\b(?:is|are|am|was|runs?|lives?|sits?|uses?|have|has|got|goes|go|comes?|reads?|pushe?s?|pulls?|drops?|stores?|stored|hosted|kept"
    r"|holds?"
    r"|writes?|sends?|ordered|supports?|connects?|talks?|works?)\b",
    re.IGNORECASE,
)
_VOLUME = re.compile(
    r"\b(?:\d[\d,.]*|\w+ (?:hundred|thousand|million)|dozens|hundreds|thousands) (?:[\w-]+ ){1,4}?(?:a|per|every|each) (?:second|minute"
    r"|hour|day"
    r"|night|week|month)\b|\bevery (?:\w+ )?(?:seconds?|minutes?|hours?|night)\b(?=.*\b(?:push|pull|send|update|refresh|sync|today"
    r"|could)\w*\b)"
    r"|\b(?:push|pull|send|update|refresh|sync)\w*\b.{0,40}\bevery (?:\w+ )?(?:seconds?|minutes?|hours?|night)\b",
    re.IGNORECASE,
)
_OF_THE_DEAL = re.compile(
    r"\b(?:order form|quote|invoice|discount|price|pricing|contract|meeting|agenda|this call|the call|calendar|thank|screen ?share"
    r"|slides?|deck"
    r"|questionnaire|summary of|by the way|joke|sticker)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\b(?:i (?:heard|thought|remember|guess|wonder|hope|mean)|you (?:told|said|wrote|know)|tell (?:me|you|him)"
    r"|laugh)\b",
    re.IGNORECASE,
)
SHORTEST, LONGEST = 4, 45
"""Words; a longer stretch is a list or a whole paragraph."""


def requirement(statement: Statement) -> RequirementSaid | None:
    """Of either side in the customer's hearing, and of a paper; a question asks for one and states none."""
    kind = statement.interaction.source.kind
    if not (statement.to_customer or kind == "doc") or kind == "crm_field":
        return None
    text = written_out(statement.text)
    if not SHORTEST <= len(text.split()) <= LONGEST or text.endswith(("?", ":")) or len(content_words(text)) < 2:
        return None
    if any(other.search(text) for other in (DEMO, PLEASANT, SUPPOSED, RETOLD, _OF_THE_DEAL, _TALK)):
        return None
    manner = _manner(text, theirs=statement.side != "seller", paper=kind == "doc")
    if manner is None:
        return None
    which: RequirementKind = "security" if _SECURITY.search(text) else "technical"
    return requirement_as_said(statement, which)


def requirement_as_said(statement: Statement, kind: RequirementKind) -> RequirementSaid:
    """One whose kind was found out already; how it is bound is read from its words."""
    manner: Manner = "required" if _REQUIRED.search(written_out(statement.text)) else "fact"
    return RequirementSaid(kind, manner, " ".join(statement.text.split()), statement.turn.person, statement.said_on, statement.place)


def _manner(text: str, *, theirs: bool, paper: bool) -> Manner | None:
    """Theirs may name a system of their own; of ours it takes the word for a part of one, and a bond."""
    part = _SECURITY.search(text) or _TECHNICAL.search(text)
    named = theirs and (_NAMED_SYSTEM.search(text) or _VOLUME.search(text))
    if not (part or named):
        return None
    if _REQUIRED.search(text):
        return "required"
    return "fact" if _STANDS.search(text) and not (paper and not part) else None
