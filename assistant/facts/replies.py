"""What an answer takes over from its question: `Yes, we'll do that` promises what was asked for, `Not on weekends` refuses it.

Only a request for something we would do, give or charge can be taken over; a question that wants to know, see or understand cannot.
"""

from __future__ import annotations

import re

from assistant.facts.clauses import ASKS_OF_YOU, DEMO, PAPERWORK, PLEASANT, RETOLD, SUPPOSED, UNSAID, VEILED
from assistant.facts.conditions import condition_of, written_out
from assistant.facts.figures import figures
from assistant.facts.refusals import DEMANDS, NO, REFUSES
from assistant.facts.topics import content_words
from assistant.facts.undertakings import ERRANDS

Reply = str
"""`grants`, `refuses`, or empty."""

LONGEST_ECHO = 14
"""Words in which an answer that has no verb of its own repeats the terms."""

_ASKS = re.compile(
    r"\b(?:can|could|will|would|do|does|are|is|may|shall) (?:i|we|you|he|she|it|they|my|our|your|the|somebody|someone|there|that|this)\b"
    r"|\b(?:i|we|they|he|she|it|my \w+|our \w+|the \w+)(?: would| also| still| really)* (?:need|needs|want|wants|require|requires|expect"
    r"|must|like|hate|prefer|worry|insist|ask|asks|has to|have to|can not)\b"
    r"|\b(?:who|what|when|how (?:long|fast|soon|many|much|often)|where|which)\b.*\?|\bwhat (?:about|if|happens)\b|\bif\b.*\?"
    r"|^(?:and|so|then|but|plus|also)\b|\b(?:put|add|throw|take|make|include|leave) (?:it|that|the|in|me|us)\b|\?$",
    re.IGNORECASE,
)
_WANTS_TO_KNOW = re.compile(
    r"\b(?:can|could|do|did|does) (?:you|we|i) (?:all |also )?(?:hear|see|know|mean|remember|think|believe|understand|agree|recall"
    r"|explain|tell|show|say|repeat|scroll|click|share|zoom|go back|send|forward|email|mail|call|talk|follow)\b"
    r"|\b(?:is|was|are|were) (?:that|this|it) (?:the|a|an|what|how|where|you|me|right|correct|clear|normal|real|live|yours)\b"
    r"|\bhow (?:are|was|is|do you like|does that (?:look|sound))\b|\b(?:did|was|were|have|has) (?:you|we|they|he|she|it)\b"
    r"|\bwho (?:else|am|is (?:on|that|this))\b|\bwhat (?:do you (?:think|mean|use|have)|is (?:that|this|your|the)|does (?:that|this))\b"
    r"|\bmakes? sense\b|\bsound(?:s)? (?:good|right|fair|ok)\b|\b(?:right|okay|yes|no)\?$|\bready\?$|\bquestions?\?$",
    re.IGNORECASE,
)
_YES = (
    r"(?:yes|yeah|yep|yup|sure|sure thing|of course|absolutely|certainly|definitely|naturally|no problem|not a problem|done|deal|agreed"
    r"|fine|gladly|with pleasure|happy to|consider it done|you got it|you have got it|will do|sold|fair enough"
    r"|(?:i|we|they|you|he|she) (?:can|do|will)(?=[,.!;]|$)|it (?:does|will)(?=[,.!;]|$)|(?:that|it) is in(?=[,.!;]|$))"
)
_AFFIRMS = re.compile(rf"^\W*(?:(?:oh|well|um|hm|so|and|then|okay),? )?{_YES}", re.IGNORECASE)
_TAKES_ON = re.compile(
    r"^\W*(?:(?:and|so|then|oh|well|okay|sure|yes|yeah|fine|absolutely|of course|certainly|no problem|nope|no)[,.!;]? )*(?:"
    r"(?:we|i|they) (?:will |can |do |are |gladly |always )*(?:do|match|handle|cover|include|manage|arrange|organi[sz]e|add|pay"
    r"|provide)s? (?:that|it|this|them|those|so|all of (?:it|that|them))\b"
    r"|(?:that|it|this|they|these|those) (?:is|are|will be|goes|comes|stays?|remains?) (?:also |all |both |still )?(?:in|included|covered"
    r"|on us|on me|free|ours|agreed|done|fine by us|no problem|our (?:business|job|problem|side))(?=[,.!;]|$| for you| after| from| by)"
    r"|put (?:it|that|this) in(?=[,.!;]|$)|will do(?=[,.!;]|$)|we do(?=[,.!;]|$)|consider (?:it|that) done"
    r"|you have (?:my|our) word|that is a promise|no (?:surcharge|extra charge|charge|extra cost)\b)",
    re.IGNORECASE,
)
_CONFIRMS = re.compile(r"\b\w+ it is\W*$|\bdone\W*$|\b(?:my|our) word\b|\bno problem\b", re.IGNORECASE)
_SETTLES = re.compile(r"^\W*(?:no problem|done|agreed|deal|you have my word|promise|sure|of course|guaranteed)\b", re.IGNORECASE)
_ACTS = re.compile(
    r"(?:^|[,;] |\b(?:and|then|so|yes|sure) )(?:we|our (?:own )?\w+(?: \w+)?|somebody(?: of ours)?|someone(?: of ours)?|one of us"
    r"|two of us)"
    r"(?: also| then| always| just| even| only)* (?P<verb>[a-z]+)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_STATE_OF_OURS = frozenset(
    """am are is was were be been being will would can could shall should may might must do does did have has had need want like think see
    know mean say hear guess believe hope agree call understand feel look love remember use used said told asked went got came made gave
    in on at by for from with to of as up out off
    took saw knew thought sold built usually normally typically often sometimes mostly never not only just""".split()
)
_GIVEN = re.compile(
    r"^\W*(?:\w+,? )?(?:you|they|he|she|everybody|everyone) (?:gets? (?!a feel|nervous|used|it\b|that\b|the idea)|keeps?|rings?"
    r"|never pays?|pays? nothing)\b",
    re.IGNORECASE,
)
_SERVICE_ASKED = re.compile(
    r"\bwho\b.*\?|\bwhat (?:happens|if|about|do we pay|do i tell)\b|\bif\b|\bdo you\b.*\?|\b(?:can|could|will|would) (?:you|your|somebody"
    r"|someone|we|i|they|my|our|it|the)\b.*\?|\b(?:i|we)(?: would| will)? (?:need|want|worry|hate|like|can not|lose|lost)\b|\bnobody\b"
    r"|\bhow (?:long|fast|soon|many|often)\b.*\?|\bwhen\b.*\?",
    re.IGNORECASE,
)
_SAYS_NOTHING = (VEILED, DEMO, PLEASANT, RETOLD, SUPPOSED, UNSAID, ASKS_OF_YOU, PAPERWORK)
LEAST_REFUSAL = 3
LEAST_ACT = 4
"""Words of an act that answers; fewer say too little."""
_PAST = re.compile(r"\b(?:was|were|did|had|used to|last (?:year|month|week|time)|ago|so far|yesterday)\b", re.IGNORECASE)
_NO_REPLY = re.compile(
    r"^\W*(?:(?:sorry|well|um|hm|honestly|unfortunately|i am afraid),? )*(?:no|nope)\b[,.!]? ?(?!problem|surcharge|extra|charge|cost|fee"
    r"|need|worries|kilo|limit|question|doubt|no\b|of course|never mind|it is (?:fair|fine|good)|you (?:are|never|do not)"
    r"|it (?:does not|will not) cost|that is (?:in|free|included|fine))(?=\w)"
    r"|^\W*not (?:on|in|for|with|at|before|without|possible|an option|included|at (?:this|the) moment)\b|^\W*nothing for\b"
    r"|\b(?:is|are) (?:\w+ )?(?:out|void|the limit|the maximum)(?=\W*$|[,;.])|\bcan not be [a-z]+ed\b|\b(?:we|i) would rather not\b"
    r"|\b(?:is|are) not (?:allowed|permitted|an option|set up)\b|^\W*the \w+ (?:stays|remains)\W*$",
    re.IGNORECASE,
)
_ASKS_OF_US = re.compile(
    r"\b(?:can|could|will|would|do|does|may) (?:i|we|you|he|she|it|they|my|our|your|the|somebody|someone)\b.*\?"
    r"|\b(?:i|we|they)(?: would| also| still| really| will)* (?:need|want|require|expect|must|like|insist|have to)\b"
    r"|\b(?:put|add|throw|make|include|drop|skip) (?:it|that|the|in|me|us|your|our)\b|\b(?:is|are) .{2,40} (?:in it|included"
    r"|covered|free)\?"
    r"|\bas well\?|\bso .{3,60}\?|\bone more\b",
    re.IGNORECASE,
)


