"""Sentences that name what can go wrong after signature, by the turn of phrase that gives it away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.conditions import written_out
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
        r"\bworks? council\b|\bunions?\b.{0,30}\b(?:topic|was|must|has|have|want|agree|opinions?|object)|\bstatutory\b"
        r"|\bdamages (?:per|of)\b"
        r"|\bregulators?\b|\blawsuit\b|\bsue (?:us|them|you)\b|\bfined for\b|\bliab(?:le|ility) for\b|\bconsent forms?\b|\bdo-not-call\b"
        r"|\b(?-i:[A-Z]{3,5}) question\b"
        r"|\bgdpr\b|\bdata protection (?:officer|authority)\b",
    ),
    # Somebody believes something other than what was agreed.
    (
        "expectation",
        r"\b(?:i|we|they|he|she|people) (?:thought|assumed|understood|believed|expected|figured|took it) (?:that |the |it |this "
        r"|we |you ).{0,60}\b(?:part of|included|free|"
        r"come with|covered|in there|there|ready|do|done|would|handle)\b"
        r"|\bunder the impression\b|\b(?:was|were|been) (?:told|promised) (?:that|it|we|they|there|US)\b|\bit now says\b"
        r"|\b(?:people|they|everybody|everyone) (?:expect|expects)\b"
        r"|\bthey think (?:it|we|that|this)\b|\b(?:can|will) be (?:unhappy|disappointed|surprised|upset)\b|\bnot what (?:i"
        r"|we) (?:heard|were told|agreed|bought|signed|expected)\b"
        r"|\bwe were promised\b|\bstill waiting (?:on|for) (?:your|an answer|that answer|do-)|\bdo not need to discuss\b",
    ),
    # People who doubt, leave, or have staked their name.
    (
        "political",
        r"\bnot (?:really |quite |fully |entirely )?(?:convinced|sold|a fan|keen|on board|behind (?:it|this)|bought in)\b"
        r"|\bs[ck]eptic(?:al)?\b|\bhas (?:his|her|their) doubts\b"
        r"|\boutvoted\b|\bno friends\b|\b(?:have told|told|will tell|promised) (?:the|my|our) (?:board|ceo|boss|management|directors?)\b"
        r"|\bburned (?:by|on|before)\b|\b(?:champion|sponsor) (?:change|left|is leaving|leaves)\b|(?<!is )(?<!the )\b(?:left|leaves"
        r"|is leaving"
        r"|are leaving|am leaving|may leave|might leave|resigned?|is moving on|quits?)\b"
        r"(?=.{0,40}\b(?:company|for|on \d|in (?:january|february|march|april|may|june|july|august|september|october|november"
        r"|december)|at the end|next|soon|\d+/\d+)\b)"
        r"|\bmay leave\b|\b(?:another|other) company\b.{0,24}\b(?:calls|called|offer)|\bi am here (?:for|until) the\b"
        r"|\b(?:handed in|gave|given) (?:his|her|my|their) notice\b"
        r"|\bgoing on (?:\w+ )?leave\b|\bon (?:maternity|parental|sick) leave\b|\bbad experience\b|\bnot happy\b|\blost (?:faith"
        r"|patience)\b|\bagainst (?:it|this|the project)\b"
        r"|\bhates? (?:the|this|long|term)|\bi will think about it\b|\bi want to see what\b",
    ),
    # Who has to use it, and whether they can or want to.
    (
        "adoption",
        r"\bnobody (?:owns|has started|is the owner|knows who|will use|uses)\b|\b(?:somebody|someone) (?:must"
        r"|has to) be the owner\b|\bno (?:plus one|owner|backup|stand-in|deputy)\b"
        r"|\b(?:only|just) (?:have |has )?(?:one|he|she|\w+) (?:person )?(?:who )?(?:knows|can|understands)\b|\bhas not been asked\b"
        r"|\bdoes not know yet\b"
        r"|\b(?:is|am|are|be) out (?:for )?(?:\w+ )?(?:\d+|two|three|four|five|six|eight) (?:weeks|months)\b|\bout (?:\d|from|until)"
        r"|\b(?:people|managers?|drivers?|users|staff|teams?|teachers|nurses|doctors|clerks|operators|planners|crews?|shifts?"
        r"|agents|workers|colleagues|half|most|many|them|they)\b.{0,40}"
        r"\b(?:annoy|hates? it|(?:do|does|will) not (?:text|use|want|trust|read|like|understand)|would rather|refuses?|resists?"
        r"|not trained|complain|tired of|fed up|afraid of|overloaded|stretched)"
        r"|\bhalf of (?:my|our|the)\b|\bboth on\b.{0,30}\b(?:double|twice)|\b(?:two|double) (?:reminders|texts|entry|messages)\b"
        r"|\bopen: who\b|\bwho (?:writes|tells|covers|stands in)\b",
    ),
    # What must be there and is not.
    (
        "technical",
        r"\b(?:change )?freeze\b.{0,60}\d|\bblackout\b.{0,60}\d|\bno (?:changes|extracts|deployments|releases)\b"
        r"|\bnothing (?:goes|to|into)\b.{0,24}\bproduction\b"
        r"|\bbeta\b.{0,40}\b(?:acts? up|could|fails?|not)\b|\b(?:do|did|does) not (?:got|have) (?:the )?(?:password|login|access"
        r"|[A-Z]\w+\.)"
        r"|\b(?:password|login|access)s?\b.{0,30}\b(?:missing|nobody|lost|before me|reset|not there|yet)"
        r"|\bneeds? .{0,40}\bapproval first\b|\bunmasked\b|\bunsupported\b|\bno (?:api|connector|interface)\b"
        r"|\bworkarounds?\b|\bonly (?:he|she|\w+) can reset\b|\bopen (?:w/|with) |\b(?:migration|import|integration|interface"
        r"|export|pilot|rollout|upgrade)s?\b.{0,30}\b(?:failed|fails|broke|breaks|crash|undocumented)"
        r"|\bnobody (?:has )?(?:documented|knows how|understands)\b",
    ),
    # Dates with nothing to spare.
    (
        "timeline",
        r"\bis (?:very |quite )?tight\b|\btight,? but\b|\b(?:days?|weeks?|hours?) of slack\b|\bstill (?:waiting (?:for|on)|not here"
        r"|is not here|missing|not there)\b|\bnot (?:there|here) yet\b|\bstill is not (?:here|there)\b"
        r"|\b(?:it is|has|have) (?:moved|slipped|been (?:moved|delayed|postponed)) (?:twice|again|three times|by)\b|\ball bets are off\b"
        r"|\b(?:everything|plan|calendar|schedule|date)\b.{0,40}\b(?:hangs?|depends?) on\b|\bbefore we are live\b|\b(?:small"
        r"|no) (?:net|buffer|margin|slack)\b|\bnet until\b"
        r"|\bcould be (?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
        r"|\bif (?:we|they|it|the [\w ]{2,30}?|nobody|somebody) (?:miss|misses|slips?|moves?|is late|are late|runs? over)\b"
        r"|\bretires?\b|\bruns? (?:late|out)\b|\bbehind schedule\b|\bmove the \w+ up\b"
        r"|\bwe are (?:already )?(?:late|behind)\b|\bpeak\b.{0,20}\bfreeze\b|\bhard (?:stop|deadline)\b",
    ),
    (
        "budget",
        r"\bpay (?:both|for both|twice|for two)\b|\b(?:have|pay(?:ing)?(?: for)?) two (?:\w+ )?(?:systems|tools|vendors|schedulers"
        r"|contracts|licen[cs]es)\b"
        r"|\b(?:budget|money|funding|funds|spend)\b.{0,40}\b(?:cut|freeze|frozen|gone|not (?:yet )?(?:been )?(?:approved|released"
        r"|signed|there|secured)|tight|at risk|withdrawn)\b"
        r"|\bbudget freeze\b|\balmost double\b|\bdo we pay for\b|\btwo systems\b|\b(?:over|above) budget\b",
    ),
    (
        "competitive",
        r"\bdrop you to\b|\bstay with us\b|\b(?:beat|match|undercut) (?:the|their|your)\b|\bif you stay\b|\bsave you if\b"
        r"|\bwin(?:ning)? you back\b"
        r"|\b(?:your|the|a|another) (?:competitor|rival|incumbent|other vendor)s?\b.{0,50}\b(?:came back|called|offer(?:ed|s)?"
        r"|lower|cheaper|free|discount)|\bcounter-?offer\b",
    ),
    # A thing of the project with `not yet` to it; last, since it is the widest.
    (
        "legal",
        r"\b(?:legal|counsel|lawyers?|compliance|privacy|data protection)\b.{0,40}\b(?:has|have|is|are|did|does) not\b",
    ),
    (
        "technical",
        r"\b(?:firewall|server|network|database|environment|test (?:system|client)|gateway|vpn|single sign-on|sso|certificates?"
        r"|ports?|api|interface)\b.{0,60}"
        r"\b(?:(?:has|have|is|are) not|not (?:yet|there|applied)|takes? (?:\w+ ){1,2}weeks|blocked|too old|end of life)\b",
    ),
)
_TABLE = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _CUES)
_RESOLVED = re.compile(r"\b(?:solved|fixed|no longer a (?:problem|risk)|closed now|sorted now)\b", re.IGNORECASE)


def risk(statement: Statement) -> RiskSaid | None:
    """A warning by anyone, on either side, in any spoken or written word that is not a contract."""
    text = written_out(statement.text)
    if statement.interaction.source.kind in ("doc", "crm_field") or len(text.split()) < 4 or _RESOLVED.search(text) or text.endswith("?"):
        return None
    kind = next((kind for kind, cue in _TABLE if cue.search(text)), None)
    if kind is None:
        return None
    said_on = statement.interaction.source.occurred_on
    return RiskSaid(" ".join(statement.text.split()), kind, said_on, statement.place)
