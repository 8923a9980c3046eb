"""The customer's own words on why they bought and how it was decided; one table of phrases each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.facts.conditions import written_out
from assistant.facts.speech import Place, Statement, says_of_them

Topic = Literal["why", "decision"]


@dataclass(frozen=True, slots=True)
class Remark:
    topic: Topic
    text: str
    at: Place
    likeness: float = 0.0
    """The log-odds that its words give a reason."""
    by_words: bool = False
    """They alone say so, no turn of phrase does."""


_PHRASES: tuple[tuple[Topic, str], ...] = (
    # How it is decided comes first: such sentences often hold a reason as well.
    (
        "decision",
        r"\bI sign\b(?! in| up)|\bsigns? (?:alone|too|as well|off)\b|\b(?:has|have) to sign\b"
        r"|\b(?:board|committee|council|trustees|partners) (?:(?:has|have) (?!a |an |the |to )|(?:must|will|has to|have to"
        r"|wants to|needs to) (?:decide|approve"
        r"|release|sign|vote|agree|see|say)|released|approved|decides?|decided|voted)\b|\bshall be decided\b"
        r"|\bwe (?:have )?(?:decided|chosen|picked)\b|\bcompared (?:to|with)\b|(?<!which )\b(?:was|were) cheaper\b"
        r"|\bcould not (?:show|do|match)\b"
        r"|\bonly ones who\b|\bis still in it\b",
    ),
    (
        "why",
        # The words of giving a reason, then pain: work by hand, time and people lost, things that do not work or are about to end.
        r"\b(?:the reason|that is why|which is why|why we (?:are|started|need)|started after)\b"
        r"|\b(?:i|we) (?:have )?(?:also )?(?:lost|been losing|lose|missed|miss|waste|wasted)\b(?! my\b)|\bwill leave\b|\b(?:invoic|charg"
        r"|fin)(?:e|ing|ed) us\b"
        r"|\b(?:does|do|did) not (?:talk to|work with|reach|connect|scale)\b"
        r"|\b(?:by hand|manually|on paper|in excel|spreadsheets?|post-its?|on (?:a|the|our) whiteboards?(?! and)|retype|copy and paste)\b"
        r"|\bit takes (?:us |me |them )?(?:\w+ ){0,2}(?:days|hours|weeks)\b|\bspends? (?:\w+ ){0,3}(?:hours?|days?)\b"
        r"|\bwe build\b.{0,40}\bevery month\b"
        # What sets it off, who walks away, and what will be too late.
        r"|\b(?:this|it|that|they|we|\w+s) (?:all )?(?:started|began) (?:after|when|with|last|this|in)\b|\bcomes? earlier\b"
        r"|\b(?:just|still|only) keeps? (?:the|on)\b|\b(?:per ?cent|%|half|third|quarter|most) of (?:the|our|my|all|them|those)\b.{0,60}"
        r"\b(?:close|leave|quit|cancel|churn|stop|drop|never|do not|does not|are late|fail)\b"
        r"|\bhave told us (?:that )?they (?:will|would|are going to)\b|\b(?:he|she|they) (?:left|quit|went (?:to"
        r"|over to)) (?:us )?(?:for )?(?:a|an|the|another)\b"
        r"|\beither (?:it|that|this|we)\b.{0,30}\bor (?:it|that|this|we|never)\b|\bor (?:it is|it will be|that is) (?:too late"
        r"|pointless|next (?:year|summer))\b"
        r"|\b(?:never had|keeps? (?:breaking|failing|crashing|the old)|breaks every|falls? over)\b"
        r"|\b(?:contract|system|tool|licen[cs]e|support|\w+) (?:ends|runs out|expires|is discontinued"
        r"|is end of life)\b.{0,40}\b(?:january|february|march|april|may|june"
        r"|july|august|september|october|november|december|year|\d)",
    ),
    # The same in the words of other trades, behind the tables above.
    (
        "decision",
        r"\b(?:has|have|had) (?:the|a) (?:last|final) (?:word|say)\b|\b(?:has|have|had) a veto\b|\bveto(?:es|ed)?\b|\boutvoted\b"
        r"|\b(?:goes|go|went|put|must go|has to go|is on the agenda) (?:\w+ )?(?:to|before|of) the (?:\w+ )?(?:board|council|committee"
        r"|session|meeting"
        r"|assembly|shareholders|trustees)\b|\b(?:council|committee|board|trustees|faculty|group|holding|meeting|owner|owners)\b.{0,25}"
        r"\b(?:approved|agreed|adopted|released|gave|has agreed|votes?|voted|decides?|countersigns?)\b"
        r"|\bvote was\b|\bvotes? on it\b|\bunanimous(?:ly)?\b|\bby a single vote\b|\bshort ?list\b|\bscored the\b|\bcountersign\w*\b"
        r"|\btwo signatures\b|\b(?:three|two|several) quotes\b|\bgreen light\b|\bfinal yes\b|\bholds the purse\b|\b(?:gives?|gave"
        r"|has given) (?:its|their|her"
        r"|his) blessing\b|\b(?:i can|may|am free to|is free to) (?:decide|choose|sign)\b|\b(?:it came|came) down to\b"
        r"|\b(?:above|over|beyond) (?:\w+ )?(?:thousand|[\d.,]+)\b.{0,40}\b(?:goes|needs?|has to|approve|sign|board|director)\b"
        r"|\bit was (?:the|my|our|her|his) (?:\w+'s |\w+ )?(?:call|decision)\b|\b(?:wanted|preferred) the (?:other|cheapest|cheaper)\b"
        r"|\bthe choice was between\b|\bwe (?:scored|evaluated|tried|tested|trialled) (?:the|both|all|three|two)\b|\bmy \w+ and i decide\b",
    ),
    (
        "why",
        r"\bwhy (?:it was )?you\b(?! (?:want|need|ask|are|do|did|have|would))|\bthe reason (?:it|we|why)\b|\b(?:chose|picked|took|bought"
        r"|went with|go with|trusted) (?:you|it|your|them)\b.{0,40}\b(?:because|for|since|as)\b|\bwhat (?:tipped|pushed|convinced|made the"
        r" difference|settled|won|persuaded|drew)\b|\b(?:that|which|it) (?:convinced|settled|tipped|won|persuaded)\b"
        r"|\bthing that convinced\b"
        r"|\byou were the only (?:ones?|vendor|company)\b|\byou could\b.{0,50}\bothers? could not\b|\bthe others? (?:two )?(?:could|did"
        r"|showed"
        r"|had) (?:not|only)?\b|\btrusted your\b|\bmade our \w+ say yes\b"
        r"|\bnever again\b|\bdouble-?booked\b|\b(?:walked|walks) (?:out|away) (?:because|after|since|on)\b"
        r"|\b(?:handed in (?:his|her|their) notice|nearly quit|quit because|stopped coming|simply stopped)\b"
        r"|\b(?:the )?fine (?:we|from)\b|\b(?:was|were|am|are) tired of\b|\b(?:nobody|no one) (?:could (?:tell|see|say|read|find)"
        r"|knows? (?:what we"
        r"|which|who has|how many|when)|knew|believed)\b|\b(?:have|had) no idea (?:what|which|where|how|who)\b|\bno way (?:to"
        r"|of) (?:see|seeing"
        r"|know|knowing|tell)\b|\b(?:throw|threw|thrown) (?:away|out)\b|\bat stake\b|\brefused to renew\b|\bshutting (?:the|it|down)\b"
        r"|\bhas been bought\b|\bdoubled the price\b|\bdrowning\b|\bflying blind\b|\bwe keep (?:missing|losing|forgetting)\b|\bretypes?\b"
        r"|\bwe (?:found out|learn(?:ed)?|hear(?:d)?) (?:from|only|in|about it)\b|\b(?:do|does) not (?:know of|talk to"
        r"|agree with) each other\b"
        r"|\b(?:keeps?|has|have) (?:its|their|his|her) own list\b|\bno two of (?:them|those)\b|\bside by side\b|\bgets? stuck in\b"
        r"|\b(?:billed|charged|asked|booked|counted) (?:him|her|them|us|it|a guest) (?:for the same )?(?:twice|three times)\b"
        r"|\bcrashes (?:as soon|when|every)\b|\bwhole day each (?:week|month)\b|\bgrowing faster than\b|\bin the head of (?:our|one|my)\b"
        r"|\b(?:it all|everything) (?:hangs on|lives in)\b|\bwent down in\b|\bcost us (?:a|two|three|\d|dear)\w*\b|\bhad to recall\b"
        r"|\bcancel because\b|\bmistakes in every\b|\bour (?:present|current|old) (?:vendor|supplier|tool|system|one)\b.{0,40}\b(?:takes?"
        r"|can ?not|could not|lost|does not|shut\w*)\b|\bwithout a signature\b|\bstays? until \w+ every\b",
    ),
)
_BUILT: tuple[tuple[Topic, str], ...] = (
    (
        "decision",
        r"\b(?:board|committee|council|owners?|directors?) (?:said yes|(?:nods?|nodded|waved?|waves) (?:it|this) through)"
        r"|\bwas (?:all )?(?:for|against) (?:it|you|us|them)\b|\bchairs (?:it|the \w+)\b.{0,20}\b(?:signs?|decides?|approves?)\b"
        r"|\bif (?:he|she) says yes\b|\bneeds? (?:two|three|\w+) (?:quotes|offers|signatures|bids)\b",
    ),
    (
        "why",  # what went wrong, to whom, and what it cost
        r"\b(?:that|it|which|this) (?:\w+ )?(?:cost|lost) (?:us|me|the \w+)\b|\b(?:was|were|went) (?:\w+ )?down (?:for|the whole|all)\b"
        r"|\b(?:heard|learned|learnt|found out) (?:about |of )?(?:it|this|that)? ?(?:from|in) (?:an?|the|our)\b"
        r"|\b(?:we|i|they) (?:\w+ )?(?:binned|scrapped|threw|wrote off|recalled|dumped|refunded|redid|paid for|had to (?:bin|scrap"
        r"|throw|recall|dump|refund"
        r"|redo|apologi[sz]e))\b|\bput (?:us|me) on (?:an?|the|their) \w*(?:watch|black)? ?list\b|\b(?:nobody|no one) (?:saw|knew"
        r"|noticed|realised|realized) (?:it )?(?:till|until|for)\b"
        r"|\b(?:stopped|gave up|quit|ended|no longer) (?:patching|supporting|maintaining|updating|developing|answering)\b"
        r"|\b(?:two|three|both|several) (?:\w+ ){1,3}(?:turned up|came|arrived|showed up|went|drove|stood|sent)\b.{0,60}\b(?:same"
        r"|none|nobody|neither"
        r"|wrong)\b|\b(?:nobody|no one) (?:turned up|came|showed up|noticed|was told|picked up|answered|had been told)\b"
        r"|\b(?:comes?|came|arrives?|arrived) (?:back|in) (?:on paper|wet|late|wrong|half empty|incomplete|twice)\b|\b(?:came|arrived|went)"
        r" (?:on paper|wet|late|twice|to the wrong)\b"
        # what made it this vendor
        r"|\bwhat (?:did it|swung it|sold (?:it|me|us)|clinched it|decided it|made (?:me|us|up))\b|\b(?:that|it|this|which) (?:swung"
        r"|clinched|sold|decided|did)"
        r" (?:it|me|us)\b|\bthat (?:swung|clinched|sold|tipped) it\b|\b(?:nobody|no one|none of the others?"
        r"|neither of the others?) (?:else )?(?:offered|could"
        r"|did|had|showed|even|bothered)\b|\bwon (?:me|us|them|him|her) over\b",
    ),
)
_OF_THEIR_PAPERS = re.compile(
    r"\b(?:days?'?|weeks?'?|months?'?) (?:written )?notice\b|\bmonth to month\b|\bevergreen\b|\brenews? (?:by itself"
    r"|automatically)\b|\buntil then\b",
    re.IGNORECASE,
)
"""How they get out of what they have, and what is done meanwhile, is no reason to buy."""
_ONLY_YOU = re.compile(r"\byou (?:were|are) the only (?:ones?|vendor|people|company|firm|supplier|lot)\b", re.IGNORECASE)
LEAST_WORDS, MOST_WORDS = 5, 45
_TABLE = tuple((topic, re.compile(pattern, re.IGNORECASE)) for topic, pattern in (*_PHRASES, *_BUILT))
_ON_PAPER_ONLY = re.compile(
    r"\bon paper (?:anyway|at least|only)\b|\bthat is the reason i (?:could|can|ask|called?"
    r"|am asking)\b",
    re.IGNORECASE,
)
"""Said in passing: `they are mine, on paper anyway`."""


def likely_reason(statement: Statement, likeness: float) -> Remark | None:
    """A reason by its words alone."""
    if statement.side != "buyer" or not says_of_them(statement) or _OF_THEIR_PAPERS.search(written_out(statement.text)):
        return None
    return Remark("why", " ".join(statement.text.split()), statement.place, likeness, by_words=True)


def remark(statement: Statement) -> Remark | None:
    text = written_out(statement.text)
    if statement.side != "buyer" or statement.interaction.source.kind == "doc" or not LEAST_WORDS <= len(text.split()) <= MOST_WORDS:
        return None
    if _OF_THEIR_PAPERS.search(text) or _ON_PAPER_ONLY.search(text):
        return None
    if text.endswith(("?", ":")):  # A line that ends in a colon only announces what comes.
        return None
    if _ONLY_YOU.search(text):
        return Remark("why", " ".join(statement.text.split()), statement.place)
    return next((Remark(topic, " ".join(statement.text.split()), statement.place) for topic, cue in _TABLE if cue.search(text)), None)
