"""What commits: we undertake something, the customer is given something, or a thing is part of the bargain or stands on a day."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.facts.assured import assured, offered
from assistant.facts.clauses import ASKS_OF_YOU, DEMO, PAPERWORK, PLEASANT, SOMEONE, VEILED
from assistant.facts.conditions import written_out
from assistant.facts.refusals import GOOD_NOT
from assistant.facts.topics import content_words

IsOurs = Callable[[str], bool]
"""Whether a proper name, in lower case, is one of our people."""


ERRANDS = frozenset(
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
_OF_WORTH = re.compile(
    r"\b(?:reports?|letter|certificates?|tests?|audit|plan|results?|data|credits?|licen[cs]es?|devices?|hours|days|summary|export|keys?"
    r"|sandbox|environment|units?|spares?|samples?|sensors?|terminals?|badges?)\b",
    re.IGNORECASE,
)
_BY_A_DAY = re.compile(
    r"\b(?:by|on|before|until|from|in|within|no later than) (?:the )?(?:(?:end|start|beginning"
    r"|middle) of (?:the )?)?(?:\w+[- ])?(?:year\b|quarter\b|month\b|week\b|monday|tuesday|wednesday|thursday|friday"
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
IS_GOOD_NOT = re.compile(
    rf"\b(?:i|we|our \w+) (?:will|do|would) (?:not|never) (?:{GOOD_NOT})\b|\bwill not go (?:on|live) before\b|\byou (?:will"
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
    r"%|[$£€]|\b(?:per ?cent|discount|free|price|fee|months?|credits?|seats?|two|three|four|five|six|seven|eight|nine|eleven"
    r"|twelve|fifteen|twenty|forty|fifty|seventy|eighty|licen[cs]es?|training|trainings|rate|charge|cost"
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
    gather reckon figure notice regret suspect admit worry mind care recall wrote write note quote estimate
    started began brought bought paid won came left kept held put set cut""".split()
)
_TELLS = re.compile(r"says?|shows?|tells?|means?|suggests?|assumes?|estimates?|reads?|counts?|looks?")
"""What `our estimate says` is no act of ours."""
_NO_ACT_EVER = frozenset(
    """am are is was were can could will would shall should may might must have had need want like love think know see hear said
    mean""".split()
)
_IS_GIVEN = re.compile(
    r"\b(?P<who>you|(?!(?:we|they|he|she|it|that|this|there)\b)(?-i:[A-Z][\w-]+(?: [A-Z][\w-]+)?)(?= will )"
    r"|your (?:[\w-]+ ){1,2}?|everybody|everyone|every (?:[\w-]+ ){1,3}?|each (?:[\w-]+ ){1,4}?|all (?:[\w-]+ ){1,4}?"
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
    r"\b(?:is|are|will be|comes?|get|gets) (?:all |both |also |always |fully )?(?:included|covered|part of|in (?:the|that|this|your"
    r"|our) (?:\w+ ){0,2}(?:fee|price|package|plan|tier|subscription|licen[cs]e|bundle|plan|special terms)"
    r"|standard(?! (?:for|with|practice|procedure|among|in)\b)|as standard|as part of|yours|protected)\b|\bcomes? with (?:the|every"
    r"|your|it|each)\b|\bincluded in\b|\b(?:shipping"
    r"|travel|training|set-?up|tax|support) included\b"
    r"|\b(?:comes?|delivered) (?:standard|with the order)\b|\bin special terms\b|\bour side of it\b|\bpart of the \w+\b"
    # money given up or held
    r"|\b(?:no|not an?|without(?: an?| any)?|at no) (?:extra|additional|added|further|separate)? ?(?:\w+ )?(?:charge|cost|fee|line"
    r"|licen[cs]e)\b(?! of\b)"
    r"|\bno add-?on\b|\bfree (?:of charge|if|for|until)\b|\b(?:is|are|stays?) (?:\w+ )?(?:still )?free\b|\bwaived?\b|\bon us\b"
    r"|\b(?:on|at) our (?:own )?(?:bill|account|dime|tab|cost|expense)\b|\bon me\b(?=\W|$)|\bon the house\b"
    r"|\bnot (?:going to )?cost you\b"
    r"|\bdoes not cost (?:you )?a\b|\bnever pay\b|\b(?:is|are|stays?) (?:all )?ours\b|\bour (?:own )?(?:business|risk"
    r"|responsibility|job|problem)\b"
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
    r"|\b(?:i|we) (?:can |do |will |hereby )?(?:commit|guarantee|undertake|pledge|promise|vouch|warrant)\b(?! to (?:understand|listen))"
    r"|\b(?:i|we) (?:hereby |can )?(?:confirm|agree) (?:that|to)\b|\bas (?:our|a|my) commitment\b|\bthat is (?:a )?policy\b"
    r"|\bfrom (?:the )?(?:first day|day one)\b"
    r"|\bthroughout the (?:term|contract|project|year)\b|\bfixed for\b"
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


_FINITE = re.compile(r"\b(?:is|are|was|were|have|has|had|do|does|did)\b", re.IGNORECASE)
"""A line of terms has no verb; a sentence that has one is read as a sentence."""


SAYS_WHAT = 4
_NOT_OURS_TO_SAY = re.compile(r"\b(?:i|you|they|he|she|was|were)\b|^\W*(?:this|here|now)\b", re.IGNORECASE)


_STATED_OUTRIGHT = (_BARGAIN, IS_GOOD_NOT, _MAY, _DATA_KEPT, _KEPT_UP, _ALL_COMES)


def commits(part: str, is_ours: IsOurs, conditioned: bool, listed: bool) -> bool:
    if conditioned and offered(part) and not _STILL_VEILED.search(part):
        return True
    if DEMO.search(part) or PLEASANT.search(part) or (VEILED.search(part) and not IS_GOOD_NOT.search(part)):
        return False
    if any(stated.search(part) for stated in _STATED_OUTRIGHT):
        return not re.search(r"\b(?:want|wish|suggest|propose|noted)\b", part, re.IGNORECASE)
    if ASKS_OF_YOU.search(part):
        return False
    if assured(part, conditioned, _BY_A_DAY.search(part) is not None):
        return True
    if listed and _LISTED_TERM.search(part) and _NAMES_A_SUM.search(part) and not _FINITE.search(part):
        return True
    if _we_will(part, is_ours) or _we_can(part) or _we_do(part, conditioned) or _ONGOING.search(part):
        return True
    if _is_given(part, is_ours):
        return True
    if _WILL_STAND.search(part) and not SOMEONE.search(part.split(" will ")[0]):
        return True
    if _FROM_A_DAY.match(part) and _BY_A_DAY.match(part.strip()) and not _NOT_OURS_TO_SAY.search(part) and not SOMEONE.search(part):
        return len(content_words(part)) >= SAYS_WHAT
    if _PRESENT_IN_PERSON.search(part) and _BY_A_DAY.search(part):
        return True
    if _stands(part, conditioned) and not _NOT_OURS_TO_SAY.search(part):
        return True
    return _thing_will(part)


def names_terms(text: str) -> bool:
    """A day, a part of the bargain, or something that is given: what a phrase that means nothing seldom has beside it."""
    words = written_out(text)
    return any(sign.search(words) for sign in (_BY_A_DAY, _BARGAIN, _IS_GIVEN))


_STILL_VEILED = re.compile(r"\b(?:maybe|perhaps|probably|possibly|might|in theory|i (?:think|guess|suppose))\b", re.IGNORECASE)
_A_MEETING = re.compile(
    r"^(?:set up|arrange|organi[sz]e|book|plan|schedule|propose) (?:an?|the|another|some) (?:[\w-]+ ){0,3}(?:call|meeting|session"
    r"|demo|time|slot|follow-up)\b",
    re.IGNORECASE,
)
_BROUGHT_ABOUT = re.compile(
    r"^ (?:all|both|every|each|the|your|\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|everything|it|them|those"
    r"|these)\b.{0,60}?\b(?:\w{3,}ing|\w{3,}ed|up|ready|done|open|there"
    r"|over|across|in place)\b",
    re.IGNORECASE,
)
"""`have all nine warehouses scanning`: to have something brought about."""


def _we_will(part: str, is_ours: IsOurs) -> bool:
    for match in _WILL_ANY_CASE.finditer(part):
        who, verb, rest = match["who"].strip().casefold(), match["verb"].casefold(), match["rest"]
        if who not in ("i", "we", "he", "she") and not who.startswith(("our ", "my ")) and not is_ours(who):
            continue
        if PAPERWORK.search(rest) and not _MORE_THAN_AN_ERRAND.search(rest) and not (_OF_WORTH.search(rest) and _BY_A_DAY.search(rest)):
            continue
        if _A_MEETING.search(f"{verb}{rest}"):
            continue
        if verb in ("have", "get") and _BROUGHT_ABOUT.match(rest) and _BY_A_DAY.search(rest):
            return True
        if verb not in ERRANDS:
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
        if (
            _TELLS.fullmatch(verb)
            or verb in _NO_ACT_EVER
            or ((verb in _NOT_AN_ACT or verb in ERRANDS) and not again)
            or verb.endswith(("ed", "ing", "ly"))
        ):
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
    if given is None or is_ours(given["who"].strip().casefold()) or _RELATIVE.search(given["who"]):
        return False
    what = given["rest"].strip(" .,")
    return bool(what) and not _NOT_GIVEN.search(given["rest"]) and not PAPERWORK.search(what)


_RELATIVE = re.compile(r"\b(?:who|that|which|whose)\b", re.IGNORECASE)
"""`the people who own them`: said of somebody in passing, not given to anybody."""


def _thing_will(part: str) -> bool:
    match = _THING_WILL.match(part)
    if not match or match["verb"].casefold() in ERRANDS - {"be", "run", "start", "stay", "have"} or SOMEONE.search(match["thing"]):
        return False
    names_only = all(word[:1].isupper() for word in match["thing"].split())
    return not names_only and (bool(_SCOPED.search(match["rest"])) or len(match["rest"].split()) >= 3)
