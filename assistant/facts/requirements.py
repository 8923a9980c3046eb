"""What the customer's systems and security people require: what must be so, what is not allowed, and what stands there today.

A sentence counts when it names a part of a computer system or a control, and says how it is bound: it must, may not, runs on, goes
through, is stored in, comes every five minutes. Requests for such a thing count as well as rules; what we promise about it is a
promise, and what a machine in a demo shows is neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.clauses import DEMO, PLEASANT, RETOLD, SUPPOSED
from assistant.facts.conditions import written_out
from assistant.facts.paper import calls_itself_a_contract
from assistant.facts.speech import Place, Statement
from assistant.facts.topics import content_words
from ingest.archive.rows import StoredPerson
from ingest.records import Span

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
    r"|(?:eu|us|uk) only|data processing agreement|(?:data )?breach(?:es)?|tamper[ -]?proof|audit trail|vlan|power bi)\b",
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
    r"\b(?:has to|have to|must|needs? to|should) (?:\w+ )?(?:talk|connect|link|speak|support|work|integrate|fit|sync|read|feed|export"
    r"|write)"
    r"(?: \w+)?(?: to| with| into| in| from)? (?-i:[A-Z][\w.]+)|"
    r"\b(?:offices?|sites?|depots?|branch(?:es)?|teams?|shops?|plants?|stores?|schools?|clinics?|everybody|all|rest) (?:is "
    r"|are )?on (?!Mon|Tue|Wed|Thu|Fri|Sat"
    r"|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|I\b|Q\d)(?-i:[A-Z][\w.]+)|"
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
_ABOUT_A_PAPER = re.compile(
    r"\bit (?:now |still |also )?says\b|\bin there\b|\b(?:last|first|next) page\b|\b(?:got|have|has|is|it|one"
    r"|need) (?:\w+ )?in writing\b|\bsummary\b"
    r"|\bincorporated by reference\b|\b(?:is|are)(?: still)? with (?:the|our|my|your|their)\b|\bsent (?:the|me|you|us)\b",
    re.IGNORECASE,
)
"""Of what a paper says, or with whom it lies."""
_TO_DO = re.compile(
    r"\bmissing\b|\bstill (?:need|waiting|open|missing)\b|\bwaiting for\b|\b(?:need|have) to (?:talk|speak|discuss|agree|decide"
    r"|meet|be a little)\b"
    r"|\bmatters?\b|\bthat's (?:exactly )?why\b|\bhangs? on\b|\bweeks? of\b|\bon my list\b",
    re.IGNORECASE,
)
"""What is still to be done about it, or why it matters: no word on how it has to be."""
_NOT_SEEN = re.compile(
    r"^\W*(?:that|this|it) is (?:\w+ )?an? (?:\w+ )?(?:project|question|matter|story|thing|topic)\W*$|"
    r"\b(?:i|we) (?:do not|did not|can not|have not|never) (?:know|see|seen|understand|remember|say|tell)\b|\bi have (?:done"
    r"|not) \w+|\bi would be\b"
    r"|\b(?:has|have) never\b|\bit depends\b",
    re.IGNORECASE,
)
_SCHEDULE = re.compile(
    r"\b(?:go(?:es|ing)?[- ]live|live (?:by|on)|phase \w+)\b|\b(?:january|february|march|april|may|june|july|august|september"
    r"|october|november|december)\b"
    r"[^.]{0,60}\b(?:if|for the|provided)\b|\b(?:if|either)\b[^.]{0,60}\b(?:january|february|march|april|june|july|august"
    r"|september|october|november"
    r"|december)\b",
    re.IGNORECASE,
)
"""When it is to be there, and on what condition, is a date or a promise."""
_DEVICE = re.compile(r"\b(?:cameras?|scanners?|terminals?|printers?|landlines?)\b", re.IGNORECASE)
_MEASURES = re.compile(
    r"\bmeasur\w+|\baverage\b|\bgate to door\b|\b(?:honest|seventy|eighty|ninety|hundred|\d{2,}) (?:one|minutes?|percent)\b"
    r"|\bdoes not have the\b",
    re.IGNORECASE,
)
"""A device named as where a figure comes from."""
SHORTEST, LONGEST = 4, 45
"""Words; a longer stretch is a list or a whole paragraph."""


def requirement(statement: Statement) -> RequirementSaid | None:
    """Of either side in the customer's hearing, and of a paper that is no contract: what that grants is a term. A question states none."""
    kind = statement.interaction.source.kind
    if not (statement.to_customer or kind == "doc") or kind == "crm_field":
        return None
    text = written_out(statement.text)
    if not SHORTEST <= len(text.split()) <= LONGEST or text.endswith(("?", ":")) or len(content_words(text)) < 2:
        return None
    if any(other.search(text) for other in _NO_REQUIREMENT) or (kind == "doc" and calls_itself_a_contract(statement.interaction)):
        return None
    if _MEASURES.search(text) and not _parts(text) - set(_DEVICE.findall(text.casefold())):
        return None
    manner = _manner(text, theirs=statement.side != "seller", paper=kind == "doc")
    if manner is None:
        return None
    which: RequirementKind = "security" if _SECURITY.search(text) else "technical"
    return requirement_as_said(statement, which)


_NO_REQUIREMENT = (
    DEMO, PLEASANT, SUPPOSED, RETOLD, _OF_THE_DEAL, _TALK, _ABOUT_A_PAPER, _TO_DO, _NOT_SEEN, _SCHEDULE,
)  # fmt: skip


def _parts(text: str) -> set[str]:
    return {found.group().casefold() for pattern in (_SECURITY, _TECHNICAL) for found in pattern.finditer(text)}


def requirement_as_said(statement: Statement, kind: RequirementKind) -> RequirementSaid:
    """One whose kind was found out already; how it is bound is read from its words."""
    manner: Manner = "required" if _REQUIRED.search(written_out(statement.text)) else "fact"
    at = _with_what_it_is(statement)
    return RequirementSaid(kind, manner, " ".join(at.text.split()), statement.turn.person, statement.said_on, at)


_SAYS_WHAT = re.compile(r"^\W*(?:it|that|they|those)(?:'s|’s| is|'re|’re| are| must| has to| needs)\b", re.IGNORECASE)
SHORT_END = 6
"""Words of a sentence behind it that only says what it is: `The test client is T4. It's unmasked today.`"""


def _with_what_it_is(statement: Statement) -> Place:
    behind = statement.after_span
    if behind is None or len(statement.after.split()) > SHORT_END or not _SAYS_WHAT.search(statement.after):
        return statement.place
    return Place(statement.interaction, Span(statement.span.start, behind.end))


def distinct(said: Sequence[RequirementSaid]) -> tuple[RequirementSaid, ...]:
    """Each once: what another one says too, and more, is left out; of two that say the same the later stands."""
    words = [content_words(one.text) for one in said]
    return tuple(
        one
        for index, one in enumerate(said)
        if not any(
            words[index] <= others and (words[index] < others or other > index) for other, others in enumerate(words) if other != index
        )
    )


def _manner(text: str, *, theirs: bool, paper: bool) -> Manner | None:
    """Theirs may name a system of their own; of ours it takes the word for a part of one, and a bond."""
    part = _SECURITY.search(text) or _TECHNICAL.search(text)
    named = theirs and (_NAMED_SYSTEM.search(text) or _VOLUME.search(text))
    if not (part or named):
        return None
    if _REQUIRED.search(text):
        return "required"
    return "fact" if _STANDS.search(text) and not (paper and not part) else None
