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
PUT_OFF = re.compile(
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
    r"|\b(?:question|answer) (?:is|was|remains) (?:still )?open\b|\bowes? (?:me|us|you|them|\w+ an answer)\b",
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
OWNERLESS = re.compile(
    r"\b(?:somebody|someone|some one)(?:'s)? (?:has to|have to|must|needs? to|should|could|gotta|got to|ought to|will have to)\b",
    re.IGNORECASE,
)
_DONE = (
    r"(?:approved|agreed|decided|settled|confirmed|named|chosen|picked|signed(?: off)?|tested|ordered|started|begun"
    r"|scheduled|booked|assigned"
    r"|checked|looked (?:at|into)|touched|found|hired|written|reviewed|planned|budgeted|given|sent|received|delivered|paid"
    r"|provided|supplied|installed|set up|completed|finished|thought (?:about|of))"
)
UNKNOWN = re.compile(
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
AWAY = re.compile(
    rf"\b(?P<name>[A-ZÀ-Þ][\w'’-]+?|(?:[Oo]ur|[Mm]y) \w+(?: \w+){{0,2}}?),?(?:'s|’s| is| will be| goes| starts"
    rf"| has gone)? (?:her |his |their )?{_GONE}\b"
    rf"|\bI(?:['’]m| am|['’]ll be| will be) {_GONE}\b|\bI (?:go|start|leave) (?:my )?{_GONE}\b"
    r"|\b(?P<leaver>[A-ZÀ-Þ][\w'’-]+),? (?:retires?|leaves|will (?:leave|retire)|has (?:left|resigned|handed in))\b"
    r"|\bmy last day\b|\bI(?:['’]m| am| will be|['’]ll be) (?:leaving|retiring|moving on)\b",
)
COVERED = re.compile(
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
