"""Follow-ups made to stand alone, by rules: `And when?` becomes the question before it with another question word.

Only words of the thread are used; where no rule can rebuild the sentence, what it is about is said beside it instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import Exchange
from assistant.facts.topics import CONCEPTS

MOST_OF_TOPIC = 14
"""Words of the earlier question that are told beside a follow-up."""
MOST_OF_THING = 6
"""Words of a thing put in the place of another: `and the depots in Norway?`"""

AUXILIARY = r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n[’']t)?"
_WORD = (
    r"(?:(?:for |since |until |till |by |from |to |with |at |in |on |of )?(?:how (?:much|many|long|often|soon|far|big|sure)"
    r"|when|why|how|where|whom?|whose|which (?:day|date|month|week|one)|what (?:day|date|time|price|cost)))"
)
AGREES = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|sure|ok|okay|please|go on|go ahead|do(?: that| so| it)?|tell me(?: more)?|more|and|exactly|right|that one)"
    r"\b\W*)+$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^\W*(?:(?:and|but|so|then|or|ok|okay|well|also)\b[\s,]*)+", re.IGNORECASE)
_ONLY_ASKS = re.compile(
    rf"^(?P<word>{_WORD})(?P<more>(?: (?:exactly|precisely|then|was that|is that|did that happen))*)\W*$", re.IGNORECASE
)
_ASKS_ELSE = re.compile(r"^(?P<word>who|what|where|when|why) else\W*$", re.IGNORECASE)
_OF_ANOTHER = re.compile(r"^(?:what|how) about\s+(?P<thing>[^?]+?)\W*$", re.IGNORECASE)
_PLACED = re.compile(
    r"^(?P<with>in|for|about|regarding|at|on|with|from|to|by|under|after|before|during|since) (?P<thing>.+)$", re.IGNORECASE
)
_SCOPE = re.compile(
    r"^(?P<scope>(?:in|since|after|before|until|at|during|from|according to|as of|looking (?:from|back)|if|once)\b[^,?]{3,60}),\s+"
    rf"(?=(?:who|whom|whose|what|which|when|where|why|how|by|for|until|{AUXILIARY})\b)",
    re.IGNORECASE,
)
_WHETHER = re.compile(rf"^(?P<aux>{AUXILIARY})\b (?P<rest>.+)$", re.IGNORECASE)
_ASKED = re.compile(
    r"^(?P<word>(?:(?:for|since|until|till|by|from|to|at|in|on) )?"
    r"(?:who|whom|whose|what|which|when|where|why|how(?: (?:much|many|long|often|soon|far|big))?))\b"
    + rf"(?P<thing>(?: (?!{AUXILIARY}\b)[\w’'&%$.-]+){{0,5}}?) (?P<aux>{AUXILIARY})\b (?P<rest>.+)$",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"^(?:I|we|you|they|he|she|it|the|our|their|his|her|your|my|a|an|somebody|anybody|everybody|sales|[A-Z]\w+)\b")
"""What a sentence's subject begins with: in `what did sales promise` it follows the auxiliary, in `what has changed` it does not."""
_NEXT_PART = re.compile(
    rf",? and (?=(?:who|whom|whose|what|when|where|why|how|which|by when|since when|for how|in wh\w+|{AUXILIARY})\b)", re.I
)
_ABOUT = re.compile(r"\b(?:about|regarding|concerning|as to)\s+(?P<thing>[^?,]+?)\W*$", re.IGNORECASE)
_ON_A_MATTER = frozenset({"on", "about", "regarding", "with"})
_MATTER = re.compile(rf"\b(?:{'|'.join(sorted(_ON_A_MATTER))})\s+[^?,]+$", re.IGNORECASE)
"""What a question ends in that says of which matter it is: `what changed about the SLA`."""
_IN_ITS_PLACE = re.compile(r"\b(?:that|this|it|those|these) \((?P<thing>[^()]*)\)", re.IGNORECASE)
_BESIDE = re.compile(r"^(?P<asked>.*?)\s*\(about: (?P<thing>.*)\)\W*$")
_NAMES = re.compile(r"(?<![.?!] )(?<!^)\b[A-ZÀ-Þ][\w&’'-]*(?: [A-ZÀ-Þ][\w&’'-]*)*")
_POINTER = re.compile(
    r"\b(?P<word>that|this|it|those|these)(?=\W*$|,|\s+(?:ever|also|still|now|really|already|written|included|covered|true|so|in|on|for|from"
    rf"|at|with|by|to|of|too|again|cost|{AUXILIARY})\b)",
    re.IGNORECASE,
)
_POINTS_AT_ONE = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_ANSWERED_BY_A_PERSON = re.compile(r"^\W*(?:we|you|they|I|he|she|it|our side|the customer)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Whole:
    text: str
    instead: bool
    """It says all that the follow-up asks and is searched in its place; else it only shows what the follow-up is about."""


def whole(text: str, thread: Sequence[Exchange], named: Mapping[str, str] | None = None) -> Whole:
    """A follow-up of a thread that is not empty. `named` are people whom earlier questions name, id to name.

    >>> whole("And when?", [Exchange("Do we send a trainer?", "Do we send a trainer?", "")]).text
    'When do we send a trainer?'
    """
    before = _bare(thread[-1].standalone or thread[-1].question)
    if AGREES.match(text):
        return Whole(thread[-1].offered[0] if thread[-1].offered else _asking(before), instead=True)
    words = _OPENING.sub("", text).strip() or text
    if only := _ONLY_ASKS.match(words):
        return _asked_otherwise(only["word"], before)
    if (other := _ASKS_ELSE.match(words)) and before.casefold().startswith(other["word"].casefold() + " "):
        return Whole(_asking(f"{other['word']} else{before[len(other['word']) :]}"), instead=True)
    if thing := _another(words):
        return _of_another(thing, before)
    return Whole(_beside(words, before, named or {}), instead=False)


# --- the question before, asked otherwise


def _asked_otherwise(word: str, before: str) -> Whole:
    """`When?` after `Do we send a trainer?` is `When do we send a trainer?`"""
    scope, asked = _scoped(_first_part(before))
    measure = re.search(r"\bhow (?:much|many|long|often|far|big|sure)\b", word, re.IGNORECASE)
    if (whether := _WHETHER.match(asked)) and not measure:
        return Whole(_asking(f"{scope}{_lowered(word)} {whether['aux'].lower()} {whether['rest']}"), instead=True)
    found = _ASKED.match(asked)
    if found and not measure and _has_place(found):
        rest = _with_gap(found, word)
        return Whole(_asking(f"{scope}{_lowered(word)} {found['aux'].lower()} {rest}"), instead=True)
    return Whole(_asking(f"{scope}{_lowered(word)} (about: {_lowered(asked)})"), instead=False)


def _has_place(found: re.Match[str]) -> bool:
    """Whether its question word can be exchanged: not where it is what the sentence is about, as in `what has changed`."""
    word, aux = found["word"].casefold().split()[-1], found["aux"].casefold()
    if word in ("when", "where", "why", "how", "long", "often", "soon", "far"):
        return True
    if aux in ("is", "are", "was", "were") and not re.search(r"\w(?:ing|ed)\b", found["rest"]):
        return False
    return bool(_SOMEBODY.match(found["rest"]))


def _with_gap(found: re.Match[str], word: str) -> str:
    """With what the question word stood for, where the sentence would lack it: `did we commit to that go-live date`."""
    asked, thing, rest = found["word"].casefold(), found["thing"].strip(), found["rest"]
    if word.casefold() == asked:
        return rest
    if asked.endswith(("much", "many", "long", "often")):
        return f"{rest} that {' '.join((asked.split()[-1], thing)).strip()}"
    if asked in ("what", "which") and not thing and (about := _ABOUT.search(rest)):
        return f"{rest[: about.start()]}that {rest[about.start() :]}"
    return f"{rest} that {thing}" if asked in ("what", "which") and thing else rest


# --- of another thing


def _another(words: str) -> str | None:
    """`SCIM` of `What about SCIM?` and of `And SCIM?`; None where it is a sentence of its own."""
    asked = _OF_ANOTHER.match(words)
    thing = (asked["thing"] if asked else words.rstrip(" ?!.")).strip()
    sentence = re.search(rf"\b(?:{AUXILIARY}|who|whom|whose|what|which|when|where|why|how)\b", thing, re.IGNORECASE)
    pointing = re.fullmatch(r"(?:that|this|it|those|these|them|they|he|she|him|her|us|you|me|everyone|both|neither|either)", thing, re.I)
    return None if sentence or pointing or not thing or len(thing.split()) > MOST_OF_THING else thing


def _of_another(thing: str, before: str) -> Whole:
    """`What about SCIM?` after `What did sales promise about SSO?` asks what sales promised about SCIM."""
    asked = _first_part(before).rstrip(" ?")
    placed = _PLACED.match(thing)
    if placed and (found := list(re.finditer(rf"\b{placed['with']} (?:[A-ZÀ-Þ][\w-]*(?: [A-ZÀ-Þ][\w-]*)*|(?:the|their|our) \w+)", asked))):
        return Whole(_asking(f"{asked[: found[-1].start()]}{thing}{asked[found[-1].end() :]}"), instead=True)
    if placed and (matter := _MATTER.search(asked)) and placed["with"].casefold() in _ON_A_MATTER:
        return Whole(_asking(f"{asked[: matter.start()]}{thing}"), instead=True)
    for held in () if placed else (_same_matter(thing, asked), _ABOUT.search(asked), _last_name(thing, asked)):
        if held is not None:
            start, end = held.span("thing" if "thing" in held.re.groupindex else 0)
            return Whole(_asking(f"{asked[:start]}{thing}{asked[end:]}"), instead=True)
    return Whole(_asking(f"{asked} {thing}" if placed else f"{asked}, as to {thing}"), instead=False)


def _same_matter(thing: str, asked: str) -> re.Match[str] | None:
    """The one word for one of the trade's matters, where the other thing is such a matter too."""
    if not any(pattern.search(thing) for _, pattern in CONCEPTS):
        return None
    held = [found for _, pattern in CONCEPTS for found in pattern.finditer(asked)]
    return held[0] if len(held) == 1 and _is_a_thing(held[0], asked) else None


def _is_a_thing(found: re.Match[str], text: str) -> bool:
    """Whole words that stand where a thing does, not `go live` in `when do they go live` nor the first half of `go-live date`."""
    led = found.group().isupper() or re.search(rf"\b{_LEADS}\s+$", text[: found.start()], re.IGNORECASE)
    return bool(led) and re.match(rf"\W*$|,|\s+{_LEADS}\b", text[found.end() :], re.IGNORECASE) is not None


_LEADS = r"(?:a|an|the|their|our|any|about|on|for|of|with|in|at|to|from|by|under|and|or)"


def _last_name(thing: str, asked: str) -> re.Match[str] | None:
    """A name for a name, an abbreviation for an abbreviation."""
    last = next(reversed(list(_NAMES.finditer(asked))), None) if thing[:1].isupper() else None
    return last if last is not None and last.group().isupper() == thing.isupper() else None


# --- what it is about


def _beside(words: str, before: str, named: Mapping[str, str]) -> str:
    """The follow-up, with what the question before was about: `Who owns that (SSO)?`"""
    about = next(iter(named.values())) if len(named) == 1 and _POINTS_AT_ONE.search(words) else topic(before)
    if not about or about.casefold() in words.casefold():
        return _capital(words)
    pointer = next(iter(_POINTER.finditer(words)), None)
    if pointer is not None and about not in named.values():
        return _capital(f"{words[: pointer.end()]} ({about}){words[pointer.end() :]}")
    return _capital(f"{words.rstrip(' ?')} (about: {about})?")


def topic(question: str) -> str:
    """What a question is about, in its own words: `SSO`, `go-live date`, `send a trainer`."""
    _, asked = _scoped(_first_part(_bare(question)))
    asked = asked.rstrip(" ?.!")
    found = _ASKED.match(asked)
    if about := _ABOUT.search(asked):
        told = about["thing"]
    elif found and found["thing"].strip() and found["word"].casefold().split()[-1] in ("what", "which"):
        told = found["thing"].strip()
    elif (match := found or _WHETHER.match(asked)) and not (found and found["word"].casefold() in ("what", "which")):
        told = _ANSWERED_BY_A_PERSON.sub("", match["rest"])
    else:
        told = _lowered(asked)
    return " ".join(told.split()[:MOST_OF_TOPIC])


def _scoped(asked: str) -> tuple[str, str]:
    """What it narrows the history to, if it opens with that, and the rest: `In her mail of 21 September, `."""
    scope = _SCOPE.match(asked)
    return (f"{scope['scope']}, ", asked[scope.end() :]) if scope else ("", asked)


def _first_part(asked: str) -> str:
    return _NEXT_PART.split(asked, maxsplit=1)[0].rstrip(" ,?")


def _bare(asked: str) -> str:
    """Without pointing: what was told beside a pronoun stands in its place, and what a bare `When?` was about instead of it."""
    plain = _IN_ITS_PLACE.sub(r"\g<thing>", " ".join(asked.split()))
    if beside := _BESIDE.match(plain):
        return beside["thing"] if _ONLY_ASKS.match(beside["asked"]) else beside["asked"]
    return plain


def _asking(text: str) -> str:
    return f"{_capital(' '.join(text.split()).rstrip(' ?.!'))}?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    first = text.split(maxsplit=1)[0] if text else ""
    return text if first.isupper() else text[:1].lower() + text[1:]
