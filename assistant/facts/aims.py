"""What is only aimed at: roadmaps, and efforts without a guarantee."""

from __future__ import annotations

import re

from assistant.facts.dates import dates
from assistant.facts.figures import figures
from assistant.facts.topics import content_words

ROADMAP = re.compile(
    r"\broad ?map\b|\bon (?:the|our) (?:wish ?)?list for\b|\bback ?log\b|\b(?:planned|slated|scheduled|due|coming|shipping|ships"
    r"|lands|expected) (?:in|with|for|out in) "
    r"(?:Q[1-4]|(?:the |our )?(?:next|\w+) (?:release|version|quarter)|(?:the )?(?:spring|summer|autumn|fall|winter)\b)"
    r"|\b(?:ships?|shipping|released?|arrives?|comes?|scheduled|planned|due) (?:with|in|for) (?:the |our )?(?:\w+ )?(?:update"
    r"|release|version)\b"
    r"|\b(?:is|are) coming\b(?=.{0,60}\b(?:date|later|year|quarter|soon|some ?time)\b)|\bnext (?:generation|version|release)\b"
    r"|\b(?:later|next|second|third) phase\b(?=.{0,60}\bnot\b)|\b(?:have|has) not (?:been )?scheduled\b"
    r"|\bdo not have a (?:release )?date\b"
    r"|\bplan(?:ning|s)? to (?:add|build|support|release|launch|open|ship)\b(?=.{0,40}\b(?:next|later|year|quarter)\b)"
    r"|\b(?:opening|building|launching|adding) (?:one|it|a|an|the)\b.{0,40}\b(?:some ?time|second half|next year|later)\b"
    r"|\b(?:team|developers|engineers|product)(?:'s| is| are) (?:looking at|working on|thinking about|building)\b"
    r"|\bpencill?ed (?:in )?for the (?:\w+ )?(?:quarter|half|release|spring|summer|autumn|winter)\b|\b(?:hang|put) a date on\b"
    r"|\blooking at (?:that|it) for\b|\bon our list\b"
    r"|\b(?:is|are) (?:still )?(?:planned(?! for \w+ (?:hundred|thousand))|in development|under development|in beta"
    r"|with (?:our )?(?:engineering|product))\b"
    r"|\b(?:coming|comes|planned|out) (?:later|sometime|early|late)?\s?(?:this|next) (?:year|quarter|spring|summer|autumn|fall|winter)\b"
    r"|\bproduct (?:team|management) (?:has|is|are)\b.{0,30}\b(?:slated|planned|looking|working|building|developing)\b"
    r"|\bno (?:firm )?date (?:yet|for (?:it|that))\b|\bstill (?:next|this) (?:year|quarter)\b",
    re.IGNORECASE,
)
_EFFORT = re.compile(
    r"\b(?:we|i)(?: am| are| have been| will| would| can| could)? (?:still |really |currently |also )?(?:aim|aiming|shooting"
    r"|targeting|hoping|hope"
    r"|trying|try"
    r"|planning|plan|working|intend|intending) (?:for|to|towards?)\b"
    r"|\b(?:our|the|my) (?:aim|target|plan|goal|hope|intention)(?: for [\w ]{2,40}?)? (?:is|would be|remains)\b|\bas a target\b"
    r"|\bit is an aim\b"
    r"|\b(?:end|start|middle|early|late|mid)\b.{0,40}\btarget\b|\b(?:is|are) (?:targeted|expected|aimed) (?:to|for|by|at)\b"
    r"|\bdo (?:our|my) best\b|\bdo (?:what|everything|all) (?:we|i) can\b|\b(?:best|reasonable|every) efforts?\b"
    r"|\bshould be (?:able to|there|ready|live|done|finished|available|up)\b|\bcan probably\b|\bhopefully\b|\bwith (?:any"
    r"|a bit of) luck\b"
    r"|\b(?:we|i) (?:would )?expect (?:us |it |them |that )?(?:to|will)\b|\b(?:we|i) would (?:look at|aim for|hope to|like to have)\b"
    r"|\bwill (?:hopefully|probably|try)\b|\bno guarantee\b|\bnot (?:a )?guaranteed\b"
    r"|\b(?:we|i) (?:would )?expect (?!you|your|that you)[\w -]{2,40}? to (?:be|have|run|arrive|finish)\b|\b(?:we|i) (?:am "
    r"|are )?confident\b"
    r"|\b(?:ideally|realistically|most likely|in all likelihood)\b|\bought to be\b|\b(?:is|are) what (?:we|i) (?:am "
    r"|are )?(?:planning|aiming|working)"
    r"|\b(?:make|making) every effort\b|\b(?:we|i) (?:usually|normally|generally) .{0,60}\b(?:not promise|no promise|not guarantee)\b"
    r"|\bwould hope\b|\bshould be (?:doable|possible|fine|feasible)\b|\bthat is the (?:target|aim|goal|plan)\b"
    r"|\bwhat we are (?:working|aiming|planning)\b|\bthe plan is to\b",
    re.IGNORECASE,
)
_EFFORT_OF_TALK = re.compile(
    r"\b(?:try|trying|aim|aiming|hope|hoping|hopefully|plan|planning|working) (?:to |for |we |you )?(?:understand|find|figure|see"
    r"|get a|learn|hear|reach"
    r"|call|show|explain|say|talk|meet|join|keep (?:it|this)|be (?:brief|quick|honest)|share|make sure i|help)\b|\bmilestone\b"
    r"|\blike to have (?:that|this|the|a) (?:conversation|discussion|chat|talk|debate|look)\b|\bplan is (?:simple|good)\b",
    re.IGNORECASE,
)


def is_effort(part: str) -> bool:
    """An aim at something: a day, a figure, or a word that says what."""
    aim = _EFFORT.search(part)
    if aim is None or _EFFORT_OF_TALK.search(part):
        return False
    rest = f"{part[: aim.start()]} {part[aim.end() :]}"
    return len(content_words(rest)) >= 1 or bool(dates(part, None)) or bool(figures(rest))
