"""What is refused, and what is taken back."""

from __future__ import annotations

import re

from assistant.facts.topics import content_words

TAKEN_BACK = re.compile(
    r"\b(?:take|took|walk|walked) (?:something|one thing|that|this|it|my words) back\b"
    r"|\b(?:have|need|want|must) to (?:correct|retract|withdraw|walk back|take back)\b|\bcorrect myself\b"
    r"|\b(?:that|it|which|date|number|figure|price|\w+ i (?:mentioned|gave|quoted|told|promised|named)[\w' ]{0,30}) (?:was"
    r"|is) (?:wrong|not right|not correct|a mistake|incorrect|an error)\b|\b(?:was|is) (?:my|our) (?:error|mistake|fault)\b"
    r"|\b(?:was|is|were) not right\b|\bshould not have (?:said|promised|offered|told|written|quoted|put)\b|\bi should not have\b"
    r"|\bmisspoke\b|\bspoke too soon\b|\bdo not have the authority\b|(?<!\bnot )\b(?:forget|disregard|ignore) (?:it|that|what i"
    r"|my (?:last|earlier)|the \w+(?: \w+)? (?:in|from|of|i) my)\b|\b(?:the )?(?:disregard|ignore) the (?:\w+ ){1,3}(?:in|from) my\b"
    r"|^\W*correction\b|\b(?:can|will|do) not\b.{0,60}\bafter all\b|\bwhich was (?:incorrect|wrong)\b|\b(?:was|were) incorrect\b"
    r"|\bno longer (?:stands?|valid|available)\b|\bis not available any ?more\b|\bwithdraw (?:the|our|my|that)\b"
    r"|\b(?:i|we) (?:got|had) (?:that|it|this) wrong\b|\b(?:i|we) (?:was|were) (?:mistaken|wrong)\b|\bscratch that\b"
    r"|\b(?:can|will) no longer\b|\bno longer (?:able|possible|on offer|holds?)\b|\bcan not stand (?:by|behind)\b|\boff the table\b"
    r"|\bcan not (?:keep|hold|honou?r|stick to) (?:that|the|my|what)\b.{0,40}\b(?:any ?more|after all|i (?:gave|told|said|promised))\b"
    r"|\bsaid (?:that|it|so) (?:wrongly|by mistake|too early)\b|\bwill not work for\b",
    re.IGNORECASE,
)
TAKEN_BACK_BY_OTHERS = re.compile(r"\b(?:you|they|he|she) (?:took|said|got|were|was)\b", re.IGNORECASE)

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
GOOD_NOT = (
    r"release|resell|give away|pass on|share|lose|delete|stop|interrupt|outsource|leave you|charge|bill|invoice|raise|increase|sell"
    r"|touch|lock|hold you|penali[sz]e|cut|switch|drop|let you|go (?:on|live) before|ask you"
)
"""Verbs of what nobody wants done to them: not to do these is a promise."""
_HOW_IT_WORKS = r"copy|store|track|record|process|modify"
"""Verbs of what the product does with the customer's things: not to do these refuses nobody anything."""
_REFUSED = re.compile(
    rf"\b(?:(?:i|we)(?: \w+ly| just| also)? (?:can not|will not)|we(?: \w+ly| just)? (?:do not|never))(?: \w+ly| currently"
    rf"| yet)? (?!(?:{_TALK}|{GOOD_NOT}|{_HOW_IT_WORKS})\b)[a-z]+"
    r"|\b[\w-]+ (?:i|we) (?:can not|will not|do not) (?:do|offer|give|support|make|build|provide)\b"
    r"|\bwe are not (?:building|offering|doing|planning|supporting|adding)\b|\bdo not have a way to\b"
    r"|\b(?:is|are|was) not (?:\w+ly )?(?:something|included|offered|sold|supported|available|covered|possible|on the table|part of"
    r"|in scope|on (?:the|our) road ?map|in the \w+|for sale)\b"
    r"|\bnot (?:included|offered|supported|available|covered)\b|\bwill not be (?:there|included|available|possible|part)\b"
    r"|\b(?:outside|beyond) (?:our|the) scope\b|\bout of scope\b|\boutside (?:of )?what we\b"
    r"|\b(?:finance|legal|my boss|management|the board|head office) said no\b|\bno way to\b|\bunable to\b"
    r"|\bit was a no\b|\bhave to (?:say no|decline)\b(?! to (?:him|her|them))|\bnot something (?:we|i)\b",
    re.IGNORECASE,
)
NO = re.compile(r"^\W*(?:so,? |well,? |um,? |sorry,? )?no(?:t (?:included|possible|offered|today))?\b[,.:]? ?", re.IGNORECASE)
OF_US = re.compile(r"\b(?:we|i|our|there)\b|\b(?:can|will|does|do) not\b", re.IGNORECASE)


_THERE_IS_NONE = re.compile(
    r"\bthere (?:is|will be) no (?!(?:extra|additional|added|further|hidden|charge|cost|fee|limit|cap|need|rush|problem|penalty"
    r"|doubt|question"
    r"|reason|other|local|surprise)\b)\w+",
    re.IGNORECASE,
)


DEMANDS = re.compile(
    r"\b(?:want|need|require|requires|shall|must|would like|insist|right to|can you|could you|will you|give us)\b", re.IGNORECASE
)
"""Of a plain `No` to these nothing more is asked than that it is one."""
REFUSES = re.compile(
    r"\b(?:not|never|none|nothing|no(?! (?:extra|additional|charge|cost|fee|limit|problem)))\b"
    r"|(?<!-)\bonly\b",
    re.IGNORECASE,
)
"""What stands behind a `No` that refuses; `No. We read it in place` answers another question."""


def refuses(part: str, asked: frozenset[str] | None) -> bool:
    """`asked` are the stems of what it answers; None where it answers no request. That there is none of something else refuses nothing."""
    none = asked is not None and _THERE_IS_NONE.search(part) is not None and bool(content_words(part) & asked or not asked)
    refused = _REFUSED.search(part) or none
    return bool(refused) and not re.search(r"\bnot (?:have to|need|do anything)\b|\bthere is no (?:charge|cost)\b", part, re.IGNORECASE)
