"""The grammar of a commitment: who undertakes, how surely, and what the customer gets by it.

A sentence is written out in full (`we'll` → `we will`), conditions are set apart, and the rest is cut into clauses. A clause
commits when one of our side undertakes something (`we will …`, `we replace any …`), when the customer's side is given something
(`every ward gets …`), or when a thing is stated to be part of the bargain or to stand on a day. What veils, asks, supposes or
retells is no undertaking. The word lists are of English at large: verbs of errands, of talk, of giving; never of one trade.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from assistant.facts.conditions import condition_of, written_out
from assistant.facts.dates import dates
from assistant.facts.topics import content_words

Strength = Literal["firm", "conditional", "best_effort", "roadmap_statement", "hypothetical", "declined", "retracted"]

IsOurs = Callable[[str], bool]
"""Whether a proper name, in lower case, is one of our people."""


def strength_of(text: str, *, is_ours: IsOurs = lambda _: False, answers_request: bool = False, listed: bool = False) -> Strength | None:
    """How strongly a sentence of ours commits us, refuses, or takes back; None where it does nothing of the kind.

    `answers_request`: it answers the customer's wish or question. `listed`: it is a line of written terms, which needs no verb.
    """
    words = written_out(text)
    if words.rstrip(" \"')").endswith("?") or len(words.split()) < 3:
        return None
    if _TAKEN_BACK.search(words) and not _TAKEN_BACK_BY_OTHERS.search(words):
        return "retracted"
    condition = condition_of(words)
    main = words.replace(condition, " ") if condition else words
    parts = [part for part in _CLAUSE_ENDS.split(main) if part.strip()]
    # What we report of others, or suppose, says nothing of us; the sentence may still go on to.
    said = [part for part in parts if not _RETOLD.search(part)]
    if _SUPPOSED.search(words):
        return None
    if any(_ROADMAP.search(part) and not re.search(r"\bnot (?:on|in)\b", part) for part in said):
        return "roadmap_statement"
    if any(_is_effort(part) for part in said):
        return "best_effort"
    committing = [i for i, part in enumerate(said) if _commits(part, is_ours, bool(condition), listed)]
    refusing = [i for i, part in enumerate(said) if _refuses(part, answers_request)]
    if refusing and not (committing and committing[-1] > refusing[-1]):
        return "declined"
    if answers_request and _NO.match(words) and len(words.split()) >= 4 and _OF_US.search(words) and not _VEILED.search(words):
        return "declined"
    if not committing or _UNSAID.search(words):
        return None
    return "conditional" if condition else "firm"


def is_paperwork(text: str) -> bool:
    """It is about a deck, an invite or a link: the papers and meetings around a deal."""
    return _PAPERWORK.search(text) is not None


# --- clauses that say nothing of what we will do

_CLAUSE_ENDS = re.compile(
    r"[;:]\s+|\s[–—-]\s|,\s+(?:and|but|so|because|which|where|while|though|although|or else|otherwise)\s+|\s+but\s+|\s+because\s+"
    r"|\s+and\s+(?=(?:i|we|you|he|she|it|they|there|that|everything)\b)"
    r"|,\s+(?=(?:i|we|you|he|she|it|they|there|that|this|the|no|not|everything|nobody)\b)",
    re.IGNORECASE,
)
_RETOLD = re.compile(
    r"(?<!\bas )\b(?:you|they|he|she|people) (?:also |just |all |have )?(?:said|asked|ask|told|tell|say|says|wrote|mentioned|wanted|want"
    r"|heard|guarantee"
    r"|promised?|claim)\b"
    r"|\b(?:what|as) (?:i am|i|we are|we) (?:hear|hearing|understand|gather)|\bmy understanding\b|\bi (?:heard|hear|read) (?:that"
    r"|you|they)\b"
    r"|\bthey (?:will|would|do|offer|give|charge|include)\b|\b(?:keeps?|kept) saying\b|\btheir (?:words|contract|people)\b"
    r"|\b(?:other|another|different|most|many|some) (?:of our )?(?:customers?|clients?|accounts?|compan(?:y|ies)|places?|hospitals?"
    r"|schools?"
    r"|banks?|offices|plants|firms|teams)\b"
    r"|\bfor (?:a|an|another|one) (?:\w+ ){0,2}in [A-Z]\w+\b|\bwe (?:did|had|have seen|have done|have had|were|was)\b|\bi (?:did"
    r"|had|have (?:got|seen|had)|was|were)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\bif (?:i|we|you|they|it|there|somebody|someone|anybody|\w+ \w+) (?:had|were|was|did|gave|got|could|came|went|would|ever)\b"
    r"|\b(?:suppose|supposing|imagine|say we|let us say|hypothetically|in an ideal world|in theory)\b|^\W*let's say\b|\bif (?:i"
    r"|we) have to\b",
    re.IGNORECASE,
)
_VEILED = re.compile(
    r"\b(?:could|might|maybe|perhaps|possibly|probably|typically|usually|normally|generally|roughly speaking|in theory)\b"
    r"|\bwould\b(?! you\b)|\bmay (?:be|have|need|get|take)\b|\bi (?:really )?(?:think|guess|believe|suppose|hope|assume|imagine"
    r"|doubt|wonder)\b|\bthat is a guess\b"
    r"|\b(?:not sure|no idea|whether|do not know|does not know|hard to say|depends?|it depends)\b"
    r"|\blet me\b|\b(?:need|have|going) to (?:check|ask|see|look|find out|think|run|talk|confirm)\b",
    re.IGNORECASE,
)
_UNSAID = re.compile(
    r"\bno promises\b|\b(?:not (?:going to )?(?:promise|commit|promising|committing|quoting)|will not (?:promise|commit|say|tell"
    r"|pretend))\b"
    r"|\bdo not want to (?:say|give|tell|promise|commit)\b|\bcan not (?:promise|swear|commit)\b"
    r"|\bcan not give you (?:a|an|one|the|any)\b(?: exact| firm)? ?(?:day|date|number|answer|figure|quarter|month"
    r"|timeline)?s?\b(?: on\b)?$",
    re.IGNORECASE,
)

# --- what is taken back or refused

_TAKEN_BACK = re.compile(
    r"\b(?:take|took|walk|walked) (?:something|one thing|that|this|it|my words) back\b"
    r"|\b(?:have|need|want|must) to (?:correct|retract|withdraw|walk back|take back)\b|\bcorrect myself\b"
    r"|\b(?:that|it|which|date|number|figure|price|\w+ i (?:mentioned|gave|quoted|told|promised|named)[\w' ]{0,30}) (?:was"
    r"|is) (?:wrong|not right|not correct|a mistake|incorrect|an error)\b|\b(?:was|is) (?:my|our) (?:error|mistake|fault)\b"
    r"|\b(?:was|is|were) not right\b|\bshould not have (?:said|promised|offered|told|written|quoted|put)\b|\bi should not have\b"
    r"|\bmisspoke\b|\bspoke too soon\b|\bdo not have the authority\b|(?<!\bnot )\b(?:forget|disregard|ignore) (?:it|that|what i"
    r"|my (?:last|earlier))\b"
    r"|\b(?:i|we) (?:got|had) (?:that|it|this) wrong\b|\b(?:i|we) (?:was|were) (?:mistaken|wrong)\b|\bscratch that\b"
    r"|\b(?:can|will) no longer\b|\bno longer (?:able|possible|on offer|holds?)\b|\bcan not stand (?:by|behind)\b|\boff the table\b"
    r"|\bcan not (?:keep|hold|honou?r|stick to) (?:that|the|my|what)\b.{0,40}\b(?:any ?more|after all|i (?:gave|told|said|promised))\b"
    r"|\bsaid (?:that|it|so) (?:wrongly|by mistake|too early)\b|\bwill not work for\b",
    re.IGNORECASE,
)
_TAKEN_BACK_BY_OTHERS = re.compile(r"\b(?:you|they|he|she) (?:took|said|got|were|was)\b", re.IGNORECASE)

_TALK = (
    r"say|forget|tell|speak|talk|answer|comment|discuss|promise|commit|swear|know|think|want|need|have|see|mind|remember|understand"
    r"|believe|mean|hear|care"
    r"|find|expect|hope|like|love|wait|feel|agree|see why|worry|recall|read|open|join|make (?:it|the|friday|monday|that|this)"
    r"|get (?:into|hold|there|it)|be (?:there|here|on)"
    r"|do (?:that on|today|tomorrow|friday|monday)|give you (?:a|an|any|the) (?:exact |firm )?(?:day|date|number|quarter|month"
    r"|answer|timeline|figure)"
    r"|offer you (?:a )?coffee|go into|quote|guess|judge|imagine|measure|type|wanna|pretend|complain|blame|pretend|leave"
)
"""Verbs of talk and mind: not to do these is no refusal."""
_GOOD_NOT = (
    r"charge|bill|invoice|raise|increase|sell|share|touch|lock|hold you|penali[sz]e|cut|switch|drop|let you|go (?:on|live) before|ask you"
)
"""Verbs of what nobody wants done to them: not to do these is a promise."""
_REFUSED = re.compile(
    rf"\b(?:(?:i|we)(?: \w+ly| just| also)? (?:can not|will not)|we(?: \w+ly| just)? (?:do not|never))(?: \w+ly| currently"
    rf"| yet)? (?!(?:{_TALK}|{_GOOD_NOT})\b)[a-z]+"
    r"|\b[\w-]+ (?:i|we) (?:can not|will not|do not) (?:do|offer|give|support|make|build|provide)\b"
    r"|\bwe are not (?:building|offering|doing|planning|supporting|adding)\b|\bdo not have a way to\b"
    r"|\b(?:is|are|was) not (?:\w+ly )?(?:something|included|offered|sold|supported|available|covered|possible|on the table|part of"
    r"|in scope|on (?:the|our) road ?map|in the \w+|for sale)\b"
    r"|\bnot (?:included|offered|supported|available|covered)\b|\bwill not be (?:there|included|available|possible|part)\b"
    r"|\bout of scope\b|\boutside (?:of )?what we\b"
    r"|\bit was a no\b|\bhave to (?:say no|decline)\b(?! to (?:him|her|them))|\bnot something (?:we|i)\b",
    re.IGNORECASE,
)
_NO = re.compile(r"^\W*(?:so,? |well,? |um,? |sorry,? )?no(?:t (?:included|possible|offered|today))?\b[,.:]? ?", re.IGNORECASE)
_OF_US = re.compile(r"\b(?:we|i|our|there)\b|\b(?:can|will|does|do) not\b", re.IGNORECASE)


_THERE_IS_NONE = re.compile(
    r"\bthere (?:is|will be) no (?!(?:extra|additional|added|further|hidden|charge|cost|fee|limit|cap|need|rush|problem|penalty"
    r"|doubt|question"
    r"|reason|other|local|surprise)\b)\w+",
    re.IGNORECASE,
)


def _refuses(part: str, answers_request: bool) -> bool:
    refused = _REFUSED.search(part) or (answers_request and _THERE_IS_NONE.search(part))
    return bool(refused) and not re.search(r"\bnot (?:have to|need|do anything)\b|\bthere is no (?:charge|cost)\b", part, re.IGNORECASE)


# --- what is only aimed at

_ROADMAP = re.compile(
    r"\broad ?map\b|\bon (?:the|our) (?:wish ?)?list for\b|\bback ?log\b|\b(?:planned|slated|scheduled|due|coming|shipping|ships"
    r"|lands|expected) (?:in|with|for|out in) "
    r"(?:Q[1-4]|(?:the |our )?(?:next|\w+) (?:release|version|quarter)|(?:the )?(?:spring|summer|autumn|fall|winter)\b)"
    r"|\b(?:is|are) (?:still )?(?:planned(?! for \w+ (?:hundred|thousand))|in development|under development|in beta"
    r"|with (?:our )?(?:engineering|product))\b"
    r"|\b(?:coming|comes|planned|out) (?:later|sometime|early|late)?\s?(?:this|next) (?:year|quarter|spring|summer|autumn|fall|winter)\b"
    r"|\bproduct (?:team|management) (?:has|is|are)\b.{0,30}\b(?:slated|planned|looking|working|building|developing)\b"
    r"|\bno (?:firm )?date (?:yet|for (?:it|that))\b|\bstill (?:next|this) (?:year|quarter)\b",
    re.IGNORECASE,
)
_EFFORT = re.compile(
    r"\b(?:we|i)(?: am| are| have been| will)? (?:still |really |currently |also )?(?:aim|aiming|shooting|targeting|hoping|hope"
    r"|trying|try"
    r"|planning|plan|working|intend|intending) (?:for|to|towards?)\b"
    r"|\b(?:our|the|my) (?:aim|target|plan|goal|hope|intention)(?: for [\w ]{2,40}?)? (?:is|would be|remains)\b|\bas a target\b"
    r"|\bit is an aim\b"
    r"|\b(?:end|start|middle|early|late|mid)\b.{0,40}\btarget\b|\b(?:is|are) (?:targeted|expected|aimed) (?:to|for|by|at)\b"
    r"|\bdo (?:our|my) best\b|\bdo (?:what|everything|all) (?:we|i) can\b|\b(?:best|reasonable|every) efforts?\b"
    r"|\bshould be (?:able to|there|ready|live|done|finished|available|up)\b|\bcan probably\b|\bhopefully\b|\bwith (?:any"
    r"|a bit of) luck\b"
    r"|\b(?:we|i) (?:would )?expect (?:us |it |them |that )?(?:to|will)\b|\b(?:we|i) would (?:look at|aim for|hope to|like to have)\b"
    r"|\bwill (?:hopefully|probably|try)\b|\bno guarantee\b",
    re.IGNORECASE,
)
_EFFORT_OF_TALK = re.compile(
    r"\b(?:try|trying|aim|aiming|hope|hoping|hopefully|plan|planning|working) (?:to |for |we |you )?(?:understand|find|figure|see"
    r"|get a|learn|hear|reach"
    r"|call|show|explain|say|talk|meet|join|keep (?:it|this)|be (?:brief|quick|honest)|share|make sure i|help)\b|\bmilestone\b"
    r"|\bplan is (?:simple|good)\b",
    re.IGNORECASE,
)


def _is_effort(part: str) -> bool:
    """An aim at something: a day, or at least two words that say what."""
    aim = _EFFORT.search(part)
    if aim is None or _EFFORT_OF_TALK.search(part):
        return False
    rest = f"{part[: aim.start()]} {part[aim.end() :]}"
    return len(content_words(rest)) >= 2 or bool(dates(part, None))


# --- what commits

_ERRANDS = frozenset(
    """admit aim answer apologise apologize ask assume be behave believe bet bold bring buy call chase check circle circulate come
    confirm copy count cover
    create demo dial do draft drop email e-mail explain fill find finish flag follow forget forward frame get give go guess have hear
    highlight hold hop hope introduce invite join jump just keep know leave let listen look love mail make meet mention message move mute
    need note open pass pencil phone pick ping point post pull put re-send react read reach record remember rephrase repeat report resend
    run say schedule scope see send share shout show shut sit skip speak start state stay stop suggest take talk tell text think try turn
    type understand unmute update use wait walk want watch wish write""".split()
)
"""Verbs of what people do around a deal. With them `I will …` is an errand, unless the rest of the clause makes it more."""

_MORE_THAN_AN_ERRAND = re.compile(
    r"\b(?:every|each|(?:\w+ ){3,}for you\b(?! to)|no (?:extra |additional )?(?:cost|charge)|for free|free\b|on site|onsite|in person"
    r"|(?:in|into) (?:the|your|this) (?:contract|order form|agreement)|for the (?:whole|entire|first)|until|live\b|running\b"
    r"|ready\b|sandbox|access\b"
    r"|your (?:data|tenant|price|team|users|staff|people|developers|licen[cs]es?|environment)|go-live|out of the (?:contract|agreement)"
    r"|off the|the price|that price|freight|shipping|expenses|costs?\b"
    r"|per (?:cent|user|year|month|head|seat)|percent|%|with you|in the room|full[- ]time"
    r"|no (?:call )?limit)",
    re.IGNORECASE,
)
_PAPERWORK = re.compile(
    r"\b(?:deck|slides?|recap|agenda|invites?|link|brochure|minutes|notes|calendar|recording|summary of (?:this|today|our)|recap"
    r"|proposal|draft"
    r"|questionnaire|checklist|spec|docusign|handover|screen|e-?mail|contact details|phone number|list of|in the chat|quote"
    r"|dial-in|form for|order form"
    r"|statement of work|question)\b",
    re.IGNORECASE,
)
_OF_WORTH = re.compile(
    r"\b(?:reports?|letter|certificates?|tests?|audit|plan|results?|data|credits?|licen[cs]es?|devices?|hours|days|summary|export|keys?"
    r"|sandbox|environment|units?|spares?|samples?|sensors?|terminals?|badges?)\b",
    re.IGNORECASE,
)
_BY_A_DAY = re.compile(
    r"\b(?:by|on|before|until|from|in|within|no later than) (?:the )?(?:\w+[- ])?(?:monday|tuesday|wednesday|thursday|friday"
    r"|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|easter|christmas|thanksgiving|summer|q[1-4]\b|\d{1,2}(?:st|nd|rd|th)?\b(?: \w+)? ?(?:jan"
    r"|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:twenty|thirty|first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth)\w*)"
    r"|\bon day one\b|\bfrom (?:the )?(?:first day|day one|signature)\b|\b(?:at|before|after|from) (?:go-live|handover|kick-?off"
    r"|launch)\b"
    r"|\bwithin (?:\w+[- ]){1,3}(?:minutes?|hours?|days?|weeks?|months?)\b|\bfor the (?:first|whole|entire)\b|\bon the first \w+\b",
    re.IGNORECASE,
)
_SCOPED = re.compile(
    r"\b(?:you|your|yours|any|every|each|all|both|everything|everybody|everyone|whoever|within|until|free|per)\b"
    r"|\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|ninety|hundred)\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\b(?P<who>i|we|he|she|our (?:own )?(?:[\w-]+ ){1,3}?|my team ?|my colleague(?: \w+)? ?|[A-Z][\w-]+) ?\b(?:will"
    r"|shall)(?! not\b)(?: also"
    r"| then| definitely| gladly"
    r"| happily| certainly| just| always| still| personally| both)? (?P<verb>[\w-]+)(?P<rest>.*)"
)
_WILL_ANY_CASE = re.compile(_WILL.pattern.replace("[A-Z]", "(?-i:[A-Z])"), re.IGNORECASE)
_WILL_NOT = re.compile(
    rf"\b(?:i|we|our \w+) (?:will|do|would) (?:not|never) (?:{_GOOD_NOT})\b|\bwill not go (?:on|live) before\b|\byou (?:will"
    rf"|do) (?:not|never) (?:pay|be (?:charged|billed|invoiced)|owe|lose|need to pay|have to pay)\b"
    r"|\bnobody (?:on your side|of yours|at your end)? ?(?:has|will have|needs) to\b",
    re.IGNORECASE,
)
_ONGOING = re.compile(
    r"\b(?:i|we|our (?:[\w-]+ ){1,3}?)\s?(?:are|am) (?:putting|giving|adding|including|assigning|setting up|building|installing"
    r"|covering|providing"
    r"|extending|throwing in|keeping|holding|paying|sending) .{0,60}\b(?:you|your|yours|free|both|each|every|all)\b",
    re.IGNORECASE,
)
_CAN = re.compile(
    r"\b(?:i|we)(?: certainly| definitely| also)? can (?!not\b)(?P<verb>[\w-]+)(?P<rest>.*)",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"%|[$£€]|\b(?:per ?cent|discount|free|price|fee|months?|credits?|seats?|licen[cs]es?|training|trainings|rate|charge|cost"
    r"|rehearsal|sessions?"
    r"|live|ready|ninety|thirty|sixty|days?|weeks?|hundred|thousand|into the|in the (?:contract|agreement|order))\b|\d",
    re.IGNORECASE,
)
_CAN_TALK = frozenset(
    """show tell see hear say talk walk explain share look ask find check imagine understand think guess feel live send open read start go
    discuss remember come take meet try only just use run do give get have make""".split()
)
_PRESENT = re.compile(
    r"\b(?:i |we |our (?:own )?(?:[\w-]+ ){1,3}?)(?:also |always |then |still |automatically )?(?P<verb>[a-z]+(?:-[a-z]+)?)(?P<rest> .+)",
    re.IGNORECASE,
)
_AGAIN_AND_AGAIN = re.compile(
    r"\b(?:for you(?=$|\W)|for (?:[\w-]+ ){1,2}(?:weeks|months|years)|each|every|any|all \w+|within (?:\w+[- ]){1,4}(?:minutes?"
    r"|hours?|days?|weeks?))\b",
    re.IGNORECASE,
)
_NOT_AN_ACT = frozenset(
    """agree am appreciate are ask assume been believe bet build call came can could did do does doubt feel felt find found gave get
    give go got grew guess had hate have hear heard hope imagine is know knew like look lost love made make mean meant met might mind
    must need never only prefer promised ran read realise realize remember said sat saw say see sell sent shall should sound spoke
    still suggest take talk tell think thought told took try understand use used want was went were will wish wonder work worked
    would wrote expect recommend propose appreciate usually typically often normally just about for in of on to with from at by
    and or as that who which not
    started began brought bought paid won came left kept held put set cut""".split()
)
_NO_ACT_EVER = frozenset(
    """am are is was were can could will would shall should may might must have had need want like love think know see hear said
    mean""".split()
)
_IS_GIVEN = re.compile(
    r"\b(?P<who>you|your (?:[\w-]+ ){1,2}?|everybody|everyone|every (?:[\w-]+ ){1,3}?|each (?:[\w-]+ ){1,4}?|all (?:[\w-]+ ){1,4}?"
    r"|both (?:[\w-]+ ){0,2}?"
    r"|the (?:[\w-]+ ){1,2}?)\s?(?:will (?:also |always |all |then |still )?(?:get|have|keep|receive|own|be able to (?!see|find"
    r"|tell|hear|notice)|pay)|gets?|keeps?|owns?|receives?|will see"
    r"|pays? (?:nothing|no|only|the same|zero)|(?:does|do|will) not pay)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_NOT_GIVEN = re.compile(
    r"^\s*(?:it|that|the idea|used|to (?:see|the|know|work)|a feel|what|me|why|how|confused|lost|asked|more|better|nervous|excited"
    r"|worse|tired"
    r"|questions?)\b[^,]{0,20}$"
    r"|^\s*(?:to|questions?|an? (?:mail|e-mail|email|invite|idea|feel|sense|picture))\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:you|your \w+|everybody|everyone|[a-z]+s|each \w+) (?:can|may) (?:(?:always|also) )?(?:terminate|leave(?! (?:that|it|this"
    r"|them|me|us))|cancel|add|order|opt|swap|downgrade|end|go month|walk away|walk\b(?! (?:through|me|us))|return|exchange|export)\b"
    r"|\b(?:you|your \w+|everybody|everyone|[a-z]+s) (?:can|may) .{0,60}\b(?:at any time|at no|without (?:any )?(?:extra|additional"
    r"|a )|free of|for free|whenever|as often as|as many)\b",
    re.IGNORECASE,
)
_BARGAIN = re.compile(
    # part of what is bought
    r"\b(?:is|are|will be|comes?|get|gets) (?:all |both |also |always |fully )?(?:included|covered|part of|in (?:the|your"
    r"|our) (?:\w+ ){0,2}(?:fee|price|package|plan|tier|subscription|licen[cs]e|bundle|plan|special terms)"
    r"|standard|as standard|as part of|yours|protected)\b|\bcomes? with (?:the|every|your|it|each)\b|\bincluded in\b|\b(?:shipping"
    r"|travel|training|set-?up|tax|support) included\b"
    r"|\b(?:comes?|delivered) (?:standard|with the order)\b|\bin special terms\b|\bour side of it\b|\bpart of the \w+\b"
    # money given up or held
    r"|\b(?:no|not an?|without(?: an?| any)?|at no) (?:extra|additional|added|further|separate)? ?(?:\w+ )?(?:charge|cost|fee|line"
    r"|licen[cs]e)\b(?! of\b)"
    r"|\bno add-?on\b|\bfree (?:of charge|if|for|until)\b|\b(?:is|are|stays?) (?:\w+ )?(?:still )?free\b|\bwaived?\b|\bon us\b"
    r"|\bon our (?:bill|account|dime|tab|cost)\b"
    r"|\bcosts? you nothing\b|\b(?:does|do|will) not cost (?:you )?(?:more|extra|anything)\b|\bcomes? off (?:the"
    r"|your) (?:\w+ )?(?:invoice|bill|price|fee|total|amount)\b|\b(?:eat|swallow|absorb) (?:the|that)\b|\bfixed (?:fee|price)\b"
    r"|\b(?:that|it) is our problem\b"
    r"|\b(?:price|rate|fee|cost|discount|amount)s?\b.{0,30}\b(?:locked|fixed|held|capped|frozen|guaranteed|stays?|remains?|unchanged)\b"
    r"|\b(?:price|rate|fee|cost|charge)s? (?:drops?|falls?|halves|(?:goes?|comes?) down)\b|\b(?:drop|cut|reduce|lower|halve) (?:the"
    r"|your) (?:[\w-]+ ){0,2}(?:price|fee|rate|bill)\b|\bno penalty\b|\bstays? (?:available|open|in place"
    r"|included)\b"
    r"|\b(?:hold|lock|freeze|cap) (?:the|that|this|your|it) ?(?:\w+ )?(?:price|rate|fee)s?\b|\bcan not (?:go up|rise|increase)\b"
    r"|\b(?:per ?cent|%) off\b"
    r"|\bno (?:\w+ )?(?:limit|cap|minimum|lock-in)\b|\bunlimited\b|\bnothing to negotiate\b"
    r"|\b(?:subscription|licen[cs]e|plan|package|fee|price|support|warranty|contract|tier)s? (?:also )?(?:covers?|includes?"
    r"|answers?|contains?)\b"
    # a word given
    r"|\b(?:i|we) (?:can |do |will |hereby )?(?:commit|guarantee|undertake|pledge|promise|vouch)\b(?! to (?:understand|listen))"
    r"|\byou can (?:count|rely|depend) on\b"
    r"|\byou have (?:my|our) word\b|\bstand behind\b|\bconsider (?:it|that|the)\b.{0,40}\bdone\b|\bmy word on\b|\b(?:it"
    r"|that) is (?:a deal|agreed|in the plan|our standard)\b|\bour standard is\b"
    r"|\bhappy to do that\b|\bit is out, yes\b"
    # in writing
    r"|\b(?:put|get|write|have|add) (?:\S+ ){0,4}(?:in|into|to|on) (?:the|your|this) (?:contract|order form|agreement|paper"
    r"|special terms)\b|\b(?:contract|agreement|order form) will say\b"
    r"|\btake (?:the |it |that )?.{0,30}\bout\b(?=\W*$| of the (?:contract|agreement|paper))",
    re.IGNORECASE,
)
_STATES = (
    r"(?:there|live|up|ready|available|in place|enforced|enabled|done|delivered|finished|complete|completed|connected|installed"
    r"|migrated|loaded|switched on|working|running"
    r"|closed|configured|trained|set up|open|on site|active|in (?:the|all|every|your) [\w-]+)"
)
_STANDS = re.compile(
    rf"\b(?:is|are|be|goes?|go|stands?|stays?) (?:\w+ )?{_STATES}\b|\b(?:up|live|ready|done|delivered) within\b|\b(?:arrives?"
    rf"|finish(?:es)?|comes? across|moves? over|carr(?:y|ies) over|goes? out)\b"
    r"|\bis on (?:the|your|our) [\w-]+(?: [\w-]+)?\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\b(?:starts?|opens?|begins?)\b", re.IGNORECASE)
_WILL_STAND = re.compile(
    rf"\bwill (?:also |all |both )?(?:be|go|stay|run|work|remain) (?:\w+ )?{_STATES}\b|\bgo-live (?:is|stays|will be) (?!\w+ed\b)",
    re.IGNORECASE,
)
_THING_WILL = re.compile(
    r"^\W*(?:so |and |yes |then )*(?P<thing>(?:(?!\b(?:i|we|you|your|they|he|she|it|that|this|somebody|someone|nobody|who|what"
    r"|which|there)\b)[\w'-]+ ){2,5}?)will (?!not\b)(?P<verb>[a-z]+)(?P<rest> .*)",
    re.IGNORECASE,
)
_SOMEONE = re.compile(
    r"\b(?:council|city|department|company|provider|carrier|landlord|authority|government|integrator|vendor|supplier|partner|auditors?"
    r"|regulators?|board|bank|people|customers?|clients?|ceo"
    r"|cfo|lawyers?|legal|competitors?|consultants?|they|team|somebody|someone|doctors?|it guys?)\b",
    re.IGNORECASE,
)
_PRESENT_IN_PERSON = re.compile(
    r"\b(?:i am|we are|(?:i|we|he|she) will be|(?:a|our) (?:[\w-]+ ){1,3}(?:of ours )?(?:is|will be))\b.{0,60}\b(?:on ?site"
    r"|with you|in the room|on (?:the|your) (?:\w+ )?floor"
    r"|in (?:the|your) (?:[\w-]+ )?(?:cent(?:er|re)|room|office|plant|store|ward|hall|depot|branch|school|clinic)|at your)\b",
    re.IGNORECASE,
)
_DATA_KEPT = re.compile(
    r"\b(?:data|everything|files?|records?|backups?)\b.{0,30}\b(?:never leaves?|(?:does|do|will) not leave|(?:stays?|remains?|is"
    r"|are) (?:(?:stored|processed|hosted|kept)(?: and \w+)? )?(?:only )?(?:in|inside|within|on) (?:the|your|our|\w+land\b|[A-Z]))"
    r"|\b(?:EU|US|UK|Canada|Swiss|German\w*) only\b",
    re.IGNORECASE,
)
_KEPT_UP = re.compile(
    r"\b(?:is|are) (?:automatically |always |all )?(?:deleted|erased|encrypted|fixed|repaired|answered|backed up|replaced|refunded"
    r"|restored|credited"
    r"|patched|monitored)\b"
    r"(?=.*\b(?:after|within|every|at night|around|until|free|by us|both)\b)",
    re.IGNORECASE,
)
_FROM_A_DAY = re.compile(r"^\W*(?:by|from) ", re.IGNORECASE)
_ALL_COMES = re.compile(
    r"\b(?:all|every|both) (?:[\w-]+ ){1,4}?(?:comes? across|moves? over|carr(?:y|ies) over|is migrated|are migrated|is loaded"
    r"|are loaded|transfers?)\b",
    re.IGNORECASE,
)
_LISTED_TERM = re.compile(
    r"\b(?:locked|waived|free|included|comes with|no charge|credit|discount|off list|off\)|can not rise|terminate|refund"
    r"|notification|target"
    r"|by (?:january|february|march|april|may|june|july|august|september|october|november|december)|if (?:you|the|signed|ordered)"
    r"|per (?:office|user|seat|site|location|head|month|year)|24/7|part of)\b",
    re.IGNORECASE,
)
_NAMES_A_SUM = re.compile(r"\d|\b(?:free|waived|included|comes with)\b", re.IGNORECASE)
_DEMO = re.compile(
    r"\bhere is\b|\blook at\b|\bon the (?:left|right|screen)\b|\bi(?: will)? (?:click|show|open|flip|pull up)\b"
    r"|\byou (?:will )?(?:see|find|notice) (?:the|a|an|here|that|it)\b"
    r"|\bthis (?:page|screen|button|tab|view)\b|\bnow i\b|\bat the (?:top|bottom)\b|\bwhen i (?:click|press|drag)\b",
    re.IGNORECASE,
)
_PLEASANT = re.compile(
    r"\blook(?:ing)? forward\b|\b(?:good|great|nice|lovely|fun) (?:to|day|weekend|trip|one)\b|\bsee you\b|\bbe in touch\b"
    r"|\bpick this up\b|\bcall you\b|\btalk (?:soon|then|next|on)\b"
    r"|\b(?:great|good) question\b|\balmost (?:done|there)\b|\btake it from there\b|\blet you (?:go|run|get)\b"
    r"|\bbe (?:honest|brief|quick|frank)\b|\bon my list\b|\btake over the\b",
    re.IGNORECASE,
)
_ASKS_OF_YOU = re.compile(
    r"\b(?:we|i)(?: will| would)? (?:need|require)\b|\byou (?:will )?(?:need|want|have to|should|must|notice|laugh|probably)\b"
    r"|\byour (?:[\w-]+ ){1,2}(?:will|has to|have to|needs? to|must) (?!get|have|keep|receive|see|be able)",
    re.IGNORECASE,
)


SAYS_WHAT = 4
_NOT_OURS_TO_SAY = re.compile(r"\b(?:i|you|they|he|she|was|were)\b|^\W*(?:this|here|now)\b", re.IGNORECASE)


_STATED_OUTRIGHT = (_BARGAIN, _WILL_NOT, _MAY, _DATA_KEPT, _KEPT_UP, _ALL_COMES)


def _commits(part: str, is_ours: IsOurs, conditioned: bool, listed: bool) -> bool:
    if _DEMO.search(part) or _PLEASANT.search(part) or (_VEILED.search(part) and not _WILL_NOT.search(part)):
        return False
    if any(stated.search(part) for stated in _STATED_OUTRIGHT):
        return not re.search(r"\b(?:want|wish|suggest|propose|noted)\b", part, re.IGNORECASE)
    if _ASKS_OF_YOU.search(part):
        return False
    if listed and _LISTED_TERM.search(part) and _NAMES_A_SUM.search(part):
        return True
    if _we_will(part, is_ours) or _we_can(part) or _we_do(part, conditioned) or _ONGOING.search(part):
        return True
    if _is_given(part, is_ours):
        return True
    if _WILL_STAND.search(part) and not _SOMEONE.search(part.split(" will ")[0]):
        return True
    if _FROM_A_DAY.match(part) and _BY_A_DAY.match(part.strip()) and not _NOT_OURS_TO_SAY.search(part) and not _SOMEONE.search(part):
        return len(content_words(part)) >= SAYS_WHAT
    if _PRESENT_IN_PERSON.search(part) and _BY_A_DAY.search(part):
        return True
    if _stands(part, conditioned) and not _NOT_OURS_TO_SAY.search(part):
        return True
    return _thing_will(part)


_A_MEETING = re.compile(
    r"^(?:set up|arrange|organi[sz]e|book|plan|schedule|propose) (?:an?|the|another|some) (?:[\w-]+ ){0,3}(?:call|meeting|session"
    r"|demo|time|slot|follow-up)\b",
    re.IGNORECASE,
)
_BROUGHT_ABOUT = re.compile(
    r"^ (?:all|both|every|each|the|your|everything|it|them|those|these)\b.{0,60}?\b(?:\w{3,}ing|\w{3,}ed|up|ready|done|open|there"
    r"|over|across|in place)\b",
    re.IGNORECASE,
)
"""`have all nine warehouses scanning`: to have something brought about."""


def _we_will(part: str, is_ours: IsOurs) -> bool:
    for match in _WILL_ANY_CASE.finditer(part):
        who, verb, rest = match["who"].strip().casefold(), match["verb"].casefold(), match["rest"]
        if who not in ("i", "we", "he", "she") and not who.startswith(("our ", "my ")) and not is_ours(who):
            continue
        if _PAPERWORK.search(rest) and not _MORE_THAN_AN_ERRAND.search(rest) and not (_OF_WORTH.search(rest) and _BY_A_DAY.search(rest)):
            continue
        if _A_MEETING.search(f"{verb}{rest}"):
            continue
        if verb in ("have", "get") and _BROUGHT_ABOUT.match(rest) and _BY_A_DAY.search(rest):
            return True
        if verb not in _ERRANDS:
            # `I'll swim a few lanes`: of one person alone it must be for the customer, to a figure or to a day.
            if who != "i" or any(sign.search(rest) for sign in (_SCOPED, _BY_A_DAY, _VALUE, _MORE_THAN_AN_ERRAND)):
                return len(rest.split()) >= 2 or who == "we"
            continue
        if _MORE_THAN_AN_ERRAND.search(rest) or (_OF_WORTH.search(rest) and _BY_A_DAY.search(rest)):
            return True
    return False


def _we_can(part: str) -> bool:
    match = _CAN.search(part)
    if not match:
        return False
    verb, rest = match["verb"].casefold(), match["rest"]
    if verb in ("do", "give", "get", "have", "make", "offer", "add", "go"):
        return bool(_VALUE.search(rest))
    return verb not in _CAN_TALK and bool(_VALUE.search(rest))


def _we_do(part: str, conditioned: bool) -> bool:
    """`We replace any sensor that fails`: the present tense of an act, with a scope or a time to it."""
    for match in _PRESENT.finditer(part):
        verb, rest = match["verb"].casefold(), match["rest"]
        again = _AGAIN_AND_AGAIN.search(rest)
        if verb in _NO_ACT_EVER or ((verb in _NOT_AN_ACT or verb in _ERRANDS) and not again) or verb.endswith(("ed", "ing", "ly")):
            continue
        if len(rest.split()) >= 2 and (conditioned or _SCOPED.search(rest) or _BY_A_DAY.search(rest)):
            return True
    return bool(re.search(r"\b(?:i|we|our (?:[\w-]+ ){1,3}?)\s?takes? care of\b", part, re.IGNORECASE))


def _stands(part: str, conditioned: bool) -> bool:
    """`The presses are connected by the thirtieth`: a state that holds from a day, or once a condition is met."""
    if conditioned and _BEGINS.search(part):
        return True
    return _STANDS.search(part) is not None and (conditioned or _BY_A_DAY.search(part) is not None)


def _is_given(part: str, is_ours: IsOurs) -> bool:
    """`Every ward gets …`: the customer's side receives, keeps or may do something; not we, and not a paper or a feeling."""
    given = _IS_GIVEN.search(part)
    if given is None or is_ours(given["who"].strip().casefold()):
        return False
    what = given["rest"].strip(" .,")
    return bool(what) and not _NOT_GIVEN.search(given["rest"]) and not _PAPERWORK.search(what)


def _thing_will(part: str) -> bool:
    match = _THING_WILL.match(part)
    if not match or match["verb"].casefold() in _ERRANDS - {"be", "run", "start", "stay", "have"} or _SOMEONE.search(match["thing"]):
        return False
    names_only = all(word[:1].isupper() for word in match["thing"].split())
    return not names_only and (bool(_SCOPED.search(match["rest"])) or len(match["rest"].split()) >= 3)
