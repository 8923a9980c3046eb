"""Sentences that name what can go wrong after signature, by the turn of phrase that gives it away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.speech import Place, Statement

RiskKind = Literal["budget", "political", "technical", "timeline", "adoption", "legal", "competitive", "expectation"]


@dataclass(frozen=True, slots=True)
class RiskSaid:
    text: str
    kind: RiskKind
    said_on: date | None
    at: Place


_CUES: tuple[tuple[RiskKind, str], ...] = (
    # Law and regulators are named by their own words.
    (
        "legal",
        r"\bworks? council\b|\bunion (?:topic|was|must|has)\b|\bstatutory\b|\bdamages per\b|\bregulators?\b|\blawsuit\b|\bGDPR\b"
        r"|\bTCPA\b|\bdo-not-call\b|\bconsent forms?\b|\bliab(?:le|ility) for\b",
    ),
    # Somebody believes something other than what was agreed.
    (
        "expectation",
        r"\b(?:was|were|been) told (?:that|US|it|we|they)\b|\bit now says\b|\bpeople expect\b|\bthey think (?:it|we|that)\b"
        r"|\b(?:can|will) be (?:unhappy|disappointed|surprised)\b|\bthat's not what (?:I|we) (?:heard|were told|agreed)\b"
        r"|\bI don't need to discuss\b"
        r"|\bwe were promised\b|\bstill waiting on\b",
    ),
    # People who doubt, leave, or have staked their name.
    (
        "political",
        r"\b(?:I'm|I am|he's|she's|they're|we're|not) not (?:convinced|sold|sure about|a fan)\b|\bnot convinced\b|\boutvoted\b"
        r"|\bno friends\b|\b(?:have|'ve|'ll|will) (?:told|tell) the board\b|\bburned (?:by|on|before)\b"
        r"|\bchampion (?:change|left|is leaving)\b|\b(?:left|leaves|leaving) (?:the company|in \w+ for|on \d|\d+/\d+)"
        r"|\bmay leave\b|\banother company\b.{0,24}\b(?:calls|called|offer)|\bI(?:'m| am) here (?:for|until) the\b"
        r"|\bI will think about it\b|\bbad experience\b|\bI want to see what\b|\bnot happy\b|\blost faith\b"
        r"|\bhates? (?:the|this|long|term)",
    ),
    # Who has to use it, and whether they can or want to.
    (
        "adoption",
        r"\bnobody (?:owns|has started|knows who|is the owner)\b|\bsomebody must be the owner\b|\bno plus one\b"
        r"|\bdoesn't know yet\b|\bhasn't been asked\b"
        r"|\b(?:I'm|she's|he's|they're|is|be) out (?:for )?(?:\w+ )?(?:\d+|two|three|four|five|six|eight) (?:weeks|months)\b"
        r"|\bout (?:\d|from|until)"
        r"|\b(?:people|managers?|drivers?|users|staff|team|half|most|many|them|they)\b.{0,40}\b(?:annoy|hate it"
        r"|don't (?:text|use|want|trust|read)|won't use|would rather|'d rather|refuse|not trained|complain)"
        r"|\bhalf of (?:my|our|the)\b|\bboth on\b.{0,30}\b(?:double|twice)|\b(?:two|double) (?:reminders|texts|entry|messages)\b"
        r"|\bopen: who\b|\bwho (?:writes|tells|covers|stands in)\b",
    ),
    # What must be there and is not.
    (
        "technical",
        r"\b(?:change )?freeze\b.{0,60}\d|\bblackout\b.{0,60}\d|\bno (?:changes|extracts|deployments)\b"
        r"|\bnothing (?:goes|to|into)\b.{0,24}\bproduction\b|\bbeta\b.{0,40}\b(?:acts? up|could|fails?|not)\b"
        r"|\b(?:don't|do not|didn't) (?:got|have) (?:the )?(?:password|login|access|[A-Z]\w+\.)"
        r"|\b(?:password|login)s?\b.{0,30}\b(?:missing|nobody|lost|before me|reset|not there)"
        r"|\bneeds? .{0,40}\bapproval first\b|\bunmasked\b|\bunsupported\b|\bno (?:api|connector)\b|\bworkaround\b"
        r"|\bonly (?:he|she|\w+) can reset\b|\bopen (?:w/|with) ",
    ),
    # Dates with nothing to spare.
    (
        "timeline",
        r"\bis tight\b|\btight,? but\b|\b(?:days?|weeks?|hours?) of slack\b|\bstill waiting for\b|\bnot there yet\b"
        r"|\b(?:it's|has|have) moved (?:twice|again|three times)\b|\ball bets are off\b"
        r"|\b(?:everything|plan|calendar|schedule)\b.{0,40}\bhangs? on\b|\bbefore we're live\b"
        r"|\b(?:small|no) (?:net|buffer|margin)\b|\bnet until\b"
        r"|\bcould be (?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
        r"|\bif (?:we|they|it|the \w+) (?:miss|slips?|moves? again|is late)\b|\bretires?\b"
        r"|\bif (?:they|we|somebody|nobody) moves?\b|\bruns? late\b|\bbehind schedule\b|\bmove the \w+ up\b"
        r"|\bwe(?:'re| are) late\b",
    ),
    (
        "budget",
        r"\bpay (?:both|for both|twice|for two)\b"
        r"|\b(?:have|'ve|pay(?:ing)?(?: for)?) two (?:\w+ )?(?:systems|tools|vendors|schedulers|contracts|licen[cs]es)\b"
        r"|\bbudget (?:cut|freeze|is gone|not approved)\b|\balmost double\b|\bdo we pay for\b|\btwo systems\b",
    ),
    (
        "competitive",
        r"\b(?:drop you to|stay with us|beat (?:the|their|your) price|match (?:the|their) (?:price|\$|€|£))|\bif you stay\b"
        r"|\bsave you if\b|\bwin(?:ning)? you back\b",
    ),
)
_TABLE = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _CUES)
_RESOLVED = re.compile(r"\b(?:solved|fixed|no longer a (?:problem|risk)|closed now|sorted now)\b", re.IGNORECASE)


def risk(statement: Statement) -> RiskSaid | None:
    """A warning by anyone, on either side, in any spoken or written word that is not a contract."""
    text = " ".join(statement.text.replace("’", "'").split())
    if statement.interaction.source.kind in ("doc", "crm_field") or len(text.split()) < 4 or _RESOLVED.search(text) or text.endswith("?"):
        return None
    kind = next((kind for kind, cue in _TABLE if cue.search(text)), None)
    if kind is None:
        return None
    moment = statement.interaction.source.occurred_at
    return RiskSaid(" ".join(statement.text.split()), kind, moment.date() if moment else None, statement.place)