_HOW_IT_IS = re.compile(
    r"^(?!.*\b(?:can|could|will|would|may) )(?:.*\b)?(?:do|does|is|are) (?:you|it|they|we|that|the"
    r"|your)\b[^?]*\?$",
    re.IGNORECASE,
)
"""Asks how something is or works; a `No` to that alone refuses nothing."""


def asks_for_something(prompt: str) -> bool:
    """Whether the last words of a turn ask for something to be done, given or held to; not whether one can hear, see or follow."""
    last = _last(written_out(prompt))
    return bool(_ASKS.search(last)) and not _WANTS_TO_KNOW.search(last) and len(last.split()) >= 2


def reply(text: str, prompt: str, *, first: bool, after: str = "") -> Reply:
    """What an answer does with what was asked for; `first` for the sentence that opens the turn, `after` the one behind it."""
    words = _without_condition(written_out(text))
    if not asks_for_something(prompt) or words.endswith("?") or any(silent.search(words) for silent in _SAYS_NOTHING):
        return ""
    last = _last(written_out(prompt))
    if first and _NO_REPLY.search(words) and _ASKS_OF_US.search(last) and len(words.split()) >= LEAST_REFUSAL:
        says_no_to_it = not _HOW_IT_IS.search(last) or DEMANDS.search(last) or REFUSES.search(NO.sub("", words))
        return "refuses" if says_no_to_it else ""
    if _PAST.search(words):
        return ""
    size = len(words.split())
    if _TAKES_ON.search(words) and size >= 2:
        return "grants"
    if size <= LONGEST_ECHO and _echoes(words, prompt) and (_AFFIRMS.search(words) or _CONFIRMS.search(words) or _SETTLES.search(after)):
        return "grants"
    if first and size >= LEAST_ACT and _SERVICE_ASKED.search(_last(written_out(prompt))) and (_is_act(words) or _GIVEN.search(words)):
        return "grants"
    return ""


def _is_act(words: str) -> bool:
    match = _ACTS.search(words)
    if match is None:
        return False
    verb = match["verb"].casefold()
    return (
        verb not in _STATE_OF_OURS and verb not in ERRANDS and not verb.endswith(("ed", "ing", "ly")) and bool(match["rest"].strip(" .,!"))
    )


def _without_condition(words: str) -> str:
    condition = condition_of(words)
    return " ".join(words.replace(condition, " ").replace(" ,", ",").replace(",,", ",").split()) if condition else words


def _echoes(words: str, prompt: str) -> bool:
    """It repeats a figure or a word of what was asked."""
    asked = written_out(prompt)
    same_figures = {f.value for f in figures(words)} & {f.value for f in figures(asked)}
    return bool(same_figures) or bool(content_words(words) & content_words(asked))


def _last(prompt: str) -> str:
    """The last two sentences."""
    return " ".join(re.split(r"(?<=[.!?])\s+", prompt.strip())[-2:])
