"""Warnings told by how they are built, not by a trade's phrases: a worry and its matter, people who will not, somebody who goes, what went
wrong before, what hangs on something, and what follows if it fails.

It reads what the table of phrases (`assistant.facts.risks`) passes over, in the words of the customer, of partners and of our notes.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.facts.topics import content_words

RiskKind = Literal["budget", "political", "technical", "timeline", "adoption", "legal", "competitive", "expectation"]

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_TIME = rf"(?:{_MONTH}|spring|summer|autumn|winter|easter|christmas|new year|season|peak|term|weeks?|days?|months?|year-end|quarter)"
_THOSE = (
    r"(?:(?:my|our|the|these|those|half|most|some|many|none)(?: of (?:my|our|the|them|us|those))? ?(?:\w+ )?"
    r"(?:lads|guys|people|staff|team|crew|crews|\w+ers|\w+ians|\w+ists|\w+ors|nurses|users|men|women|colleagues|folk|folks|ladies"
    r"|boys|girls"
    r"|chefs|cooks|clerks|agents|unions?|foremen|surgeons|reps|ones)|they|everybody|everyone|half of (?:them|us))"
)
_WORRIES = re.compile(
    r"\b(?:i am|we are|he is|she is|they are|that (?:makes|keeps|has) (?:me|us)) (?:a (?:bit|little) |really |quite |still |very |rather )?"
    r"(?:worried|nervous|afraid|scared|concerned|uneasy|anxious|up at night|wary|sick)\b"
    r"|\bwhat (?:worries|scares|bothers|frightens|troubles|concerns) (?:me|us)\b|\b(?:my|our|the|one|his|her|biggest|main) (?:worry"
    r"|fear|concern"
    r"|headache|nightmare)\b|\b(?:i|we) (?:worry|fear|dread)\b|\bthe (?:risk|danger|trouble|catch|snag) (?:is|here|with)\b"
    r"|\b(?:is|are|would be|will be) (?:a )?(?:madness|insane|suicide|a nightmare|a disaster|chaos|hell|a mess|impossible|unrealistic"
    r"|risky)\b",
    re.IGNORECASE,
)
_CALM = re.compile(
    r"\b(?:not|never|no longer|hardly|nothing to) (?:be |too |that |really |at all |so )*(?:worried|nervous|afraid|concerned|scared"
    r"|worry|a problem"
    r"|a concern|an issue|risky)\b|\bno (?:worries|worry|problem|concerns?|risk|trouble)\b|\b(?:was|were) (?:a mess|a nightmare|hell"
    r"|chaos)\b",
    re.IGNORECASE,
)
_BUILT: tuple[tuple[RiskKind, str], ...] = (
    (
        "adoption",
        rf"\b{_THOSE} (?:will not|would not|will never|would never|are not going to|refuse to|refuses to|do not want to"
        rf"|does not want to"
        r"|have no intention of|will (?:just |simply )?(?:throw|walk|quit|revolt|strike|laugh|riot|sabotage|mutiny|go back|ignore"
        r"|lose it))\b"
        r"(?! be (?:there|here|long|able to make|in)\b)"
        r"|\bback (?:on|to|in) (?:paper|excel|spreadsheets?|pen and paper|whiteboards?|the old (?:way|one|system|tool))\b"
        r"|\b(?:the only (?:one|ones|person|people)|nobody else|no one else) (?:here |left )?(?:who )?(?:know|knows|can|understands?)\b"
        rf"|\b{_THOSE} (?:think|thinks|say|says|believe|suspect) (?:that )?(?:it|this|we|you)\b.{{0,40}}\b(?:so that|to (?:watch"
        rf"|spy|check|control"
        r"|replace|track|catch)|spy|replace them|cut (?:jobs|posts)|see where)\b"
        rf"|\b{_THOSE} (?:have|has) (?:never|hardly ever|barely) (?:used|touched|seen|owned|worked with)\b"
        r"|\bnever (?:caught on|took off|stuck|got used)\b|\bin (?:three|two|six|\w+) (?:weeks|months) (?:it is|they are"
        r"|we are) back\b",
    ),
    (
        "adoption",  # what went wrong before
        r"\b(?:we|they|he|she|i) (?:tried|had|lived through|went through|did|bought|rolled out|lost|got burned|been through)\b"
        r"(?=.{0,60}\b(?:19|20)\d\d\b|.{0,60}\b(?:last time|years ago|before|once|in the (?:last|old|first)|migration|rollout"
        r"|roll-out)\b)"
        r"(?=.*\b(?:lost|lose|failed|back|dropped|never|nobody|broke|down|disaster|nightmare|gave up|abandoned|stopped|burned"
        r"|chaos|mess"
        r"|unplugged|in the drawer|collect\w* dust)\b)"
        r"|\blast time\b.{0,60}\b(?:lost|failed|went wrong|never|nobody|broke|disaster|nightmare|stopped|took (?:a|two|twice|three))\b",
    ),
    (
        "political",
        rf"\b(?:am|is|are|was) (?:also )?(?:stepping down|retiring|leaving|moving on|changing jobs|off sick|on leave|on (?:\w+ )?leave"
        rf"|going on (?:\w+ )?leave|being replaced|on (?:his|her|my) way out)\b|\b(?:retires?|leaves|steps down|goes on leave"
        rf"|moves on)\b"
        rf"(?=.{{0,30}}\b(?:{_TIME}|soon|next|at the end|20\d\d)\b)|\b(?:two|three|four|half|some|most) of (?:mine|ours|my \w+"
        rf"|our \w+|them)"
        r" (?:retire|leave|go)\b"
        r"|\b(?:whoever (?:comes|follows|takes over)|(?:my|his|her|a|the) (?:successor|replacement)|(?:a|the|our) new (?:boss"
        r"|director|head|ceo"
        r"|chief|minister|board|owner|management|principal|dean|manager)) (?:\w+ )?(?:may|might|could|will|is|has|wants|comes"
        r"|starts|does)\b"
        r"|\bwants? (?:to have )?a say\b|\bhas (?:its|his|her|their) own (?:ideas|plans|agenda|favou?rite)\b"
        r"|\bnot every(?:one|body)(?: here| \w+)?(?: is|'s| likes| wants| agrees| sees)\b|\bwould rather (?:we|they|you|not)\b"
        r"|\bdead against\b"
        r"|\bvoted against\b|\b(?:feels?|felt) (?:threatened|overlooked|steamrolled|pushed)\b"
        r"|\bbetween (?:us|you and me|ourselves)\b|\boff the record\b|\b(?:do not|don't) quote me\b"
        r"|\bi (?:probably )?should not (?:say|tell) (?:this|you)\b"
        r"|\b(?:as|for) (?:proof|ammunition|an excuse) (?:that|against|to)\b|\b(?:is|was) not (?:exactly )?helping (?:me|us|her"
        r"|him|[A-Z]\w+)\b"
        r"|\bif (?:they|he|she|head office|the \w+) (?:decides?|goes|pick|picks|choose|chooses) (?:for|against|otherwise"
        r"|their own|its own"
        r"|something else)\b|\b(?:everything|it all|all of it) (?:lands|falls|ends up|hangs|rests) (?:on|with) (?:me|my|one|him|her)\b"
        r"|\b(?:reorgani[sz]ation|restructur\w+|takeover|layoffs?|redundancies|hiring freeze|merger|spin-?off)\b",
    ),
    (
        "timeline",
        rf"\b(?:nobody|no one|none of us|i|we|they|he|she)(?: here)? (?:has|have|will have|get|gets|can spare) (?:not )?(?:a|any"
        rf"|no|the) "
        r"(?:minute|time|capacity|hands?|head)\b|\b(?:flat out|snowed under|swamped|stretched thin|up to (?:my|our) (?:neck|ears"
        r"|eyes))\b"
        r"|\b(?:it|that|this) (?:is|looks|gets|will be) (?:\w+ )?(?:thin|tight|too close|close|cutting it fine)\b"
        r"|\bcut(?:ting)? it (?:very )?fine\b"
        r"|\bmiss(?:es)? (?:that|this|it|the \w+)(?: one| date| window| slot)? and\b|\bor (?:else )?(?:we|it is"
        r"|it has to) (?:have to )?wait\b"
        r"|\bthe (?:next|following) (?:one|window|slot|chance|meeting) is (?:not until|only|in)\b|\bmissed (?:one|that"
        r"|it)\b.{0,30}\bnext\b"
        rf"|\b(?:that |it |this |which )?(?:only )?(?:gives|leaves) us (?:only |just |barely )?(?:an?|\w+) (?:days?|weeks?)\b"
        rf"|\bno way (?:before|until)\b|\b(?:before|over|during) {_TIME} is (?:madness|impossible|out|a no|no good|hopeless|crazy)\b"
        r"|\bchange freeze\b|\b(?:nothing|nobody) (?:touches|changes|moves|goes live|gets (?:installed|deployed|changed))\b"
        r"|\b(?:can not|cannot|can ?not) (?:start|begin|go|do (?:it|anything|that)|move|switch|even \w+) (?:until|before|without)\b"
        r"|\b(?:hangs|depends|stands or falls|rests) (?:entirely |all |completely )?(?:on|with) (?:whether|him|her|one|the|them"
        r"|our|getting)\b",
    ),
    (
        "budget",
        r"\b(?:less|lower|smaller) than (?:i|we) (?:had|have|got|asked|wanted|hoped)\b|\b(?:can not|must not|may not) (?:grow"
        r"|go (?:up|over|above)"
        r"|cost (?:more|a))\b|\b(?:year by year|from year to year|one year at a time)\b"
        r"|\b(?:grant|funding|subsidy|budget|money|funds?)\b.{0,30}\b(?:is|are|gets?|was|were|been) (?:cut|refused|withdrawn"
        r"|frozen|gone|pulled"
        r"|halved|slashed|under review|not (?:approved|safe|certain|confirmed))\b|\b(?:lose|losing|lost) (?:the|our) (?:grant"
        r"|funding|budget)\b"
        r"|\bhave to (?:scrape|fight for|beg for|justify)\b|\b(?:i am|we are) not paying\b|\bnot a (?:cent|penny|krone"
        r"|euro) (?:more|extra|over)\b",
    ),
    (
        "technical",
        r"\b(?:out of|end of|no longer in|runs? out of) (?:support|life|maintenance|warranty)\b|\bend-of-(?:life|support)\b"
        r"|\b(?:gets?|is (?:being|going to be)|will be) (?:merged|migrated|replaced|switched off|shut down|moved|retired|sunset"
        r"|renumbered)\b"
        r"|\b(?:nobody|no one|none of us) (?:can|could|will|is able to) (?:yet )?"
        r"(?:(?:tell|promise) (?:me|us|you|yet|whether|if|how)|say (?:yet|whether|if|when|how)|explain)\b"
        r"|\b(?:i|we) (?:still )?do not (?:yet )?know (?:yet )?(?:whether|if|how many|which|who)\b"
        r"|\bevery (?:\w+ )?(?:system|tool|vendor|one|software|product|app) (?:we|i) (?:have )?(?:looked at|tried|seen|tested"
        r"|bought)\b.{0,30}"
        r"\b(?:flattens?|breaks?|loses?|fails?|chokes?|can not|could not|falls?|drops?|gets it wrong|lost|failed|broke)\b"
        r"|\b(?:do|does) not exist anywhere else\b|\b(?:home-?grown|home-?made|built in-house|one of a kind|undocumented"
        r"|thirty years old)\b"
        r"|\b(?:patchy|flaky|unstable|unreliable|spotty|ancient|creaking|held together)\b",
    ),
    (
        "competitive",
        r"\b(?:has|have|had|are|is) (?:just |now |also )?(?:come|came|been|coming) back (?:again|by the way|with|to us|to me|on)\b"
        r"|\b(?:dropped|cut|lowered|halved|slashed) (?:their|its|his|the) (?:price|quote|offer)\b|\b(?:matched|undercut"
        r"|beat) (?:you|your)\b"
        r"|\bknows? the (?:man|woman|owner|people|guy|boss|ceo|family) who\b|\b(?:friends|golf|school|brother|cousin"
        r"|married) with the\b"
        r"|\bstill (?:in|in the) (?:the )?(?:running|race|game|play|talks)\b|\bkeep(?:ing)? (?:them|him|her) warm\b"
        r"|\bcan not ignore (?:them|him|her)\b",
    ),
    (
        "expectation",
        r"\b(?:i|we|he|she|they|[A-Z]\w+) (?:have |has |had |already )*(?:told|promised|assured|announced to|sold it to"
        r"|sold this to) (?:the|our|my"
        r"|all|every)(?: \w+)? (?!me\b|us\b)\w+s?\b(?: that| it| we| this| they| you|,)"
        r"|\b(?:which|that|whether it|if it|it) (?:i am|we are) not (?:so |at all |too )?(?:sure|certain)\b"
        r"|\b(?:everybody|everyone|people|they|management|the \w+) (?:now )?(?:counts?|counting|banks?|banking) on\b"
        r"|\bpaid for itself (?:in|within|by)\b",
    ),
    (
        "adoption",  # who is not there, and who is alone with it
        rf"\b(?:i am|she is|he is|they are|we are|(?-i:[A-Z])\w+ is) (?:off|away|out|gone|in hospital|on holiday|travelling)"
        rf" (?:for|from|until|till|all|the whole|over|in)\b(?=.{{0,40}}\b(?:weeks|months|{_MONTH}|summer|autumn|spring|christmas)\b)"
        r"|\b(?:i am|it is|there is) (?:only |just )?(?:one person|only me|just me|on my own|a one-man \w+|single-handed)\b"
        r"|\b(?:nobody|no one) (?:here |else )?(?:who )?(?:does|can do|knows how to do) (?:what|the things) (?:i|he|she|they) (?:do|does)\b"
        r"|\bhalf (?:the|my|our) \w+ (?:is|are) (?:off|away|new|temps?|agency|sick|out)\b|\b(?:short[- ]staffed|understaffed|double shifts"
        r"|(?:nobody|no one) to spare)\b|\bno use to (?:me|us|them)\b|\b(?:is|are) (?:just |only |all )?(?:a )?(?:gadgets?|gadgetry"
        r"|gimmicks?|nonsense"
        r"|rubbish|overkill)\b",
    ),
    (
        "expectation",  # bought before, and never used
        r"\b(?:we|i|they) (?:were sold|bought|paid for|have)\b.{0,60}\b(?:and|but) (?:it|they)(?: is| are)? (?:still )?(?:under"
        r"|in the|in a|gathering"
        r"|collecting|sitting|standing|never)\b",
    ),
    (
        "political",
        r"\b(?:interviewing|job[- ]hunting|looking (?:for another job|for something else|around|elsewhere)"
        r"|has (?:had )?an offer (?:from|elsewhere))\b"
        r"|\b(?:i|we) (?:would|will|had) sooner (?:not|wait|stay|keep|leave)\b",
    ),
    (
        "timeline",
        rf"\b{_TIME} (?:is|are) (?:out|no use|no good|hopeless|dead|closed|sacred|blocked|taken|full)\b|\bnot (?:in "
        rf"|before )?(?:{_MONTH})(?=[,.;]|$)",
    ),
    (
        "technical",
        r"\b(?:phones?|mobiles?|signal|wi-?fi|radios?|tablets?|scanners?|reception)\b.{0,20}\b(?:die|dies|drop|drops|vanish\w*"
        r"|cut out|do not (?:work|reach)"
        r"|does not (?:work|reach))\b|\b(?:i am|we are|they are) (?:moving|replacing|rebuilding|renumbering|merging) (?:the |our |all )?"
        r"(?:data ?cent\w+|servers?|offices?|network|systems?|tenants?|domains?|erp|crm|warehouses?)\b",
    ),
    (
        "competitive",
        r"\b(?:knocked|took|taken|offered|shaved) (?:\w+ )?(?:per ?cent|%|\d+ ?%) off\b|\b(?:per ?cent|%) (?:off|less|below"
        r"|under) (?:you|yours|your)\b",
    ),
    (
        "political",  # people drawn away, and people against
        r"\b(?:courted|headhunted|poached|approached) by\b|\b(?:is|are|am|was) (?:\w+ ){0,4}?(?:opposed|hostile|resistant|against it)\b"
        r"|\b(?:we have|we) lost (?:him|her|them|\w+) (?:for|until|to)\b|\bhaving (?:a|his|her|their|my) (?:baby|surgery|operation)\b",
    ),
    (
        "budget",  # a business that shrinks
        r"\b(?:fees|revenue|sales|orders|margins?|turnover|income|volumes?|bookings|donations|enrolments?) (?:are|is|have"
        r"|has) (?:\w+ )?(?:down|fallen"
        r"|dropped|collapsed|shrunk)\b|\b(?:let|laid off|had to let) (?:\w+ ){1,3}(?:people |staff )?(?:go|off)\b",
    ),
    (
        "adoption",  # tried once, and dropped
        r"\b(?:nobody|no one|none of (?:us|them)|they|we|it) (?:lasted|managed|stuck (?:it|with it)|kept (?:it"
        r"|at it)) (?:\w+ ){0,2}(?:days?|weeks?|months?"
        r"|fortnight|season|term)\b|\b(?:vendor|supplier|provider|firm|one|company|lot) (?:went (?:under|bust|bankrupt)|folded"
        r"|disappeared|walked away)\b",
    ),
    (
        "technical",
        r"\b(?:is|are) older than\b|\b(?:share|shares|sharing) (?:one |a |an |the |their )?(?:\w+ )?(?:devices?|logins?"
        r"|passwords?|tablets?|ipads?|phones?|accounts?|computers?|screens?)\b",
    ),
)
_RULES = tuple((matter, re.compile(pattern, re.IGNORECASE)) for matter, pattern in _BUILT)
_IF_IT_FAILS = re.compile(
    r"\b(?:if|unless|should|in case) (?P<event>[^,;.]*\b(?:not|never|no|nobody|flops?|fails?|slips?|miss\w*|late|cut|lose|loses|lost"
    r"|breaks?|down|wrong"
    r"|falls?|stops?|dies?|refuses?|goes|go|rises?|rise|again|leaves?|against|delays?|delayed|put|twice"
    r"|two systems)\b[^,;.]*)[,;]?(?P<then>.*)$",
    re.IGNORECASE,
)
_THEN_BAD = re.compile(
    r"\b(?:not|never|no|nobody|back|trouble|history|out|walk|leave|leaves|lose|wait|waits|stop|cancel|dead|over|off|blame|stuck|pay"
    r"|pays|worse|gone"
    r"|finished|kill|hell|sue|penalty|fine|fined|rather|again|twice|mess|done for|head|job|throw)\b",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\bif (?:i|we|you) (?:do|did|could|may|might|can|have any|need|want|like|were|had|would|see|look|go (?:back|to|with|for|through"
    r"|down|live)"
    r"|ask|say|know|put (?:it|them|that) (?:in the|on the (?:list|agenda|table)))\b|\bif (?:that|it) (?:is|was) (?:not )?(?:ok|okay"
    r"|too|possible|easier"
    r"|fine|a problem)\b|\bif not\b|\bif nothing else\b|\bif only\b|\bwhat if\b|\bas if\b|\beven if\b",
    re.IGNORECASE,
)
_MATTERS: tuple[tuple[RiskKind, str], ...] = (
    ("budget", r"\b(?:budget|money|grant|funding|pay|paying|cost|price|euro|dollars?|invoice)\b"),
    ("competitive", r"\b(?:competitor|rival|other vendor|cheaper|alternative)\b"),
    ("legal", r"\b(?:legal|law|regulator|gdpr|privacy|contract|liab\w+|audit\w*|consent|compliance)\b"),
    (
        "technical",
        r"\b(?:data|server|system|network|wifi|signal|integration|interface|import|migration|login|sync|records?|tenant"
        r"|version)\b",
    ),
    ("timeline", rf"\b(?:{_TIME}|deadline|date|late|slip\w*|in time|go-?live|live)\b"),
    ("adoption", r"\b(?:use|using|train\w*|people|staff|team|lads|users?|nobody|they)\b"),
)
_BY_MATTER = tuple((matter, re.compile(words, re.IGNORECASE)) for matter, words in _MATTERS)
_CANDID = re.compile(
    r"\byou (?:should|ought to|need to|must|might as well) know\b|\bi (?:should|ought to|have to|must|had better) (?:say|mention"
    r"|tell you|warn you|point out)\b"
    r"|\bjust so you (?:know|are aware)\b|\b(?:be|fair|a word of) warn(?:ed|ing)\b|\bgood luck (?:with|to|getting|convincing)\b"
    r"|\b(?:do not|never) (?:count|rely|bank|bet) on\b|\bi am (?:only )?telling you (?:now|this)\b|\bi (?:will be"
    r"|am going to be) (?:straight|blunt|frank) with you\b"
    r"|\bheads up\b|\bmind you\b",
    re.IGNORECASE,
)
"""What people say before or behind a thing that the other side had better know."""
_LIKES = re.compile(r"\b(?:love|like|happy|great|glad|impressed|delighted|perfect|easy|good news)\b(?! to\b)", re.IGNORECASE)
SAYS_WHAT = 3
"""Content words from which on a worry says what it is about."""


def warning(text: str) -> RiskKind | None:
    """The matter of a warning in a sentence that is written out in full; None where it warns of nothing."""
    if _CALM.search(text):
        return None
    for matter, built in _RULES:
        if built.search(text):
            return matter
    says_what = len(content_words(text)) >= SAYS_WHAT
    if (_WORRIES.search(text) and says_what) or _fails(text) or (_CANDID.search(text) and says_what and not _LIKES.search(text)):
        return matter_of(text)
    return None


def matter_of(text: str) -> RiskKind:
    """What a warning that is known to be one speaks of."""
    return next((kind for kind, words in _BY_MATTER if words.search(text)), "expectation")


def _fails(text: str) -> bool:
    """`If they don't use it, I'm not paying a second year`: an event nobody wants, and what it leads to."""
    match = _IF_IT_FAILS.search(text)
    if match is None or _POLITE.search(text):
        return False
    before = text[: match.start()]
    return bool(_THEN_BAD.search(match["then"]) or (len(before.split()) >= 3 and _THEN_BAD.search(before)))
