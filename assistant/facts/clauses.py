"""Where a sentence is cut, and the clauses that say nothing of what we will do: retold, supposed, veiled, shown in a demo, pleasant."""

from __future__ import annotations

import re

CLAUSE_ENDS = re.compile(
    r"[;:]\s+|\s[–—-]\s|,\s+(?:and|but|so|because|which|where|while|though|although|or else|otherwise)\s+|\s+but\s+|\s+because\s+"
    r"|\s+and\s+(?=(?:i|we|you|he|she|it|they|there|that|everything)\b)"
    r"|,\s+(?=(?:i|we|you|he|she|it|they|there|that|this|the|no|not|everything|nobody)\b)",
    re.IGNORECASE,
)
RETOLD = re.compile(
    r"(?<!\bas )\b(?:you|they|he|she|people) (?:also |just |all |have )?(?:said|asked|ask|told|tell|say|says|wrote|mentioned|wanted|want"
    r"|heard|guarantee"
    r"|promised?|claim)\b"
    r"|\b(?:what|as) (?:i am|i|we are|we) (?:hear|hearing|understand|gather)|\bmy understanding\b|\bi (?:heard|hear|read) (?:that"
    r"|you|they)\b"
    r"|\bthey (?:will|would|do|offer|give|charge|include)\b|\b(?:keeps?|kept) saying\b|\btheir (?:words|contract|people)\b"
    r"|\b(?:other|another|different|most|many|some) (?:of our )?(?:customers?|clients?|accounts?|compan(?:y|ies)|places?|hospitals?"
    r"|schools?"
    r"|(?:place|school|hotel|firm|farm|hospital|office|brewery|abbey|town|village|city) (?:next door|down the road|in the next|across)"
    r"|banks?|offices|plants|firms|teams)\b"
    r"|\bfor (?:a|an|another|one) (?:\w+ ){0,2}in [A-Z]\w+\b|\bwe (?:did|had|have seen|have done|have had|were|was)\b|\bi (?:did"
    r"|had|have (?:got|seen|had)|was|were)\b",
    re.IGNORECASE,
)
SUPPOSED = re.compile(
    r"\bif (?:i|we|you|they|it|there|somebody|someone|anybody|\w+ \w+) (?:had|were|was|did|gave|got|could|came|went|would|ever)\b"
    r"|\b(?:suppose|supposing|imagine|say we|let us say|hypothetically|in an ideal world|in theory)\b|^\W*let's say\b|\bif (?:i"
    r"|we) have to\b",
    re.IGNORECASE,
)
VEILED = re.compile(
    r"\b(?:could|might|maybe|perhaps|possibly|probably|typically|usually|normally|generally|roughly speaking|in theory)\b"
    r"|\bwould\b(?! you\b)|\bmay (?:be|have|need|get|take)\b|\bi (?:really )?(?:think|guess|believe|suppose|hope|assume|imagine"
    r"|doubt|wonder)\b|\bthat is a guess\b"
    r"|\b(?:not sure|no idea|whether|do not know|does not know|hard to say|depends?|it depends)\b"
    r"|\blet me\b|\b(?:need|have|going) to (?:check|ask|see|look|find out|think|run|talk|confirm)\b",
    re.IGNORECASE,
)
UNSAID = re.compile(
    r"\bno promises\b|\bnot going to (?:tell|say|pretend|swear)\b"
    r"|\b(?:not (?:going to )?(?:promise|commit|promising|committing|quoting)|will not (?:promise|commit|say|tell"
    r"|pretend))\b"
    r"|\bdo not want to (?:say|give|tell|promise|commit)\b|\bcan not (?:promise|swear|commit)\b"
    r"|\bcan not give you (?:a|an|one|the|any)\b(?: exact| firm)? ?(?:day|date|number|answer|figure|quarter|month"
    r"|timeline)?s?\b(?: on\b)?$",
    re.IGNORECASE,
)


DEMO = re.compile(
    r"\bhere is\b|\blook at\b|\bon the (?:left|right|screen)\b|\bi(?: will)? (?:click|show|open|flip|pull up)\b"
    r"|\byou (?:will )?(?:see|find|notice) (?:the|a|an|here|that|it)\b"
    r"|\bthis (?:page|screen|button|tab|view)\b|\bnow i\b|\bat the (?:top|bottom)\b|\b(?:when|if|as soon as|once) (?:i"
    r"|you) (?:click|press|drag|drop|tap|hit|hover|type|swipe|select)\b|\bgets? a (?:colou?r|tick)\b",
    re.IGNORECASE,
)
PLEASANT = re.compile(
    r"\byou can not miss\b"
    r"|\bunsubscribe\b|\balways strive\b|\bget used to\b|\blook(?:ing)? forward\b|\b(?:good|great|nice|lovely|fun) (?:to|day"
    r"|weekend|trip|one)\b|\bsee you\b|\bbe in touch\b"
    r"|\bpick this up\b|\bcall you\b|\btalk (?:soon|then|next|on)\b"
    r"|\b(?:great|good) question\b|\balmost (?:done|there)\b|\btake it from there\b|\blet you (?:go|run|get)\b"
    r"|\b(?:he|she) is all yours\b|\bbe (?:honest|brief|quick|frank)\b|\bon my list\b|\btake over the\b",
    re.IGNORECASE,
)
ASKS_OF_YOU = re.compile(
    r"\b(?:we|i)(?: will| would)? (?:need|require)\b|\byou (?:will )?(?:need|want|have to|should|must|notice|laugh|probably)\b"
    r"|\byour (?:[\w-]+ ){1,2}(?:will|has to|have to|needs? to|must) (?!get|have|keep|receive|see|be able)",
    re.IGNORECASE,
)
SOMEONE = re.compile(
    r"\b(?:council|city|department|company|provider|carrier|landlord|authority|government|integrator|vendor|supplier|partner|auditors?"
    r"|regulators?|board|bank|people|customers?|clients?|ceo"
    r"|cfo|lawyers?|legal|competitors?|consultants?|they|team|somebody|someone|doctors?|it guys?)\b",
    re.IGNORECASE,
)
PAPERWORK = re.compile(
    r"\b(?:deck|slides?|recap|agenda|invites?|link|brochure|minutes|notes|calendar|recording|summary of (?:this|today|our)|recap"
    r"|proposal|draft"
    r"|questionnaire|checklist|spec|docusign|handover|screen|e-?mail|contact details|phone number|list of|in the chat|quote"
    r"|dial-in|form for|order form"
    r"|statement of work|question)\b",
    re.IGNORECASE,
)
