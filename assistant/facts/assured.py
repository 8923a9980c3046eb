"""What is assured without a plain `we will`: the thing in front, somebody being there, terms that hold, a length, a way out.

`SSO we can switch on for you`, `there's somebody on the phone for you on Saturdays`, `the freeze holds for three years`, `it's twelve
weeks from signature`, `you're live on 24 August`, `you can get out after a year`.
"""

from __future__ import annotations

import re

_NUMBER = (
    r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|thirty|forty|fifty|sixty"
    r"|ninety|half an?)"
)
_TIME = r"(?:minutes?|hours?|days?|weeks?|months?|years?)"
_FRONTED = re.compile(
    r"^\W*(?:so |and |yes,? |then )*(?P<thing>(?!(?:i|we|you|they|he|she|it|that|this|these|those|what|how|if|when|where|who|which|once"
    r"|because|as|so|but|and|maybe|perhaps|then|now|here|there|today|tomorrow|monday|tuesday|wednesday|thursday|friday|next|later"
    r"|afterwards|otherwise|honestly|unfortunately|sure|yes|okay|well|of course|after|before|for|in|on|at|by|from|with|until)\b)"
    r"(?:[\w'-]+ ){0,4}[\w'-]+),? (?:i|we) (?:can|will) (?!not\b|never\b)(?:also |certainly |always |even )?(?P<verb>[a-z]+)(?P<rest>.*)$",
    re.IGNORECASE,
)
_NO_DEED = frozenset(
    """say tell show see talk come check ask look take discuss explain send share know think understand imagine find remember call mail note
    write hear mean leave skip return begin start stop live go""".split()
)
_THERE_IS = re.compile(
    r"\bthere (?:is|are|will be) (?:also |always |then )?(?:somebody|someone|an? (?:\w+ ){1,3}|two (?:\w+ ){1,2}|(?:people|engineers"
    r"|staff) )"
    r".{0,40}?\b(?:for you|on (?:site|call|duty|the phone|the line|standby)|at your (?:side|disposal)|available)\b",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"\b(?:price|rate|fee|discount|freeze|offer|terms?|cap|guarantee|credit|quote|warranty|ceiling|lock)s?\b(?: [\w-]+){0,4}?"
    rf" (?:holds?|stands?|applies|apply|stays?|lasts?|(?:is|are) (?:good|valid|safe)) (?:good )?(?:for (?:the|{_NUMBER})|until"
    rf"|through|as long"
    r"|whatever|regardless)\b"
    r"|\b(?:increases?|rises?|uplifts?|indexation|prices?|fees?|rates?|liability|overages?)\b(?: [\w-]+){0,3}? (?:is|are|will be|stays?)"
    rf" (?:capped|limited|held|fixed|frozen) (?:at|to|for) |\b(?:cap|limit|ceiling)\b(?: on [\w ]{{2,30}}?)? is (?:now )?{_NUMBER}\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"\b(?:it|that|this|we|the [\w -]{{3,30}}?) (?:is|are|will be|takes|will take) {_NUMBER}(?: to {_NUMBER})? (?:working "
    rf"|business )?{_TIME}"
    r" (?:from|after) (?:signature|signing|the (?:signature|order|kick-?off|contract|start)|kick-?off|order|you sign|when you)\b",
    re.IGNORECASE,
)
_YOU_STAND = re.compile(
    r"\byou (?:are|will be|go) (?:all |fully )?(?:live|up and running|up|running|ready|in production|switched over|migrated|set up|trained"
    r"|connected|covered) (?:on|by|in|from|before|within|at) ",
    re.IGNORECASE,
)
_WAY_OUT = re.compile(
    r"\b(?:you|your \w+|either side) (?:can|may|are free to) (?:always |also |still )?(?:get out|step out|pull out|opt out|drop out|stop"
    r"|end (?:it|the \w+)|give (?:it|them) back|send (?:it|them) back|scale (?:down|back)|go down|reduce|pause|walk|hand (?:it"
    r"|them) back)\b"
    r".{0,40}?\b(?:after|at|with|within|any ?time|whenever|without|if|once|by|in)\b",
    re.IGNORECASE,
)
_TAKES_PLACE = re.compile(
    r"^\W*(?:so |and |then |yes,? )*(?:the|all|both|each|every|our) (?!(?:peak|season|term|year|freeze|holiday))(?:[\w'-]+ ){1,6}?"
    r"(?:runs?|takes? place|happens?|ships?|lands?|arrives?|goes? out|goes? (?:in|live)|is delivered|are delivered|is due|comes?) "
    r"(?:in the week of|on|by|before|no later than|within) ",
    re.IGNORECASE,
)
_THEN_WE = re.compile(
    r"^\W*(?:and |so )?then we (?:build|install|migrate|train|connect|configure|import|roll|deploy|replace|deliver|ship|bring|move|carry"
    r"|load|host|set|switch|translate|test|rebuild|convert|clean|map) (?:up |over |out |in )?(?:the|your|all|every|each|it|them|both)\b",
    re.IGNORECASE,
)
_YOU_HAVE = re.compile(
    r"\b(?:(?:on|at) )?(?:saturdays?|sundays?|weekends?|nights?|every \w+|any time|from day one"
    r"|until \w+)\b.{0,12}\byou (?:will )?(?:have|have got|get|reach) "
    r"|\byou (?:have|have got) (?:the|my|our|[A-Z]\w+'s) [\w ]{3,40} (?:on|at|every|until|from|all|any) (?:saturdays?|sundays?"
    r"|weekends?|night|day|hour|time)",
    re.IGNORECASE,
)
_ARRIVES = re.compile(
    r"\b(?:the|your|both|all|a) (?:[\w-]+ ){1,4}?(?:reaches|reach|gets? to|is with|are with|arrives? at) you (?:on"
    r"|by|before|in|within) ",
    re.IGNORECASE,
)
_GOES_IN_PAPER = re.compile(
    r"\b(?:it|that|this) (?:goes|will go|is going) (?:straight |right )?in(?:to)? (?:the|your) (?:contract"
    r"|order form|agreement|paper|statement of work)\b",
    re.IGNORECASE,
)
_ACCEPTS = re.compile(
    rf"\bwe (?:are|can be) (?:fine|ok|okay|happy|good|comfortable) with (?:the |your |a )?(?:[$£€]"
    rf"|{_NUMBER})",
    re.IGNORECASE,
)
_KEPT_FOR = re.compile(
    rf"\b(?:is|are) (?:kept|stored|held|archived|retained|guaranteed|covered) (?:\w+ )?for (?:at least )?{_NUMBER} {_TIME}\b"
    rf"|\b(?:goes? up|rises?|increases?) (?:with|by) .{{1,30}}\b(?:capped at|by no more than|at most|never more than) ",
    re.IGNORECASE,
)
_DONE_FOR_YOU = re.compile(
    r"\b(?:i|we) will take (?:the |that |your )?(?:[\w-]+ ){1,5}(?:off|out)\b(?! of (?:the|my) (?:call|list|way))|"
    r"\b(?:we|i) (?:will|can) (?:do|switch|turn|set|build|make|keep|leave|bring|add|put|run|arrange) (?:[\w'-]+ ){1,8}for you\b"
    r"|\bi will (?:get|have) (?:it|that|this|them) (?:written|put|added|entered|noted) in(?:to)? (?:the|your) ",
    re.IGNORECASE,
)
_LIES_WITH_US = re.compile(
    r"\byour (?:[\w-]+ ){1,3}(?:sits?|lives?|stays?|resides?|(?:is|are) (?:kept|stored|hosted)) (?:only )?(?:in|inside|on) (?:our"
    r"|the) ",
    re.IGNORECASE,
)
_WORKS_FOR_US = re.compile(
    r"^\W*(?!(?:that|this|it|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|next|any)\b)(?:[\w'’-]+ ){2,8}(?:works"
    r"|is fine|is okay) (?:for|by|with) us\b",
    re.IGNORECASE,
)
_WOULD_BE_UP = re.compile(r"\byou would be (?:live|up|running|ready|done|in) (?:and running )?(?:by|on|in|before) ", re.IGNORECASE)
_OFFERED_IF = re.compile(r"\b(?:we|i) could (?!not\b|have\b|be\b)(?:also |even )?(?P<verb>[a-z]+) (?P<rest>.+)", re.IGNORECASE)
_GIVES = re.compile(rf"\b(?:for you|no (?:charge|cost)|free|{_NUMBER} (?:{_TIME}|per ?cent|%)|your)\b|%", re.IGNORECASE)
LEAST_REST = 3
_ANYWHERE = (
    _THERE_IS,
    _HOLDS,
    _LENGTH,
    _WAY_OUT,
    _THEN_WE,
    _DONE_FOR_YOU,
    _YOU_HAVE,
    _GOES_IN_PAPER,
    _ACCEPTS,
    _KEPT_FOR,
    _LIES_WITH_US,
    _WORKS_FOR_US,
)


def assured(part: str, conditioned: bool, dated: bool) -> bool:
    """`conditioned` where the sentence names what it hangs on, `dated` where the clause names a day."""
    if any(form.search(part) for form in _ANYWHERE):
        return True
    if dated and any(form.search(part) for form in (_YOU_STAND, _TAKES_PLACE, _ARRIVES)):
        return True
    fronted = _FRONTED.match(part)
    return fronted is not None and fronted["verb"].casefold() not in _NO_DEED and (conditioned or bool(_GIVES.search(part)))


def offered(part: str) -> bool:
    """`We could keep a copy running for a year at no charge`: an offer, where a condition the customer can meet goes with it."""
    if _WOULD_BE_UP.search(part):
        return True
    match = _OFFERED_IF.search(part)
    return (
        match is not None
        and match["verb"].casefold() not in _NO_DEED
        and len(match["rest"].split()) >= LEAST_REST
        and bool(_GIVES.search(match["rest"]))
    )
