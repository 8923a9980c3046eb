"""Tells whether a sentence commits the seller to something this customer gets, pays or may rely on, and how strongly.

Each table below is a list of turns of phrase with the reason it is there; none knows a company, product or person. A sentence
is first tested for everything that only looks like a promise, then for refusals and take-backs, then for commitments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.dates import DateSaid, dates, due
from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredPerson
from ingest.records import Span

Strength = Literal["firm", "conditional", "best_effort", "roadmap_statement", "hypothetical", "declined", "retracted"]
PromiseKind = Literal["feature", "timeline", "commercial", "service", "security", "roadmap", "data", "support", "other"]


@dataclass(frozen=True, slots=True)
class PromiseSaid:
    """One sentence that makes, qualifies, refuses or takes back a promise."""

    text: str
    kind: PromiseKind
    strength: Strength
    conditions: str
    made_by: StoredPerson
    made_to: StoredPerson | None
    made_on: date | None
    due: DateSaid | None
    at: Place
    topic: str
    """The sentence with what it answers and what stands before it: what the contract and other statements are compared with."""


def promise(statement: Statement) -> PromiseSaid | None:
    speaker = statement.turn.person
    if speaker is None or statement.side != "seller" or not statement.to_customer or statement.interaction.source.kind == "doc":
        return None
    text = _plain(statement.text)
    strength = _strength(text, statement)
    if strength is None:
        return None
    moment = statement.interaction.source.occurred_at
    said_on = moment.date() if moment else None
    at = _quotable(statement)
    condition = _condition(statement.text) if strength in ("conditional", "best_effort") else ""
    topic = " ".join(
        part
        for part in (
            _plain(statement.prompt)[-240:],
            _plain(statement.before),
            text,
            _plain(statement.after) if strength == "retracted" else "",
        )
        if part
    )
    return PromiseSaid(
        text=" ".join(at.text.split()),
        kind=kind_of_promise(text, strength),
        strength=strength,
        conditions=condition,
        made_by=speaker,
        made_to=_told(statement),
        made_on=said_on,
        # The day in the condition is the customer's to keep, unless it is the only one.
        due=due(statement.text.replace(condition, ""), said_on) or due(statement.text, said_on),
        at=at,
        topic=topic,
    )


# --- what only looks like a promise

_UNSAID = (
    # Said openly not to be one.
    r"\bno promises\b|\bnot (?:going to|gonna) (?:promise|commit|say|tell|give|pretend)\b|\bwon't promise\b"
    r"|\bnot (?:committing|promising|quoting)\b|\bdon't want to (?:say|give|tell|promise)\b",
    r"\bcan't (?:promise|swear)\b(?! .*aim)"
    r"|\bcan't give you (?:a|an|one|the)\b(?: exact| firm)?(?: (?:day|date|number|answer|figure)s?\b| on\b)",
    # A thought, not an undertaking.
    r"\b(?:could|might|would|may) (?:probably |maybe |perhaps |also )?(?:be|have|do|think|get|give|knock|offer|figure|look"
    r"|start|use|squeeze|sit)\b(?!.*\bcommit)",
    r"\bwe'd (?:figure|have to|need|love|like|want)\b"
    r"|\bI'd (?:say|guess|bet|love|quite|rather|start|call|not|need|want|have|like|check|be|put|do|go|ask|read)\b"
    r"|\bI (?:think|guess|believe|suppose|hope|mean|imagine) (?:I|we|it|so|that|they)\b|\bthat's a guess\b",
    # What would be, were things otherwise; and who I am.
    r"\bif I have to\b|\bI'm [A-Z]\w+ [A-Z]\w+,|\bif (?:we|you|I|somebody|someone|it) (?:had|were|was|did|gave|got|could|ever)\b",
    # To be answered later.
    r"\b(?:let me|I'll|we'll|I will) (?:look into|come back|get back|check|ask|find out|think|see|take that (?:away|back)"
    r"|have to (?:ask|check)|need to)\b"
    r"|\bdepends (?:on|who)\b|\bneed our (?:counsel|legal)\b",
    # Somebody else's customer or product.
    r"\b(?:other|another) (?:customers?|clients?|accounts?|place|places|banks?|offices)\b"
    r"|\bthey (?:guarantee|promise|said|told|say)\b"
    r"|\bI've (?:got|seen|had) (?:offices|people|customers|clients|banks|companies)\b",
)
_LOOKS_ONLY = re.compile("|".join(_UNSAID), re.IGNORECASE)

_ERRAND_VERBS = frozenset(
    [
        "admit",
        "answer",
        "apologise",
        "apologize",
        "ask",
        "assume",
        "be",
        "behave",
        "bet",
        "bring",
        "buy",
        "call",
        "check",
        "come",
        "confirm",
        "copy",
        "cover",
        "dial",
        "do",
        "drop",
        "email",
        "e-mail",
        "explain",
        "fill",
        "find",
        "finish",
        "follow",
        "forward",
        "get",
        "give",
        "go",
        "guess",
        "have",
        "hear",
        "hold",
        "hop",
        "introduce",
        "invite",
        "join",
        "jump",
        "just",
        "keep",
        "know",
        "leave",
        "let",
        "listen",
        "look",
        "love",
        "mail",
        "make",
        "meet",
        "mention",
        "move",
        "mute",
        "need",
        "note",
        "open",
        "pass",
        "phone",
        "pick",
        "ping",
        "put",
        "re-send",
        "read",
        "react",
        "record",
        "remember",
        "rephrase",
        "repeat",
        "report",
        "resend",
        "run",
        "say",
        "schedule",
        "see",
        "send",
        "share",
        "show",
        "shout",
        "shut",
        "sit",
        "skip",
        "speak",
        "start",
        "stay",
        "stop",
        "take",
        "talk",
        "tell",
        "text",
        "think",
        "try",
        "turn",
        "type",
        "unmute",
        "use",
        "wait",
        "walk",
        "want",
        "watch",
        "write",
    ]
)
"""Verbs of what people do around a deal. With them `I'll …` is an errand, unless something below makes it more."""

_MORE_THAN_AN_ERRAND = re.compile(
    r"\b(?:every|each|for you\b(?! to)|no (?:extra )?(?:cost|charge)|for free|free\b|on site|onsite|in person"
    r"|in the contract|into the (?:order form|contract|agreement)|for the (?:whole|entire)|until|live\b"
    r"|your (?:data|tenant|price|team|users|staff|drivers|people)|go-live|out of the (?:contract|agreement)|renewal out"
    r"|off the|that price|the price|per (?:cent|user|year|month)|percent|%|with you|in the room|week of)",
    re.IGNORECASE,
)
_PAPERWORK = re.compile(
    r"\b(?:deck|slides?|recap|agenda|invites?|link|brochure|minutes|calendar|recording|summary|proposal|draft|questionnaire"
    r"|checklist|spec|docusign|handover|screen|template page|e-?mail|contact details|phone number|list of questions"
    r"|in the chat|quote|form for)\b",
    re.IGNORECASE,
)

# --- refusals and take-backs

_TAKEN_BACK = re.compile(
    r"\b(?:take|took|walk|walked) (?:something|one thing|that|this|it) back\b|\bhave to (?:correct|retract|withdraw)\b"
    r"|\b(?:that|it) (?:was|is) (?:wrong|not right|not correct|a mistake|incorrect)\b"
    r"|\b(?:wasn't|isn't|weren't) right\b|\bshouldn't have (?:said|promised|offered|told|written)\b|\bI shouldn't have\b"
    r"|\bmisspoke\b|\bdon't have the authority\b|\bplease forget (?:it|that)\b|\bno longer (?:able|possible)\b"
    r"|\b(?:can|will) no longer\b|\b(?:I|we) (?:was|were) mistaken\b|\bscratch that\b|\bneed to (?:correct|walk back|take back)\b"
    r"|\bsaid (?:that|it|so) (?:wrongly|by mistake|too early)\b|\b(?:does|do|will) not work for\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:I|we)(?: really| honestly| just)? (?:can't|cannot|can not|won't|will not|don't|do not)(?: \w+ly)? (?:do|offer"
    r"|give you|make (?!up)|guarantee|support|provide|build|include|sell|match|extend|lower|accept|agree)\b"
    r"|\b(?:that|this|those|[\w-]+ to [\w-]+|[\w-]+) (?:I|we) can't (?:do|offer|give)\b"
    r"|\bwe're not (?:building|offering|doing|going to (?:build|offer))\b|\bdon't have a way to\b"
    r"|\bnot (?:included|offered|supported|available|covered)\b|\b(?:is|are|'s) not part of\b"
    r"|\b(?:will not|won't) be (?:there|included|available|possible|part)\b|\bit was a no\b"
    r"|\bthere(?:'s| is) no (?:\w+ step|option|way|plan)\b|\bnot something (?:we|I)\b"
    r"|\b(?:isn't|aren't|is not|are not) (?:possible|supported|available|included|offered|on the table)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"^(?:so,? |well,? |um,? )?no(?:t (?:included|possible|offered|today))?\b[,.:]? ?", re.IGNORECASE)
_REQUEST = re.compile(
    r"\?|\b(?:want|need|require|shall|must|would like|right to|ask(?:ing)? for|increase|match|can you|could you)\b", re.IGNORECASE
)
_REFUSAL_OF_TALK = re.compile(
    r"\b(?:do that on this call|make (?:it|the call|friday|monday)|give you a (?:day|date)|do (?:today|tomorrow|monday"
    r"|friday)|offer you (?:a )?coffee)\b",
    re.IGNORECASE,
)

# --- commitments, from the weakest

_ROADMAP = re.compile(
    r"\b(?:on|in) (?:the|our|its) (?:product )?road ?map\b|\broadmap(?: only|\.)|\bstill (?:next|this) (?:year|quarter)\b"
    r"|\bplanned for (?:Q[1-4]|next|the (?:first|second|third|fourth) quarter)"
    r"|\b(?:coming|shipping|lands|slated) (?:in|with|for) (?:Q[1-4]|(?:the|our) (?:next|\w+) (?:release|version))\b"
    r"|\b(?:in|on) (?:the|our) backlog\b",
    re.IGNORECASE,
)
_EFFORT = re.compile(
    r"\b(?:we|I)(?:'re| are|'m| am)? (?:still |really |currently )?(?:aim|aiming|shooting|targeting|hoping|trying|planning"
    r"|working) (?:for|to|towards?)\b"
    r"|\bwe aim\b|\b(?:we|I)(?:'ll| will) (?:try|do (?:our|my) best|aim)\b|\b(?:best|reasonable) efforts?\b"
    r"|\bwe'd (?:look at|aim for|hope to)\b|\bas a target\b|\b(?:end|start|middle|early|late)\b.{0,40}\btarget\b"
    r"|\bthe target (?:is|would be)\b|\bcan probably\b|\bit's an aim\b|\bwe should be able\b"
    r"|\bwe expect to (?:have|be|deliver)\b|\bI'd like to have it\b|\b(?:is|are) (?:expected|targeted) (?:to|for|by)\b"
    r"|\bwe(?:'d| would)? hope\b",
    re.IGNORECASE,
)
_FIRM = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # A word given.
        r"\b(?:I|we) (?:can |do |will |'ll )?(?:commit|guarantee|undertake|pledge)\b|\bI(?:'ll| will) commit\b"
        r"|\byou can (?:count|rely) on\b|\bstand behind (?:that|it|this)\b|\byou have my word\b|\bI promise\b"
        r"|\bhappy to do that\b",
        # What the customer gets or keeps.
        r"\byou(?:'ll| will)(?: also| always| all)? (?:get|have|keep|receive|own|be able|pay)\b"
        r"|\byou get (?!it\b|that\b|the idea|used|to (?:see|the)|a feel|what)|\byou keep\b"
        r"|\b(?:your \w+|everybody|everyone|each \w+|[A-Z]\w+(?: \w+)?) will (?:get|have|keep|receive)\b"
        r"|\b(?:she|he|they) gets? everything\b",
        r"\byou(?:'re| are) (?:covered|protected)\b"
        r"|\byou (?:can|may) (?:terminate|leave|walk|cancel|add|order|opt|swap|downgrade|end)\b|\bnothing to negotiate\b",
        # Part of what is bought.
        r"\b(?:is|are|'s|'re) (?:all |both |also )?(?:included|part of)\b|\bcomes? with (?:the|every|your|it|each)\b"
        r"|\bincluded in\b|\bcomes? (?:as part|with the order|standard)\b|\bin the (?:package|subscription|licen[cs]e|plan)\b"
        r"|\bin (?:our|the) \w+ package\b|\bin special terms\b|\bour side of it\b",
        # Money given up or held.
        r"\b(?:no|not an?|isn't an|without(?: an?)?) (?:extra|additional|added|further|separate) (?:\w+ )?(?:charge|cost|fee"
        r"|line|license|licence)\b"
        r"|\bno add-?on\b|\b(?:at )?no (?:extra )?(?:cost|charge)\b|\bfree (?:of charge|if|for the|until)\b"
        r"|\b(?:month|year|weeks?) (?:is |still |are )?(?:still )?free\b|\bis still free\b"
        r"|\bwaived?\b|\bwon't (?:be )?charge|\b(?:is|'s|are) on us\b|\bcosts? you nothing\b|\bcomes? off (?:the|your)\b"
        r"|\b(?:eat|swallow|absorb) (?:the|that) (?:cost|fee|set-?up|charge|price|implementation)|\bfixed (?:fee|price)\b"
        r"|\b(?:that's|it's) our problem\b",
        r"\b(?:price|rate|fee)(?:'s| is| stays| will be)?(?: at)? (?:\S+ )?(?:locked|fixed|held|capped)\b"
        r"|\bhold (?:the|that|this|your) (?:price|rate)\b|\bI can lock\b|\bcan(?:'t|not) (?:go up|rise|increase)\b"
        r"|\bwe can do \S+(?: per ?cent| ?%)|\b(?:per ?cent|percent|%) off\b|\b(?:we|you) refund\b"
        r"|\bmake (?:the|your) \w+ \w+ free\b",
        # In writing.
        r"\b(?:put|get|write|have) (?:it|that|this|the date|that date|your \w+)?\s?(?:added )?(?:in|into|to|on) the (?:contract"
        r"|order form|agreement|paper|special terms)\b"
        r"|\btake (?:the |it |that )?.{0,30}\bout\b(?=\.|$)|\bit's out, yes\b|\b(?:contract|agreement|order form) will say\b",
        # There on a day.
        r"\b(?:is|are|'s|be|goes?|go) (?:there|live|on|up|ready|available|in place|enforced|enabled) (?:at|on|by|before|from|in"
        r"|within|for)\b"
        r"|\b(?:up|live|ready|done) within\b"
        r"|\bwill (?:be|go) (?:live|ready|available|closed|there|done|delivered|finished|in the room|in place|on site)\b"
        r"|\bfrom (?:the )?(?:first day|day one)\b|\bit's in the plan\b|\bgo-live (?:is|stays|will be) (?!\w+ed\b)",
        r"\bwe(?:'ll| will) (?:have|be|go|get) .{0,60}\b(?:live|up|running|ready|done|by|within)\b|\bhave it working\b",
        # Offers that name what is given, and things we will not do to them.
        r"\b(?:I|we)(?:'m able to| are able to| can) (?:get|give|offer|include|throw in|extend|waive|hold|knock|add)\b"
        r".{0,40}(?:%|\b(?:per ?cent|discount|free|price|fee|months?|credits?|seats?|licen[cs]es?|training|rate)\b)"
        r"|\byou won't (?:pay|be charged|be billed|owe|lose|need to pay)\b|\b(?:we|I) (?:won't|will not) (?:raise|increase|bill)\b"
        r"|\bunlimited\b|\bno (?:limit|cap) on\b|\bcan have (?:you|it|them|that) (?:live|up|ready|done)\b",
        # Our people, by what they are.
        r"\bour (?:\w+ )?(?:team|engineers?|people|specialists?|trainers?|consultants?) will (?!be in touch|reach|call|contact"
        r"|send|follow|let)\b"
        r"|\bgo(?:es)? live (?:\w+day|the|this|next)\b|\bis available (?:24|around the clock|to you|from day)",
        # How we handle their data.
        r"\b(?:data|everything|it)(?:'s| is| are| stays| doesn't leave| never leaves| remains?)\b.{0,30}\b(?:stored|processed"
        r"|leave|in the (?:EU|US|UK|United States))\b"
        r"|\b(?:data|customer data) (?:stays|doesn't leave|never leaves)\b|\b(?:US|EU|UK) only\b"
        r"|\bin the (?:EU|United States):?\b.{0,40}(?:,|;) (?:with|and)\b",
        r"\bwe(?: also| always)? (?:delete|erase|notify|encrypt|back up|refund|hold|pull|migrate|import|sign|configure|connect"
        r"|install|host|monitor|waive|cover|handle|set up|train)\b(?=.{0,80}\b(?:you|your|everybody|it|customer|within)\b)"
        r"|\bour standard is\b|\bthat's our standard\b|\bthere are no (?:local )?\w+ in (?:the|your)\b",
        # Work done again and again.
        r"\bI(?: also)? (?:do|hold|run|visit|train)\b.{0,60}\b(?:each|every|all \w+)\b"
        r"|\b(?:a|one|two|three|four|five) (?:days?|hours?|weeks?|sessions?) (?:on ?site|of (?:training|on-?site))\b"
        r"|\bwon't go (?:on|live) before\b|\bI'm in [A-Z]\w+ on\b"
        r"|\bi(?:s|'s) your \w+ (?:success )?(?:manager|person|contact) from\b|'s yours\b",
    )
)
_I_WILL = re.compile(
    r"\b(?:we|I)(?:'ll| will| shall)(?! not\b)(?: also| then| definitely| gladly| happily| certainly| just"
    r"| always)? ([\w-]+)",
    re.IGNORECASE,
)
_SOMEBODY_WILL = re.compile(r"\b(she|he|it|that|this|[A-Z][\w-]+)(?:'ll| will)(?! not\b)(?: also| then| always)? ([\w-]+)")
_LISTED_TERM = re.compile(r"^\W*(?:\$|€|£|USD|EUR|[A-Z]).{0,100}(?:\d|\bfree\b|\bwaived\b|\bincluded\b|\bcomes with\b)", re.DOTALL)
_TERM_WORDS = re.compile(
    r"\b(?:locked|waived|free|included|comes with|no charge|credit|discount|off list|off\)|cannot rise|terminate|refund"
    r"|notification|target|by (?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|if (?:you|the|signed|ordered)|per (?:office|user|seat|site|location|month|year)|24/7|part of)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s|^\s*[A-Z].{0,120}$")
_YES = re.compile(
    r"^(?:so |well |oh |okay,? |good \w+\. )?(?:yes|yep|yeah|sure|absolutely|of course|fine|agreed|correct|certainly"
    r"|definitely)\b",
    re.IGNORECASE,
)

_CONDITION = re.compile(
    r"\b(?:if|provided(?: that)?|as long as|so long as|once|subject to|on (?:the )?condition that|assuming|only (?:under"
    r"|after|when|if)|under NDA|unless|contingent on|conditional on|in (?:return|exchange) for|(?:when"
    r"|as soon as) you (?:sign|send|give|get|provide))\b[^.;!?]*",
    re.IGNORECASE,
)
_NO_REAL_CONDITION = re.compile(
    r"\bif (?:you (?:like|want|need|ever want|still|wish|have any|could|see|look)|that's|it's (?:ok|okay|alright)|possible"
    r"|I (?:may|can)|not)\b"
    r"|\bif it's ever\b|\beven if\b|\bas if\b|\bonce (?:a|more|again)\b|\bif it takes\b",
    re.IGNORECASE,
)


def _strength(text: str, statement: Statement) -> Strength | None:
    if text.rstrip(" \"')").endswith("?") or len(text.split()) < 3:
        return None
    if _TAKEN_BACK.search(text) and not re.search(r"\b(?:you|they|he|she) (?:took|said)\b", text):
        return "retracted"
    if _ROADMAP.search(text) and not re.search(r"\b(?:isn't|not a control)\b", text):
        return "roadmap_statement"
    if _EFFORT.search(text) and not re.search(r"\b(?:aim|target)\b.{0,20}\bmilestone\b", text) and _names_a_thing(text):
        return "best_effort"
    refused = _REFUSED.search(text) and not _REFUSAL_OF_TALK.search(text)
    if refused and not re.search(r"\b(?:won't|don't) (?:have to|need|do anything)\b", text):
        return "declined"
    if (
        _NO.match(text)
        and len(text.split()) >= 4
        and _REQUEST.search(statement.prompt)
        and re.search(r"\b(?:we|I|our|it|there)\b", text)
        and not _LOOKS_ONLY.search(text)
    ):
        return "declined"
    if _LOOKS_ONLY.search(text):
        return None
    if not _commits(text, statement):
        return None
    return "conditional" if _condition(text) else "firm"


_DELIVERS = re.compile(r"\b(?:I|we)(?:'ll| will) (?:send|give|provide|deliver|share|get)\b", re.IGNORECASE)
_WORTH_HAVING = re.compile(
    r"\b(?:reports?|letter|certificate|test|audit|plan|results?|data|credits?|licen[cs]es?|devices?|hours|days)\b", re.IGNORECASE
)


def _delivers_by_a_day(text: str) -> bool:
    """`I will send you the audit report by July 3`: handing over a thing of worth by a named day is no errand."""
    return bool(_DELIVERS.search(text) and _WORTH_HAVING.search(text)) and any(said.exact for said in dates(text, None))


def _commits(text: str, statement: Statement) -> bool:
    if _delivers_by_a_day(text):
        return True
    if _is_paperwork(text):
        return False
    if any(pattern.search(text) for pattern in _FIRM):
        return not _is_demo(text)
    if statement.interaction.source.kind == "email" and _LISTED_TERM.match(text) and _TERM_WORDS.search(text) and _BULLET.match(text):
        return True
    will = _I_WILL.search(text)
    if will and (will[1].casefold() not in _ERRAND_VERBS or _MORE_THAN_AN_ERRAND.search(text[will.start() :])):
        return True
    somebody = _SOMEBODY_WILL.search(text)
    if somebody and statement.interaction.source.kind == "email" and not _is_customer(somebody[1], statement):
        return somebody[2].casefold() not in _ERRAND_VERBS or bool(_MORE_THAN_AN_ERRAND.search(text[somebody.start() :]))
    return False


def _is_paperwork(text: str) -> bool:
    """`I'll send the deck`: an errand before signature, whatever its verb."""
    return bool(
        re.search(r"\b(?:send|share|forward|attach|put|add|mail|drop|text|resend|sending|putting|get)\b", text, re.IGNORECASE)
        and _PAPERWORK.search(text)
    ) and not _MORE_THAN_AN_ERRAND.search(text)


_DEMO = re.compile(
    r"\b(?:here(?:'s| is)|look at|on the (?:left|right|screen)|I(?:'ll)? (?:click|share|show|open|flip)"
    r"|you(?:'ll)? see (?:the|a|here)|this page|this screen|now I)\b",
    re.IGNORECASE,
)


def _is_demo(text: str) -> bool:
    return bool(_DEMO.search(text))


def _names_a_thing(text: str) -> bool:
    return len(text.split()) >= 5


def _is_customer(name: str, statement: Statement) -> bool:
    return any(person.side != "seller" and name in person.name.split() for person in statement.interaction.participants)


def _condition(text: str) -> str:
    match = _CONDITION.search(text)
    return match.group().strip(" ,") if match and not _NO_REAL_CONDITION.match(text, match.start()) else ""


def _told(statement: Statement) -> StoredPerson | None:
    """Whom it was said to: who spoke before, else the customer's first person in the interaction."""
    if statement.prompted_by and statement.prompted_by.side == "buyer":
        return statement.prompted_by
    return next((person for person in statement.interaction.participants if person.side == "buyer"), None)


