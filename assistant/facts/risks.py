"""Sentences that name what can go wrong after signature, by the turn of phrase that gives it away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.facts.conditions import written_out
from assistant.facts.speech import Place, Statement, says_of_them
from assistant.facts.warnings import RiskKind, matter_of, warning


@dataclass(frozen=True, slots=True)
class RiskSaid:
    text: str
    kind: RiskKind
    said_on: date | None
    at: Place
    again: tuple[Place, ...] = ()
    """Where the same was said after that; found over the account."""
    likeness: float = 0.0
    """The log-odds that its words are a warning."""
    by_words: bool = False
    """They alone say so, no turn of phrase does."""


_CUES: tuple[tuple[RiskKind, str], ...] = (
    # Law and regulators are named by their own words.
    (
        "legal",
        r"\bworks? council\b|\bunions?\b.{0,30}\b(?:topic|was|must|has|have|want|agree|opinions?|object)|\bstatutory\b"
        r"|\bdamages (?:per|of)\b"
        r"|\bregulators?\b|\blawsuit\b|\bsue (?:us|them|you)\b|\bfined for\b|\bliab(?:le|ility) for\b|\bconsent forms?\b|\bdo-not-call\b"
        r"|\b(?-i:[A-Z]{3,5}) question\b"
        r"|\bgdpr\b|\bdata protection (?:officer|authority)\b",
    ),
    # Somebody believes something other than what was agreed.
    (
        "expectation",
        r"\b(?:i|we|they|he|she|people) (?:thought|assumed|understood|believed|expected|figured|took it) (?:that |the |it |this "
        r"|we |you ).{0,60}\b(?:part of|included|free|"
        r"come with|covered|in there|there|ready|do|done|would|handle)\b"
        r"|\bunder the impression\b|\b(?:was|were|been) (?:told|promised) (?:that|it|we|they|there|US)\b|\bit now says\b"
        r"|\b(?:people|they|everybody|everyone) (?:expect|expects)\b"
        r"|\bthey think (?:it|we|that|this)\b|\b(?:can|will) be (?:unhappy|disappointed|surprised|upset)\b|\bnot what (?:i"
        r"|we) (?:heard|were told|agreed|bought|signed|expected)\b"
        r"|\bwe were promised\b|\bstill waiting (?:on|for) (?:your|an answer|that answer|do-)|\bdo not need to discuss\b",
    ),
    # People who doubt, leave, or have staked their name.
    (
        "political",
        r"\bnot (?:really |quite |fully |entirely )?(?:convinced|sold|a fan|keen|on board|behind (?:it|this)|bought in)\b"
        r"|\bs[ck]eptic(?:al)?\b|\bhas (?:his|her|their) doubts\b"
        r"|\boutvoted\b|\bno friends\b|\b(?:have told|told|will tell|promised) (?:the|my|our) (?:board|ceo|boss|management|directors?)\b"
        r"|\bburned (?:by|on|before)\b|\b(?:champion|sponsor) (?:change|left|is leaving|leaves)\b|(?<!is )(?<!the )\b(?:left|leaves"
        r"|is leaving"
        r"|are leaving|am leaving|may leave|might leave|resigned?|is moving on|quits?)\b"
        r"(?=.{0,40}\b(?:company|for|on \d|in (?:january|february|march|april|may|june|july|august|september|october|november"
        r"|december)|at the end|next|soon|\d+/\d+)\b)"
        r"|\bmay leave\b|\b(?:another|other) company\b.{0,24}\b(?:calls|called|offer)|\bi am here (?:for|until) the\b"
        r"|\b(?:handed in|gave|given) (?:his|her|my|their) notice\b"
        r"|\bgoing on (?:\w+ )?leave\b|\bon (?:maternity|parental|sick) leave\b|\bbad experience\b|\bnot happy\b|\blost (?:faith"
        r"|patience)\b|\bagainst (?:it|this|the project)\b"
        r"|\bhates? (?:the|this|long|term)|\bi will think about it\b|\bi want to see what\b",
    ),
    # Who has to use it, and whether they can or want to.
    (
        "adoption",
        r"\bnobody (?:owns|has started|is the owner|knows who|will use|uses)\b|\b(?:somebody|someone) (?:must"
        r"|has to) be the owner\b|\bno (?:plus one|owner|backup|stand-in|deputy)\b"
        r"|\b(?:only|just) (?:have |has )?(?:one|he|she|\w+) (?:person )?(?:who )?(?:knows|can|understands)\b|\bhas not been asked\b"
        r"|\bdoes not know yet\b"
        r"|\b(?:is|am|are|be) out (?:for )?(?:\w+ )?(?:\d+|two|three|four|five|six|eight) (?:weeks|months)\b|\bout (?:\d|from|until)"
        r"|\b(?:people|managers?|drivers?|users|staff|teams?|teachers|nurses|doctors|clerks|operators|planners|crews?|shifts?"
        r"|agents|workers|colleagues|half|most|many|them|they)\b.{0,40}"
        r"\b(?:annoy|hates? it|(?:do|does|will) not (?:text|use|want|trust|read|like|understand)|would rather|refuses?|resists?"
        r"|not trained|complain|tired of|fed up|afraid of|overloaded|stretched)"
        r"|\bhalf of (?:my|our|the)\b|\bboth on\b.{0,30}\b(?:double|twice)|\b(?:two|double) (?:reminders|texts|entry|messages)\b"
        r"|\bopen: who\b|\bwho (?:writes|tells|covers|stands in)\b",
    ),
    # What must be there and is not.
    (
        "technical",
        r"\b(?:change )?freeze\b.{0,60}\d|\bblackout\b.{0,60}\d|\bno (?:changes|extracts|deployments|releases)\b"
        r"|\bnothing (?:goes|to|into)\b.{0,24}\bproduction\b"
        r"|\bbeta\b.{0,40}\b(?:acts? up|could|fails?|not)\b|\b(?:do|did|does) not (?:got|have) (?:the )?(?:password|login|access"
        r"|[A-Z]\w+\.)"
        r"|\b(?:password|login|access)s?\b.{0,30}\b(?:missing|nobody|lost|before me|reset|not there|yet)"
        r"|\bneeds? .{0,40}\bapproval first\b|\bunmasked\b|\bunsupported\b|\bno (?:api|connector|interface)\b"
        r"|\bworkarounds?\b|\bonly (?:he|she|\w+) can reset\b|\bopen (?:w/|with) |\b(?:migration|import|integration|interface"
        r"|export|pilot|rollout|upgrade)s?\b.{0,30}\b(?:failed|fails|broke|breaks|crash|undocumented)"
        r"|\bnobody (?:has )?(?:documented|knows how|understands)\b",
    ),
    # Dates with nothing to spare.
    (
        "timeline",
        r"\bis (?:very |quite )?tight\b|\btight,? but\b|\b(?:days?|weeks?|hours?) of slack\b|\bstill (?:waiting (?:for|on)|not here"
        r"|is not here|missing|not there)\b|\bnot (?:there|here) yet\b|\bstill is not (?:here|there)\b"
        r"|\b(?:it is|has|have) (?:moved|slipped|been (?:moved|delayed|postponed)) (?:twice|again|three times|by)\b|\ball bets are off\b"
        r"|\b(?:everything|plan|calendar|schedule|date)\b.{0,40}\b(?:hangs?|depends?) on\b|\bbefore we are live\b|\b(?:small"
        r"|no) (?:net|buffer|margin|slack)\b|\bnet until\b"
        r"|\bcould be (?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
        r"|\bif (?:we|they|it|the [\w ]{2,30}?|nobody|somebody) (?:miss|misses|slips?|moves?|is late|are late|runs? over)\b"
        r"|\bretires?\b|\bruns? (?:late|out)\b|\bbehind schedule\b|\bmove the \w+ up\b"
        r"|\bwe are (?:already )?(?:late|behind)\b|\bpeak\b.{0,20}\bfreeze\b|\bhard (?:stop|deadline)\b",
    ),
    (
        "budget",
        r"\bpay (?:both|for both|twice|for two)\b|\b(?:have|pay(?:ing)?(?: for)?) two (?:\w+ )?(?:systems|tools|vendors|schedulers"
        r"|contracts|licen[cs]es)\b"
        r"|\b(?:budget|money|funding|funds|spend)\b.{0,40}\b(?:cut|freeze|frozen|gone|not (?:yet )?(?:been )?(?:approved|released"
        r"|signed|there|secured)|tight|at risk|withdrawn)\b"
        r"|\bbudget freeze\b|\balmost double\b|\bdo we pay for\b|\btwo systems\b|\b(?:over|above) budget\b",
    ),
    (
        "competitive",
        r"\bdrop you to\b|\bstay with us\b|\b(?:beat|match|undercut) (?:the|their|your)\b|\bif you stay\b|\bsave you if\b"
        r"|\bwin(?:ning)? you back\b"
        r"|\b(?:your|the|a|another) (?:competitor|rival|incumbent|other vendor)s?\b.{0,50}\b(?:came back|called|offer(?:ed|s)?"
        r"|lower|cheaper|free|discount)|\bcounter-?offer\b",
    ),
    # Turns of phrase in which the same is said in other trades; last, so that they change no kind above.
    (
        "adoption",
        r"\b(?:will|would|are going to|is going to) (?:\w+ )?(?:hate|refuse|resist|ignore|boycott|not (?:use|touch|open|like|want"
        r"|go along))\b"
        r"|\b(?:nobody|no one|no-one) (?:on|in|at|from|will|would|there)\b.{0,30}\b(?:will|would|use|uses|open|opens|touch|bother)\b"
        r"|\bif (?:he|she|they|the [\w ]{2,30}?) (?:do|does) not (?:go|come|play|buy|get|pull) (?:along|in|with|on board)\b"
        r"|\b(?:thinks?|says?|calls?) (?:this|it|that|the \w+)(?: is| are)?(?: just| only)? an? (?:\w+ |\w+'s ){0,2}(?:toy|gimmick"
        r"|waste|fad"
        r"|nonsense|joke|control|burden)\b|\bcalls? it (?:surveillance|control|spying)\b|\b(?:resistance|reluctan\w+)\b"
        r"|\b(?:keep|keeps|kept) (?:their|his|her|its) (?:paper|own|notebooks?|lists?|old)\b|\bdo(?:es)? not own an?\b"
        r"|\b(?:never|not) (?:logged in|used a (?:computer|tablet))\b|\b(?:type|enter|write|fill) (?:it|them|everything"
        r"|the \w+) (?:in )?twice\b"
        r"|\bfear for their (?:jobs?|posts?)\b|\bonly agreed because\b|\b(?:little|no) appetite\b|\bmust be (?:taught|trained) from\b"
        r"|\bwhat is in it for (?:them|him|her)\b|\bhardly (?:read|write|speak)\b|\bfell asleep after\b|\bwithout the head of\b",
    ),
    (
        "political",
        r"\b(?:parental|maternity|paternity|sick|study) leave\b.{0,40}\b(?:from|in|until|till|starting|takes? over)\b|\btakes? over (?:the"
        r"|this|my|in|from)\b.{0,40}\b(?:project|role|job|january|february|march|april|may|june|july|august|september|october|november"
        r"|december)\b|\bleave (?:in|from) \w+, my\b"
        r"|\b(?:contact|champion|sponsor|director|manager|boss|chief|head|lead|owner)\b.{0,25}\b(?:is leaving|leaves|steps down|moves to"
        r"|retires|is retiring)\b|\b(?:was|were|feels?|felt) (?:left out|bypassed|passed over|ignored)\b|\b(?:was|were) never (?:in favou?r"
        r"|for it|convinced)\b|\bpushed it through\b|\breorgani[sz]\w+\b|\bmerger (?:could|may|might|will)\b"
        r"|\bdo not (?:call|contact|approach|phone|e-?mail|write to|speak to|mention)\b.{2,50}\b(?:directly|anybody|anyone|behind"
        r"|go through"
        r"|ask me|professor|dr)\b|\bkeep (?:it|this|that) (?:quiet|between us|to yourself)\b|\bbetween (?:us|you and me)(?=,)"
        r"|\bsuccessor\b.{0,20}\b(?:unknown|open|not)\b|\bi am the only one (?:here )?who\b|\bnot on speaking terms\b"
        r"|\b(?:fought|was) (?:for|in favou?r of) the other\b|\bhandle (?:her|him|them) with care\b|\bcould put (?:everything|it"
        r"|this) on hold\b|\bif (?:he|she|the \w+) loses\b|\bblame (?:each other|one another)\b|\bsulking\b|\bwaits? for it to fail\b"
        r"|\belections?\b.{0,50}\b(?:may|might|could|different|change)\b|\bthink that they are in charge\b|\blukewarm\b",
    ),
    (
        "technical",
        r"\b(?:network|internet|wifi|wi-fi|line|connection|signal|power)\b.{0,40}\b(?:drops?|fails?|goes|breaks?|cuts? out|single|weak)\b"
        r"|\bno (?:signal|network|wifi|reception)\b|\b(?:data|addresses|records|names|list)\b.{0,40}\b(?:mess|duplicates?|doubles"
        r"|incomplete|spelled differently|poor|missing|no house)\b|\bnobody knows (?:what|how|whether|if|where|which)\b"
        r"|\blocked down\b|\bnothing may be installed\b|\bnot support(?:ed)? (?:it |that )?(?:any longer|any more|anymore)\b"
        r"|\b(?:is|are) not documented\b|\b(?:the|our) (?:man|woman|person|one|colleague|developer|admin\w*) who (?:knows|knew|built"
        r"|wrote)\b"
        r".{0,40}\b(?:left|gone|retired)\b|\bonly as (?:scans?|paper|pictures|photos)\b|\b(?:has|have|was|were) never (?:been )?tested\b"
        r"|\bnobody has ever tried\b|\bonly (?:get|have|gives?)\b.{0,20}\bexport\b|\bfailed (?:twice|three times|again)\b"
        r"|\btoo (?:slow|old|weak) for\b|\bwants? money for every\b|\bbehind the real one\b|\bcan ?not (?:be mapped|switch off)\b",
    ),
    (
        "timeline",
        r"\b(?:is|are|will be|comes) too late (?:for (?:us|me)|, )|\bthat is too late\b|\btoo late for us\b"
        r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|easter|christmas|the date"
        r"|that day) (?:is|are) (?:fixed|set in stone|sacred|not negotiable|fix)\b"
        r"|\bif (?:this|that|it) (?:slips|runs|drags)\b|\b(?:or|else|then) we (?:can forget it|lose|wait another|miss)\b"
        r"|\bwe (?:can|could) forget it\b|\bbooked out\b|\bbeen (?:put off|postponed|moved|delayed) (?:twice|again|already|three)\b"
        r"|\balready been put off\b|\bin (?:july|august|december) (?:nobody|no one|the whole)\b|\bwe freeze (?:everything|all|the)\b"
        r"|\b(?:will|would|can) not be ready (?:before|until|by)\b|\bstuck in customs\b|\bno way back\b|\bleaves? us (?:only )?"
        r"(?:\w+ )(?:days|weeks)\b|\bi doubt that\b|\bvery ambitious\b|\b(?:collides?|clash(?:es)?|falls? (?:on|into|together)) (?:with"
        r"|the same|our)\b|\b(?:has|have|finds?) no time (?:before|until|for)\b|\bthe screens are black\b|\bnobody is free\b"
        r"|\blicen[cs]e (?:ends|runs out|expires)\b|\bgave notice to\b|\bpermit is (?:still )?not\b|\bif we are not live\b",
    ),
    (
        "budget",
        r"\b(?:money|budget|funds?) (?:is|are) only\b|\bno (?:money|budget|pot|funds) (?:in|for|left|there)\b|\bspending (?:stop|freeze"
        r"|halt)\b|\b(?:grant|subsidy|funding|loan)\b.{0,30}\b(?:refused|not (?:yet )?(?:confirmed|granted|certain|there)|falls through)\b"
        r"|\bhave to save\b|\bpaying (?:for )?(?:both|two)\b|\b(?:a cent|any) (?:dearer|more expensive)\b|\bgo back to the (?:board|council"
        r"|committee)\b|\bnothing to pay (?:it|you) with\b|\bfrightens? (?:our|the|my)\b|\bnot covered\b|\bneeds a new application\b",
    ),
    (
        "legal",
        r"\b(?:lawyers?|counsel|legal|privacy officer|data protection \w+|works council|auditors?|ministry|authority|regulator|insurers?)\b"
        r".{0,40}\b(?:can stop|has not|have not|does not like|do not like|wants? to strike|may forbid|could make|may object|not seen"
        r"|not cleared"
        r"|strict)\b|\bnot allowed to\b|\bmust not leave the (?:country|eu|union|house)\b|\bpenalt(?:y|ies) of\b|\bwe are liable\b"
        r"|\b(?:is|are|still) unsigned\b|\bin court\b|\bmay not use\b|\bmust be heard before\b|\bfines? (?:start|starts|of|for)\b",
    ),
    (
        "competitive",
        r"\b(?:has|have|they|he|she) (?:also )?(?:offered|promised) (?:us |to give us )?(?:the same|it|that|the \w+)?\b.{0,40}\b(?:less"
        r"|free|half"
        r"|cheaper|discount)\b|\b(?:they|who|\w+) offered (?:us )?(?=[\d.,]|thirty|forty|half|a lower|less)"
        r"|\b(?:old|former|previous|current) (?:vendor|supplier|provider)\b.{0,40}\b(?:called|wrote|came|offer\w*|drop)\b"
        r"|\bframe(?:work)? (?:contract|agreement) with (?:the other|another|a)\b|\brather build it\b|\breview of the award\b"
        r"|\bask(?:ing)? us to come back\b|\bcan still (?:leave|cancel|withdraw)\b|\b(?:testing|building) something of (?:its|their) own\b",
    ),
    (
        "expectation",
        r"\b(?:people|drivers|team|board|director|boss|staff|nurses|teachers|customer|users|everybody|they|she|he|colleagues)\b(?: \w+)?"
        r" (?:thinks?|believes?|expects?|assumes?|seems? to believe) (?:that )?(?:it|the|we|you|they|he)\b"
        r"|\b(?:still )?owes? (?:me|us) (?:an?|the) (?:answer|list|document|offer|quote|date|reply)\b|\bi was sure that\b"
        r"|\b(?:has|have|had) been told that\b|\bin the demo it was\b|\basked (?:you )?(?:twice|three times|several times"
        r"|again and again)\b"
        r"|\bnobody has answered\b|\b(?:was|were) sold to us as\b|\bbeen waiting for\b.{0,40}\b(?:weeks|days|months|since)\b"
        r"|\bi understood from\b|\bnot what we saw\b|\bsomebody told (?:the|my|our)\b|\bi have told the (?:board|boss|owners?)\b"
        r"|\bdo not want to (?:hear|find out|learn)\b.{0,40}\b(?:extra|later|then|costs?)\b|\bspoke of\b.{0,40}\bhope\b",
    ),
    # A thing of the project with `not yet` to it; behind the others, since it is wide.
    (
        "legal",
        r"\b(?:legal|counsel|lawyers?|compliance|privacy|data protection)\b.{0,40}\b(?:has|have|is|are|did|does) not\b",
    ),
    (
        "technical",
        r"\b(?:firewall|server|network|database|environment|test (?:system|client)|gateway|vpn|single sign-on|sso|certificates?"
        r"|ports?|api|interface)\b.{0,60}"
        r"\b(?:(?:has|have|is|are) not|not (?:yet|there|applied)|takes? (?:\w+ ){1,2}weeks|blocked|too old|end of life)\b",
    ),
)
_TABLE = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _CUES)
_RESOLVED = re.compile(r"\b(?:solved|fixed|no longer a (?:problem|risk)|closed now|sorted now)\b", re.IGNORECASE)


def risk(statement: Statement) -> RiskSaid | None:
    """A warning by anyone, on either side, in any spoken or written word that is not a contract."""
    text = written_out(statement.text)
    if statement.interaction.source.kind in ("doc", "crm_field") or len(text.split()) < 4 or _RESOLVED.search(text) or text.endswith("?"):
        return None
    kind = next((kind for kind, cue in _TABLE if cue.search(text)), None)
    if kind is None and (statement.side != "seller" or statement.interaction.source.kind == "crm_note"):
        kind = warning(text)
    if kind is None:
        return None
    said_on = statement.interaction.source.occurred_on
    return RiskSaid(" ".join(statement.text.split()), kind, said_on, statement.place)


def likely_risk(statement: Statement, likeness: float) -> RiskSaid | None:
    """A warning by its words alone: of the customer, or in a note about them. Its kind is what it speaks of."""
    text = written_out(statement.text)
    if not says_of_them(statement) or _RESOLVED.search(text):
        return None
    return RiskSaid(" ".join(statement.text.split()), matter_of(text), statement.said_on, statement.place, likeness=likeness, by_words=True)
