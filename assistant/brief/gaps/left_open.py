"""The words with which people leave a matter open: put it off, list it, hand it to nobody, go away without naming who stands in."""

from __future__ import annotations

import re

FINDS_OUT = (
    r"(?:come back|get back|revert|report back|circle back|follow up|check|double-check|verify|test|find out|ask"
    r"|look into|look at (?:it|that|this|them)(?! (?:each|every))|look up"
    r"|look it up|see (?:whether|if|what|how|when)|confirm|clarify|chase|think|let you know|keep you posted|speak (?:to"
    r"|with)|talk (?:to|with)"
    r"|run (?:it|that|this) by|take (?:it|that|this) (?:away|back|offline|to|up|with)|pass (?:it|that|this) on|raise (?:it"
    r"|that|this)|dig"
    r"|(?:settle|discuss|decide|agree on|bring|escalate|forward|mention|plan|put) (?:it|that|this|them) (?:to|with|together"
    r"|once|when|after|later|up)"
    r"|clear (?:it|that|this) with|sort (?:it|that|this) out|figure (?:it|that|this|something) out|work (?:it|that"
    r"|this) out|get (?:you )?(?:an|the) answer)"
)
"""What one says one will do when one does not know."""
NOT_KNOWN = (
    # Nobody in the room knows: said of oneself,
    r"(?:\b(?:I|we)(?:'d| would| will|'ll)? (?:really |honestly |just )?(?:can't|cannot|could(?:n't| not)|wouldn't|would not|don't|do not"
    r"|am not able to|not able to)(?: \w+){0,2}? (?:tell you|say|know|recall|remember|answer|swear|be (?:sure|certain"
    r"|precise))\b(?! enough)"
    r"|\bcouldn't tell you\b|\bI(?:'d| would)(?: only)? (?:be guessing|have to (?:guess|ask|check|look|find|speak|talk|see|think))\b"
    r"|\boff the top of my head\b|\babove my (?:pay ?grade|head|station)\b|\b(?:not|isn't|outside|beyond) my (?:area|field"
    r"|department|call|patch)\b"
    r"|\bbeyond me\b|\bwrong person\b|\bnot (?:that I(?:'m| am) aware|to my knowledge|as far as I know)\b"
    r"|\b(?:don't|do not|wouldn't|please don't) (?:hold me to|quote me|take my word|pin me)\b|\byour guess is as good\b"
    r"|\bI want to say (?:yes|no)\b"
    r"|\bnot commit (?:myself )?to (?:that|it|this)\b|\b(?:who|God|goodness|heaven) knows\b|\bhard to (?:say|tell)\b|\bdifficult to say\b"
    r"|\bnever (?:had|come up|come across|been asked|thought of|looked at) (?:that|this|it)\b|\b(?:ask|you get"
    r"|you'll get) \w+ (?:people|of us)\b"
    r"[^.?!]*\b(?:answers?|opinions?)\b"
    # of somebody else who does,
    r"|\b(?:has|have|knows?|would know|will know|keeps?) the (?:exact |real |right |current )?(?:figures?|numbers?|answers?"
    r"|details?|list)\b"
    r"|\b(?:\w+ )?\w+(?:'d| would| might| will|'ll) (?:have to|need to|know|be able to) ?(?:say|tell|know|measure|check|look"
    r"|decide|confirm|work)?\b"
    r"(?<!you would know)|\bask(?:ing)? (?:one of )?(?:the|our|my|your) \w+\b|\b(?:one|a question|that's) for (?:the|our|my|your"
    r"|(?-i:[A-Z])\w+) ?\w*\W*$)"
)
"""Nobody there knows it, or somebody who is not there."""
LATER = (
    r"(?:\b(?:near|clos)er (?:to )?the (?:time|day|date)\b|\bwhen (?:you|we|it|they) (?:get|gets|come|comes) (?:there|to (?:it"
    r"|that)|round)\b"
    r"|\b(?:some|an)other (?:day|time)\b|\bat some (?:point|stage)\b|\bsome time\b|\bin due (?:course|time)\b|\bdown the (?:road|line)\b"
    r"|\bsleep on (?:it|that|this)\b|\b(?:think|mull|talk|chew) (?:it|that|this) over\b|\bcross that bridge\b|\bdepends on\b"
    r"|\b(?:haven't|have not|not|hasn't|has not)(?: yet| quite| really)? (?:made (?:our|my|their|his|her|its) minds? up"
    r"|made up (?:our|my|their) mind)\b"
    r"|\blet's not (?:start|go|get|do|open)\b|\b(?:leave|left|park|parked|take|skip) (?:\w+ ){0,4}?(?:out |aside )?for (?:now"
    r"|the moment|the time being|today)\b"
    r"|\bpick (?:it|that|this) (?:up|back up) (?:again|later|another)\b|\bagree(?:d)? to (?:disagree|differ)\b|\bpark (?:that|this|it)\b"
    r"|\b(?:need|have) to think about\b|\bgood point\b\W+(?:we|I)(?:'d|'ll| would| will)\b|\bone or the other\b)"
)
"""It is for another day."""
NOT_TOLD = re.compile(rf"{NOT_KNOWN}|{LATER}", re.IGNORECASE)
LATER_BY_ASKING = re.compile(rf"{LATER}|\b(?:can|may|could|shall) (?:I|we)\b[^?]*{FINDS_OUT}\b", re.IGNORECASE)
"""Put off with a question: `Can I sleep on it?`"""
PUT_OFF = re.compile(
    rf"{NOT_KNOWN}|{LATER}|"
    rf"\b(?:I|we)(?:'ll| will|'d| would| have to| need to| must|'ve got to| should| want to|'d like to)(?: \w+){{0,3}}? {FINDS_OUT}\b"
    r"|\b(?:think|believe|guess|hope) so,? but\b|\bcan't (?:give|name|quote) you (?:a|an|any|the|that)\b|^\W*not yet\b"
    rf"|\blet me (?:just )?{FINDS_OUT}\b|\b(?:great|good|fair) question\b|\bdon't want to say (?:yes|no)\b"
    r"|\b(?:leave|park|hold|keep|note|skip) (?:that|this|it)(?: one| question| thought)?\b|\blet's (?:park|leave|take"
    r"|come back to|not go into)\b"
    r"|\bcan't (?:tell you|say|answer that)\b(?! enough)|(?:\bnot|n't)(?: \w+)? (?:sure|certain|clear)\b|\bto be (?:seen"
    r"|decided|confirmed|agreed)\b"
    r"|\b(?:haven't|hasn't|have not|has not|not yet|never)(?: been| really| yet)? (?:checked|decided|tested|looked|thought"
    r"|agreed|asked|settled|tried|discussed)\b"
    r"|\bdo(?:n't| not) have (?:the|an|any|that) (?:answer|number|figure|date|detail|information)s?\b|\btoo early\b"
    r"|\bgive me (?:a|until|till)\b|\b(?:have|get|find) (?:that|it|this|one|the answer) (?:for you|to you|in writing)\b"
    r"|\bhard to say\b|\b(?:can't|won't|not going to) promise (?:it|that|this|you)\b|\bno idea\b"
    r"|\b(?:\w+ will|(?:he|she|they)(?:'ll| will)) (?:cover|answer|take|handle|come to|get to|look at|follow up on) (?:that"
    r"|it|this|the)\b"
    r"|\bthat(?:'s| is) (?:one |a question )?(?:with|for) [A-Z]\w+|\blet's talk about (?:that|it|those|them)\b"
    r"|\bwe(?:'ll| will) (?:cover|come to) (?:that|it|this)\b|\b(?:do not|don't) know(?: yet| that)?[.,;]"
    r"|\b(?:would|might|will|should) know\b|^\W*(?:well, )?(?:it|that) depends\W*$",
    re.IGNORECASE,
)
AWAITED = re.compile(
    r"\b(?:still|are|am|we're|I'm) waiting (?:on|for)\b|\bnobody (?:has |ever |has ever )?(?:(?:told|given) (?:me"
    r"|us) (?:whether|if|about|what|when|who|how|which|an answer|yet)|answered|replied|(?:come|got|came) back)\b"
    r"|(?:\bnever|\bnot|n't) (?:heard back|got(?:ten)? an answer|had an answer|received an answer|replied|answered (?:that"
    r"|this|my|our|it))\b"
    r"|\b(?:question|answer) (?:is|was|remains) (?:still )?open\b|\bowes? (?:me|us|you|them|\w+ an answer)\b"
    r"|\bstill (?:with|lies with|sits with|on) (?:you|us|me|them|your desk)\b|\bno (?:reply|answer|response|word|news) (?:from"
    r"|so far|yet|to)\b"
    r"|\b(?:waiting|wait) (?:for|on) (?:an?|the|your|their) (?:answer|reply|word|response|decision|confirmation)\b"
    r"|\bfor the (?:second|third|fourth|fifth|last) time\b|\basked (?:twice|several times|repeatedly|more than once)\b",
    re.IGNORECASE,
)
MOVES_ON = re.compile(
    r"^\W*(?:(?:so|anyway|right|okay|ok|ha|haha|well|sure|yeah|now|look|listen|sorry|ah|oh)\b\W*)*(?:anyway|moving on|by the way"
    r"|next slide"
    r"|on the next|before (?:we|I) (?:forget|go on|continue)|let's (?:not|move|go|get|carry|look|start|turn)|back to"
    r"|shall we (?:go|move|look)"
    r"|you'd be surprised|funny (?:you|that)|no problem\W+(?:shall|let's))\b",
    re.IGNORECASE,
)
"""The talk goes elsewhere."""
RETOLD = re.compile(
    r"\b(?:(?:(?:she|he|they|[A-Z]\w+|my \w+(?: in \w+)?|our \w+|the \w+)(?: also| again)? )?(?:asks?|asked|wants? to know"
    r"|wanted to know|wonders?"
    r"|wondered|is asking|are asking|was asking|keeps asking|keep asking|would like to know)(?: me| us)?(?: twice| again)?"
    r"(?: (?:whether|if|how|when|who|which|where|why|what|about))|(?:open |her |his |their |one )?question (?:is|was|about"
    r"|on)(?: whether| if)?)"
    r"\b(?P<what>[^.?!]*)",
)
TOLD_THEM = re.compile(
    r"\b(?:told|gave|answered|explained|confirmed|sent|showed|replied|said (?:yes|no|we|that|it))\b|\banswer(?:ed)? (?:is|was)\b"
    r"|[:;] (?:yes|no)\b"
    r"|^\W*(?:yes|no)\b",
    re.IGNORECASE,
)
LOGISTICS = re.compile(
    r"\b(?:do you|can you|could you|are you|shall we|should we|can we|could we) (?:have|spare|free|available|meet|talk|hop"
    r"|jump|speak|call|hear|see)\b"
    r"|\b(?:half an|an|one) hour\b|\bcalendar invite\b|\bworks? for you\b|\bdid I miss\b|\bcan you hear\b|\bhow are you\b"
    r"|\bmy screen\b",
    re.IGNORECASE,
)
"""Questions about meeting, not about the deal."""
LIST = re.compile(
    r"(?:^|[.;!]\s|\b)(?:(?:still )?need(?:ed|s)? from \w+|still (?:open|need(?:ed|s)?|missing|outstanding|owed|to do)"
    r"|open\b(?! ?(?:ai|rate|enrol))|(?:\w+ )?loose ends?"
    r"|(?:what|all) (?:I'm|I am|we're|we are|is|'s) (?:still )?missing|missing|outstanding|(?:to[- ]?do|follow[- ]?up"
    r"|action)s?(?: items?)?|owed"
    r"|not (?:yet )?(?:settled|clear|decided|agreed)|unclear|unknown|TB[CD]|what (?:remains|is left|'s left)|remains?"
    r"|left to do)\b[^:.?!\n]{0,40}:\s+(?P<items>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
COMES_BACK = re.compile(
    rf"\b(?:I|we)(?:'ll| will| would| have to| need to| must|'m going to| am going to|'re going to|'ve got to|'d like to)"
    rf"(?: \w+){{0,4}}? (?!ask you|ask what|see ){FINDS_OUT}\b"
    r"|(?<!\byou)(?:'ll| will| wants? to| has to| needs? to| must| is going to)(?: \w+){0,4}? (?:come back|get back"
    r"|report back|follow up"
    r"|think (?:it|that|this|about)|check|confirm|clarify|look into|decide|let (?:you|us|me) know)\b"
    rf"|\blet me (?:just )?(?!ask you|see){FINDS_OUT}\b|\bleave (?:that|this|it)(?: one)? with me\b",
    re.IGNORECASE,
)
_BY_HANDS = (
    r"(?:sent|told|dug|removed|translated|cleaned|moved|written|checked|counted|measured|built|wired|installed|replaced|repaired"
    r"|cut|trained"
    r"|informed|collected|delivered|set up|sorted(?: out)?|found|booked|ordered|labelled|painted|tested|approved|signed|printed"
    r"|taken (?:down|off"
    r"|out|away)|come off|go out|come down|come out|\w{4,}ed)"
)
OWNERLESS = re.compile(
    rf"\b(?:has|have|need|needs|going) to be (?:\w+ )?{_BY_HANDS}\b(?! by\b)|\b(?:will|would|'ll) (?:have"
    rf"|need) to (?:be )?{_BY_HANDS}\b(?! by\b)"
    rf"|\bneeds (?:\w+ly )?(?:\w+ing|an? (?:new )?\w+)\b(?= (?:before|first|by|until)|[.,;!]|$)|\bwants (?:cleaning|doing|sorting"
    rf"|replacing|checking)\b"
    r"|\b(?:nobody|no one|none of us|neither of us|nobody on either side)\b[^.?!]{0,24}\b(?:chasing|dealing with|looking (?:after"
    r"|into)|handling|working on|taking care of|responsible|in charge|owns?"
    r"|has the \w+)\b"
    r"|\b(?:haven't|have not|not|never) (?:\w+ )?(?:discussed|agreed|talked about|said|decided|sorted out|worked out) who\b"
    r"|\b(?:that would|that'd|it would) make sense\b|\b(?:wants|requires|insists on|asks for|demands) (?:a|an|the) (?:letter"
    r"|certificate|permit|assessment"
    r"|form|statement|confirmation|declaration|report|proof|list|copy|signature|risk assessment)\b"
    r"|\bthere(?:'s| is| are)(?: still| also)? (?:the (?:matter|question|issue|small matter|problem|training|cleaning) of"
    r"|the (?:matter|question) (?:who|whether))\b"
    r"|\bthen there(?:'s| is| are) the\b|"
    r"\b(?:somebody|someone|some one)(?:'s)? (?:has to|have to|must|needs? to|should|could|gotta|got to|ought to|will have to)\b",
    re.IGNORECASE,
)
_DONE = (
    r"(?:approved|agreed|decided|settled|confirmed|named|chosen|picked|signed(?: off)?|tested|ordered|started|begun"
    r"|scheduled|booked|assigned"
    r"|checked|looked (?:at|into)|touched|found|hired|written|reviewed|planned|budgeted|given|sent|received|delivered|paid"
    r"|provided|supplied|installed|set up|completed|finished|thought (?:about|of))"
)
TAKES_ON = re.compile(
    r"^\W*(?:(?:yes|yeah|sure|okay|ok|right|well|no problem|of course)\b\W*)*(?:I|we|my (?:team|people|colleague|office)"
    r"|our (?:own )?(?:team|people|gang|crew|side))(?:'ll do| will do| do(?= (?:it|that)\b|[.,;]|$)| can do (?:it|that)| have one"
    r"|(?:'ll| will) (?:send|write|tell|take|see to|sort|get|handle|deal|organi[sz]e|arrange|bring)\b|'ve done"
    r"|'ve got (?:one|that|it)| already|'s on it)|\byou(?:'ll| will) (?:have|get) (?:it|them|that|one)\b|\b(?:leave"
    r"|consider) (?:it|that) (?:to me|to us|done)\b"
    r"|\bthat's (?:me|us|ours|mine|on (?:me|us))\b|\bour own\b",
    re.IGNORECASE,
)
"""Somebody says that it is theirs."""
SINCE_SETTLED = re.compile(
    r"\b(?:has|have) (?:now |since |finally )?(?:been )?(?:confirmed|decided|agreed|settled|signed|approved|chosen|named|fixed"
    r"|answered)\b(?! yet)"
    r"|\bnow (?:says|stands|reads|is|has)\b|\bmeanwhile\b|\bit(?:'s| is) (?:been )?(?:settled|decided|agreed|done|fixed)\b",
    re.IGNORECASE,
)
"""In the same breath it is said to be settled."""
UNKNOWN = re.compile(
    rf"\b(?:not|isn't|aren't|n't) (?:yet )?(?:known|fixed|decided|final|settled|agreed|set)\b(?: yet)?|\b(?:is|are|was|still"
    rf"|left) (?:left )?blank\b"
    rf"|\b(?:a |just a |only a )placeholders?\b|\bhas no (?:number|name|date|owner|address|price) yet\b|\bone of us (?:is"
    rf"|must be) wrong\b"
    rf"|\b(?:is|are|remains?) a (?:decision|matter|question) for\b|"
    rf"\b(?:nobody|no one|none of us)(?:'s| has| have| is)?(?: (?!who\b)\w+){{0,4}}? (?:{_DONE}|got|knows? (?:who|when|where|which"
    rf"|whether|how many)|owns?)\b"
    rf"|\b(?:has|have|had|is|are|was|were)(?: not|n't| never)(?: yet| been| yet been| really| even)? {_DONE}\b(?! (?:it|that|this)\b)"
    r"|\b(?:I|we)(?: really| still| honestly)? (?:don't|do not|didn't) (?:know|have)(?: yet)? "
    r"(?:who|when|which|whether|how many|a date|a day|an owner|a number|an answer|the answer)\b"
    r"|\b(?:there(?:'s| is| are)|we have|we've|I have|I've|we don't have|there isn't|there aren't) (?:still )?(?:no|any|an?) "
    r"(?:\w+ ){0,2}(?:date|day|owner|decision|number|baseline|starting point|answer|name|plan|figure|schedule"
    r"|budget)s? (?:yet|so far|until|for)\b"
    r"|\b(?:there(?:'s| is| are)|we have|we've|I have|I've) (?:still )?no (?:\w+ ){0,2}(?:date|day|owner|decision|baseline"
    r"|starting point|answer|schedule)s?\b"
    r"|(?:\bnot|n't)(?: \w+)? clear(?: yet)? (?:who|when|which|what|whether|how|if|where)\b|\bunclear (?:who|when|which"
    r"|what|whether|how|if|where)\b"
    r"|\bno idea (?:who|when|where|which|whether|how many)\b|\bstill (?:arguing|discussing|debating|negotiating|deciding|figuring)\b"
    r"|\bnever (?:got|received|saw) (?:the|that|your|any|an?)\b|\b(?:wants?|needs?|has) to (?:see|approve|review|sign"
    r"|agree)\b[^.?!]* before\b"
    r"|\b(?:have|need|has|needs) to (?:agree|decide|settle)(?: on)?\b"
    r"|\b(?:has|have)(?:n't| not)(?: yet| been| really)? \w{3,}(?:ed|en|wn)\b(?! (?:any|a|the) (?:problem|trouble|complaint))"
    r"|\bstill (?:don't|do not|doesn't|can't|cannot|have no|has no)\b|\b(?:we|I)(?:'ll"
    r"| will) (?:only )?know (?:in|by|after|when|once|more)\b"
    r"|\bnobody (?:could|can) (?:tell (?:me|us)|say)\b|\b(?:still )?up to (?:the|your|their) [a-z]"
    r"|\bundecided\b|\bno (?:\w+ ){1,4}(?:yet|so far)\b"
    rf"|(?:\bnot|n't)(?: \w+){{0,3}}? (?:{_DONE}|there|here|ready|in place|available|back|arrived|come|received|heard|seen|finished)\b"
    r"[^.,?!]{0,20}\byet\b"
    r"|\bremains? to be (?:seen|decided|agreed|clarified)\b|\b(?:still|yet) to be \w+(?:ed|en)\b",
    re.IGNORECASE,
)
PENDING = re.compile(
    r"\bstill (?:(?:have|has|needs?) to|needs?|must|requires?|lacks?|waits? for|waiting|awaiting|pending|missing|outstanding|open)\b"
    r"|(?<!\bwe )\b(?:is|are) (?:pending|outstanding|overdue|on hold|missing)\b|\bawaiting\b",
    re.IGNORECASE,
)
TO_AGREE = re.compile(
    r"\b(?:leave|left|keep|kept) [^.?!]{0,40}?\b(?:open|aside|blank|out for (?:now|the moment|the time being))\b(?=[.,;!]|$)"
    r"|\bagree on (?:it|that|this|them) (?:separately|later|another|once|when|in)\b|\blet(?:'s| us) (?:\w+ )?(?:define|agree|fix"
    r"|settle|decide|sort|pick)"
    r"[^.?!]{0,40}\b(?:at some|together|later|another|again|nearer|in due)\b|\bagree(?:d)? to (?:disagree|differ)\b"
    r"|\bsort (?:that|it|this) out (?:near|clos|lat|when|in)\w*\b|\b(?:haven't|have not|hadn't) (?:\w+ )?(?:talked|spoken|agreed"
    r"|decided) (?:about|on|of) (?:what|how"
    r"|who|when|which|whether|the)\b|\b(?:is|are) to be (?:fixed|found|named) (?:once|when|after|later)\b|"
    r"\bto be (?:\w+ )?(?:agreed|confirmed|decided|defined|determined|named|scheduled|discussed|specified|fixed|arranged"
    r"|finali[sz]ed|worked out|settled|set|announced"
    r"|clarified|planned)\b|\bTB[CD]\b"
    r"|\b(?:can|will|could|should) (?:talk|speak|decide|discuss|look)\b[^.?!]{0,24}\b(?:once|when|after|later)\b"
    r"|\b(?:will be|is|are|gets?|be) (?:agreed|confirmed|decided|defined|scheduled|discussed|planned|announced|handled"
    r"|quoted|priced)(?: \w+){0,2} "
    r"(?:separately|later|in due course|at a later|after|once)\b"
    r"|\blet(?:'s| us) (?:plan|agree|decide|settle|discuss|define|look at|talk about|schedule) (?:that|those|these|it|them"
    r"|this|the)\b[^.?!]*"
    r"\b(?:in|after|when|later|once|at|next)\b"
    r"|\b(?:is|are|remains?|will be) (?:still )?(?:open|up in the air)\b(?= (?:until|for now|and)|[.,;]|$)",
    re.IGNORECASE,
)
_GONE = (
    r"(?:on (?:\w+ )?(?:leave|vacation|holiday|sabbatical)|in (?:hospital|surgery)|retiring|leaving(?: us| the \w+)?|(?:off|out|away)"
    r"(?= (?:from|until|till|for (?!lunch|dinner|coffee|a )|on|the whole|in|between|through|next|all|starting|as of"
    r"|at the end|\w+ (?:weeks?|months?|days?)|\d)))"
)
"""Away for a time, or for good; `out` and `away` alone are said of anything, so they need the time."""
_FOR_GOOD = (
    r"(?:(?:has |have |'s |'ve )?(?:handed in|given) (?:my|her|his|their|in)(?: my| her| his)? notice|(?:retires?|resigns?"
    r"|is retiring|are retiring)"
    r"|(?:has |have |'s |'ve )?(?:moved|moves|moving|gone|goes|going|transferred|switched) (?:over |on )?to (?:the |an)?other"
    r"|(?:has |'s )?left (?:the (?:company|firm|"
    r"business|team)|us)|(?:is|'s) (?:in hospital|on (?:maternity|paternity|parental|sick) leave|abroad|leaving|off sick)"
    r"|shuts? down|closes? down)"
)
AWAY = re.compile(
    rf"\b(?P<who>(?:[Oo]ur|[Mm]y|[Tt]he) (?:\w+ ){{1,4}}?|(?:[A-ZÀ-Þ][\w'’-]+ ){{1,2}}?)(?:\w+ ){{0,6}}?{_FOR_GOOD}\b"
    r"|\b(?:this is )?my last (?:day|week|month|year|shift)\b|\bI (?:shall|will|'ll|'m going to|am going to) be (?:abroad|away"
    r"|off|out|on (?:\w+ )?leave"
    r"|travelling|in hospital|unavailable)\b|\bmy (?:job|role|post|position|contract)\b[^.?!]{0,30}\b(?:goes|moves|ends|runs out"
    r"|is (?:cut|gone|over)|expires)\b"
    r"|\bwon't be (?:mine|here|around|in (?:this|the) (?:job|role)|with (?:you|the company))\b"
    rf"|\b(?P<name>[A-ZÀ-Þ][\w'’-]+?|(?:[Oo]ur|[Mm]y) \w+(?: \w+){{0,2}}?),?(?:'s|’s| is| will be| goes| starts"
    rf"| has gone)? (?:her |his |their )?{_GONE}\b"
    rf"|\bI(?:['’]m| am|['’]ll be| will be) {_GONE}\b|\bI (?:go|start|leave) (?:my )?{_GONE}\b"
    r"|\b(?P<leaver>[A-ZÀ-Þ][\w'’-]+),? (?:retires?|leaves|will (?:leave|retire)|has (?:left|resigned|handed in))\b"
    r"|\bmy last day\b|\bI(?:['’]m| am| will be|['’]ll be) (?:leaving|retiring|moving on)\b",
)
COVERED = re.compile(
    r"\bhas (?:everything|all (?:of )?(?:it|that))\b|\b(?:signs|decides|answers|speaks|acts) for (?:me|him|her|us)\b|\bcarr(?:y|ies) on\b"
    r"|\b(?:looks|will look) after (?:it|this|that|things|everything)\b|\b(?:his|her|my|their) (?:successor|replacement"
    r"|stand-in)\b|\bsteps? in\b|\bhands? over to\b"
    r"|\b(?:ask|write to|ring|call|contact) (?-i:[A-ZÀ-Þ])\w+\b|"
    r"\bstands? in\b|\bcovers? (?:for|his|her|their)\b|\bcovering\b|\bdeput|\bin (?:his|her|my|their) place\b"
    r"|\bback-?up (?:is|will be)\b|\bso it(?:'s| is) (?:me|us|\w+)\b"
    r"|\binstead of (?:me|him|her)\b|\btakes? over\b|\bwill be your contact\b|\bI(?:'m| am) your contact\b|\b(?:is"
    r"|am) (?:now )?(?:your|the|our) (?:main |new )?contact\b",
    re.IGNORECASE,
)
SUPPOSED = re.compile(r"\b(?:if|otherwise|would|could|might|roadmap)\b", re.IGNORECASE)
"""What would be, or is for another year, is not open in this deal."""
REQUEST = re.compile(
    r"\bplease (?:\w+ )?(?:ask|confirm|send|check|make sure|give|tell|change|share|provide|return|correct|update|let (?:me"
    r"|us) know (?!if you have|if there))"
    r"|\b(?:could|can|would|will) you (?:please |maybe |also )?(?:send|share|give|confirm|provide|forward|tell|put|ask"
    r"|check|find out|get)\b",
    re.IGNORECASE,
)
POLITE = re.compile(r"\bif you\b|\bcorrect me\b|\bask you\b|\blet (?:me|us) know if\b|\bany questions\b", re.IGNORECASE)
"""A request that wants nothing, or only perhaps."""
GRANTED = re.compile(
    r"^\W*(?:yes|yeah|yep|sure|of course|okay|ok|fine|done|absolutely|will do|no problem|certainly|gladly|here)\b|\battached\b"
    r"|\b(?:I|we)(?:'ll| will) (?:send|do|share|put|get|give|add|make)\b|\bI can do that\b|\bit's in\b",
    re.IGNORECASE,
)
