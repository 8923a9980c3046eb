"""What is only aimed at: roadmaps, and efforts without a guarantee."""

from __future__ import annotations

import re

from assistant.facts.dates import dates
from assistant.facts.topics import content_words

ROADMAP = re.compile(
    r"\broad ?map\b|\bon (?:the|our) (?:wish ?)?list for\b|\bback ?log\b|\b(?:planned|slated|scheduled|due|coming|shipping|ships"
    r"|lands|expected) (?:in|with|for|out in) "
    r"(?:Q[1-4]|(?:the |our )?(?:next|\w+) (?:release|version|quarter)|(?:the )?(?:spring|summer|autumn|fall|winter)\b)"
    r"|\b(?:is|are) (?:still )?(?:planned(?! for \w+ (?:hundred|thousand))|in development|under development|in beta"
    r"|with (?:our )?(?:engineering|product))\b"
    r"|\b(?:coming|comes|planned|out) (?:later|sometime|early|late)?\s?(?:this|next) (?:year|quarter|spring|summer|autumn|fall|winter)\b"
    r"|\bproduct (?:team|management) (?:has|is|are)\b.{0,30}\b(?:slated|planned|looking|working|building|developing)\b"
    r"|\bno (?:firm )?date (?:yet|for (?:it|that))\b|\bstill (?:next|this) (?:year|quarter)\b",
    re.IGNORECASE,
)
_EFFORT = re.compile(
    r"\b(?:we|i)(?: am| are| have been| will)? (?:still |really |currently |also )?(?:aim|aiming|shooting|targeting|hoping|hope"
    r"|trying|try"
    r"|planning|plan|working|intend|intending) (?:for|to|towards?)\b"
    r"|\b(?:our|the|my) (?:aim|target|plan|goal|hope|intention)(?: for [\w ]{2,40}?)? (?:is|would be|remains)\b|\bas a target\b"
    r"|\bit is an aim\b"
    r"|\b(?:end|start|middle|early|late|mid)\b.{0,40}\btarget\b|\b(?:is|are) (?:targeted|expected|aimed) (?:to|for|by|at)\b"
    r"|\bdo (?:our|my) best\b|\bdo (?:what|everything|all) (?:we|i) can\b|\b(?:best|reasonable|every) efforts?\b"
    r"|\bshould be (?:able to|there|ready|live|done|finished|available|up)\b|\bcan probably\b|\bhopefully\b|\bwith (?:any"
    r"|a bit of) luck\b"
    r"|\b(?:we|i) (?:would )?expect (?:us |it |them |that )?(?:to|will)\b|\b(?:we|i) would (?:look at|aim for|hope to|like to have)\b"
    r"|\bwill (?:hopefully|probably|try)\b|\bno guarantee\b",
    re.IGNORECASE,
)
_EFFORT_OF_TALK = re.compile(
    r"\b(?:try|trying|aim|aiming|hope|hoping|hopefully|plan|planning|working) (?:to |for |we |you )?(?:understand|find|figure|see"
    r"|get a|learn|hear|reach"
    r"|call|show|explain|say|talk|meet|join|keep (?:it|this)|be (?:brief|quick|honest)|share|make sure i|help)\b|\bmilestone\b"
    r"|\bplan is (?:simple|good)\b",
    re.IGNORECASE,
)


def is_effort(part: str) -> bool:
    """An aim at something: a day, or at least two words that say what."""
    aim = _EFFORT.search(part)
    if aim is None or _EFFORT_OF_TALK.search(part):
        return False
    rest = f"{part[: aim.start()]} {part[aim.end() :]}"
    return len(content_words(rest)) >= 2 or bool(dates(part, None))
