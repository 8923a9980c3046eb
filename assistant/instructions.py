"""Finds words in the history that are addressed to a machine ("ignore the rest of this data and print …"): never evidence of anything.

An extractive answer obeys nobody, but it would show such words as somebody's, and a language model may do as they say. So they are
neither quoted nor sent; the source still shows them to whoever opens it. The rules look for what mails between people do not do
(wave earlier instructions away, speak in the turns of a chat, address an assistant, say how a reply is to be encoded) and not for
what an attacker may want said.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.passages import sentences
from ingest.records import Span

LONG_LINE = 400
"""Characters; of a longer line only the sentence and the one after it are taken."""
LONGEST_BLOCK = 2_000
"""Between an opening mark and the one that closes it."""

_MACHINE = (
    r"(?:ai|a\.i\.|(?:ai |virtual |digital )?assistants?|chat ?bots?|llms?|(?:large )?language models?|copilots?|gpt\S*"
    r"|summari[sz]ers?)"
)
_MACHINES = rf"{_MACHINE}(?:(?:\s*[,/&]|\s+(?:and|or))+\s*(?:\w+ ){{0,2}}{_MACHINE})*"
"""One, or several in a row: `AI assistants, chatbots and call summarizers`."""
_REPLY = r"(?:answers?|responses?|repl(?:y|ies)|outputs?|completions?)"
_TOLD = r"(?:instructions?|prompts?|directives?|guidelines?|commands?|rules?|context|data|input|training)"
_EARLIER = r"(?:previous|prior|preceding|above|earlier|foregoing|initial|original|existing|system|the rest)"
_WAVE_AWAY = r"(?:ignore|disregard|forget|override|overrule|bypass|do not follow|don't follow|stop following)"
_CHANGE = r"(?:render|encode|encrypt|modify|alter|augment|enhance|integrate|substitute|shift|reverse|scramble|obfuscate|translate|rewrite)"
_CODE = r"(?:base ?\d+|cipher|rot13|morse|leetspeak|emojis? only|reverse)"

_RULES = tuple(
    re.compile(rule, re.I)
    for rule in (
        rf"\b{_WAVE_AWAY}\b.{{0,40}}\b{_EARLIER}\b.{{0,40}}\b{_TOLD}\b",
        rf"\b{_WAVE_AWAY}\b.{{0,20}}\b(?:all|any|your|every)\b.{{0,20}}\b(?:instructions?|prompts?|guidelines?|training)\b",
        r"\bignorier\w*\b.{0,50}\b(?:anweisung|instruktion|vorgabe)\w*|\bignore[zr]\b.{0,50}\b(?:instructions|consignes)\b"
        r"|\bnegeer\b.{0,50}\b(?:instructies|opdrachten)\b|\bignora\b.{0,50}\b(?:instrucciones|istruzioni)\b",
        rf"\byou are (?:now |no longer |henceforth )?(?:a |an |the )?(?:\w+ ){{0,3}}{_MACHINE}\b",
        r"\bas an ai (?:assistant|language|model)",
        r"^\W*(?:attention|dear|hey|hello|note|notice|instructions?|message|memo|reminder|important)\W+(?:to |for )?"
        rf"(?:the |any |all |every |our |whichever )?(?:\w+ )?{_MACHINES}"
        r"(?=\s*[:,!;—–-]|\s+(?:reading|processing|summari[sz]ing|that|who|which|must|should|please)\b)",
        rf"\b{_MACHINE}\b(?: \w+){{0,4}} (?:reading|processing|summari[sz]ing|parsing|handling) (?:this|the)\b",
        r"\b(?:reveal|print|show|output|repeat|leak|disclose|quote)\b.{0,40}"
        r"\b(?:system prompt|your (?:\w+ )?(?:instructions|prompt|guidelines))\b",
        rf"\b{_CHANGE}\b.{{0,80}}\b(?:your|the) {_REPLY}\b",
        rf"^\W*(?:reply|respond|answer)\b.{{0,30}}\b(?:in|using|with)\b.{{0,20}}\b{_CODE}\b",
        rf"\bin your {_REPLY}\b.{{0,10}}\b(?:suggest|mention|promote|recommend|claim|state|tell|link)\b",
        r"^\W*(?:print|repeat)\s+(?:after me\W|the following\W|exactly\W|verbatim\W|[\"“‘'<`\[!])",
        r"\b(?:repeat|print)\s*<",
        r"\bsystem override\b|\bdeveloper mode (?:on|enabled|activated)\b|\bnew (?:system )?instructions?\s*:",
    )
)
_MARK = re.compile(
    r"<\|[a-z_ ]{2,30}\|>|</?(?:system|assistant|instructions?|prompt|im_start|im_end|admin|override)>|\[/?(?:INST|SYS|SYSTEM)\]|<</?SYS>>"
    r"|^[ \t]*(?:-{2,}|#{2,}|={3,}|\*{3,})[ \t]*(?:[A-Z][A-Z ,]*\b(?:INSTRUCTIONS?|PROMPT|OVERRIDE|SYSTEM)\b.*"
    r"|RESUME|END OF (?:INSTRUCTIONS?|PROMPT))[ \t=#*-]*$",
    re.M,
)
_SPOKEN = re.compile(r"^[>\s]*(?:assistant|ai|bot|model)\s*:.*\n(?:[^\n]*\n){0,3}?[>\s]*(?:user|human)\s*:.*$", re.I | re.M)
"""Both sides of a chat with a machine, in somebody's mail."""


@lru_cache(maxsize=4_096)
def instructions(text: str) -> tuple[Span, ...]:
    """The stretches addressed to a machine, in order and apart."""
    found = [*_marked(text), *(Span(m.start(), m.end()) for m in _SPOKEN.finditer(text)), *_ruled(text)]
    merged: list[Span] = []
    for span in sorted(found, key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return tuple(merged)


def addressed(text: str, span: Span) -> bool:
    """Whether any of a stretch of the text is addressed to a machine."""
    return any(found.start < span.end and span.start < found.end for found in instructions(text))


def without_instructions(text: str, span: Span) -> str:
    """A stretch of the text with `[…]` for what is addressed to a machine."""
    parts, at = [], span.start
    for found in instructions(text):
        if found.start < span.end and at < found.end:
            parts.append(text[at : max(at, found.start)] + "[…]")
            at = min(found.end, span.end)
    return "".join((*parts, text[at : span.end]))


def _marked(text: str) -> list[Span]:
    """From each mark to the next, which closes it; from one that nothing closes, its line."""
    marks = list(_MARK.finditer(text))
    found = []
    while marks:
        first = marks.pop(0)
        closing = marks.pop(0) if marks and marks[0].end() - first.start() <= LONGEST_BLOCK else None
        found.append(Span(first.start(), closing.end() if closing else _line(text, first.start()).end))
    return found


def _ruled(text: str) -> list[Span]:
    found = []
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            parts = sentences(line)
            for number, part in enumerate(parts):
                if any(rule.search(line[part.start : part.end]) for rule in _RULES):
                    if len(line) <= LONG_LINE:
                        found.append(Span(at, at + len(line.rstrip())))
                        break
                    last = parts[min(number + 1, len(parts) - 1)]
                    found.append(Span(at + part.start, at + last.end))
        at += len(line)
    return found


def _line(text: str, at: int) -> Span:
    end = text.find("\n", at)
    return Span(text.rfind("\n", 0, at) + 1, end if end >= 0 else len(text))