_NEEDS_BEFORE = 5


def _quotable(statement: Statement) -> Place:
    """The sentence; one too short to stand alone takes the sentence before it along."""
    if len(statement.text.split()) >= _NEEDS_BEFORE or statement.before_span is None:
        return statement.place
    return Place(statement.interaction, Span(statement.before_span.start, statement.span.end))


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


_KIND_WORDS: tuple[tuple[PromiseKind, str], ...] = (
    (
        "commercial",
        r"\b(?:price|pricing|discount|per ?cent off|% off|fee|invoice|charge|cost|free|waive|refund|term(?:inate|ination)?|renew"
        r"|month-to-month|month to month|\$|usd|eur|liability|uncapped|walk|cancel|credit|first month)",
    ),
    ("support", r"\b(?:support|sla|service level|phone line|hotline|helpdesk)\b"),
    (
        "security",
        r"\b(?:sso|sign-on|saml|scim|encrypt|incident|breach|penetration|pen test|retest|finding|soc 2|iso 27001|residency"
        r"|personnel|access|password|audit|log|logged|baa|nda|in the (?:eu|us|united states)|eu\b|keys)\b",
    ),
    ("data", r"\b(?:import|migrat\w*|delete\w*|deletion|history|extract|backup|data)\b"),
    (
        "service",
        r"\b(?:train\w*|on ?site|office hours|workshop|session|kick-?off|status|customer success|in person|in the room|kiosks?"
        r"|zoom with)\b",
    ),
    (
        "timeline",
        r"\b(?:live|go-live|by the end|weeks?|phase|launch|january|february|march|april|june|july|august|september|october"
        r"|november|december)\b",
    ),
)
_KINDS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KIND_WORDS)


def kind_of_promise(text: str, strength: Strength) -> PromiseKind:
    if strength == "roadmap_statement":
        return "roadmap"
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "feature")
