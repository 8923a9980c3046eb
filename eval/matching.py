"""When two texts count as the same words: the rules by which a quote, a fact or a stale value is recognised.

Every measure stands on these few functions. They know one spelling per text, compare word by word, and have no model in them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from difflib import SequenceMatcher
from functools import lru_cache

LEAST_RUN = 3
"""Common runs of fewer words are chance, not quotation."""
SHORT = 6
"""A text of fewer words is found whole or not at all."""
SAME_SOURCE_SHARE = 0.5
OTHER_SOURCE_SHARE = 0.8
"""The same words quoted from another source (a mail's quoted tail, say) must be nearly all of it."""
SCRAP = 4
"""A quote of fewer words proves nothing, unless the expected quote is as short."""
ENDING = 3
"""Words of which one is the other with at most so many letters more are forms of one word (sign, signed; night, nightly)."""

_ONE_SPELLING = str.maketrans(
    dict.fromkeys("‘’‚", "'") | dict.fromkeys("“”„", '"') | dict.fromkeys("–—‑−", "-")
    | {"`": None, "|": " ", "\x7f": " ", "\u00ad": None, "\u200b": None}
)  # fmt: skip
_LONE_MARK = re.compile(r"[-•*>#:_=]+")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
_NOTE = re.compile(r"\([^()]*\)")
_FUNCTION_WORDS = frozenset(
    "a an and are as at be been by can could do does for from had has have he her his i if in is it its may me my no not of on only or "
    "our she so than that the their them then they this those to us was we were will with would you your".split()
)
_ONES = (
    ("one", "first"), ("two", "second"), ("three", "third"), ("four", "fourth"), ("five", "fifth"), ("six", "sixth"),
    ("seven", "seventh"), ("eight", "eighth"), ("nine", "ninth"), ("ten", "tenth"), ("eleven", "eleventh"), ("twelve", "twelfth"),
    ("thirteen", "thirteenth"), ("fourteen", "fourteenth"), ("fifteen", "fifteenth"), ("sixteen", "sixteenth"),
    ("seventeen", "seventeenth"), ("eighteen", "eighteenth"), ("nineteen", "nineteenth"),
)  # fmt: skip
_TENS = (
    ("twenty", "twentieth"), ("thirty", "thirtieth"), ("forty", "fortieth"), ("fifty", "fiftieth"), ("sixty", "sixtieth"),
    ("seventy", "seventieth"), ("eighty", "eightieth"), ("ninety", "ninetieth"),
)  # fmt: skip
_NUMBERS = {word: number for number, forms in enumerate(_ONES, 1) for word in forms} | {
    word: 10 * number for number, forms in enumerate(_TENS, 2) for word in forms
}
_YEAR = re.compile(r"20\d\d")
_CHANGE = re.compile(
    r"""\b( original(ly)? | initial(ly)? | previous(ly)? | earlier | former(ly)? | at\ first | used\ to | no\ longer
        | not | never | neither | cannot | instead | rather\ than
        | supersed\w* | replac\w* | chang\w* | moved | revis\w* | dropped | retract\w* | withdr\w* | took\ back | walked\ back
        | up\ from | down\ from | from\ .{1,60}?\ to | until\ then | before | old(er)? | stale | outdated
        | first\ (said|quoted|offered|planned|proposed|asked) | had\ been
        | reject\w* | declin\w* | correct(ed|ion) | mistake\w* | wrong\w* | incorrect\w*
    )\b | n't\b""",
    re.IGNORECASE | re.VERBOSE,
)
_HISTORY_HEADING = re.compile(
    r"^\W*(what )?(changed|changes|superseded|history|earlier|previously|no longer valid)\b.{0,40}:?\W*$", re.IGNORECASE
)
_DENIAL = re.compile(
    r"""\b( no\ (record|mention|evidence|information|sign|trace|statement|commitment|promise)
        | nothing\ (in|on|about|was)
        | not\ (been\ )?(recorded|mentioned|discussed|stated|found|covered|promised|agreed|in\ the)
        | never\ (been\ )?(recorded|mentioned|discussed|stated|promised|agreed|came)
        | (could|can|did|do|does)(n't|\ not)\ (find|appear|say|mention|cover|discuss)
        | isn't\ (recorded|mentioned|in) )""",
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=1 << 16)
def spelled(text: str) -> str:
    """One spelling per text, case kept: straight quotes and dashes, single spaces, no bold marks, no lone bullets or `>`."""
    straight = unicodedata.normalize("NFKC", text).translate(_ONE_SPELLING).replace("**", "")
    return " ".join(word for word in straight.split() if not _LONE_MARK.fullmatch(word))


@lru_cache(maxsize=1 << 16)
def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", spelled(text).casefold()))


@lru_cache(maxsize=1 << 16)
def overlap(one: str, other: str) -> float:
    """Share (0 to 1) of the shorter text's words that lie in common runs; a short text is contained whole (1) or not (0)."""
    short, long = sorted((words(one), words(other)), key=len)
    if not short:
        return 0.0
    if len(short) < SHORT:
        return float(any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1)))
    blocks = SequenceMatcher(None, short, long, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= LEAST_RUN) / len(short)


def stands_for(quote: str, expected: str, sources: Set[str], expected_source: str) -> bool:
    """Whether a cited quote is the expected one. `sources` are what the citation's source may mean; empty when unknown."""
    size, expected_size = len(words(quote)), len(words(expected))
    if size < min(SCRAP, expected_size):
        return False
    if sources and expected_source not in sources:
        return min(size, expected_size) >= SHORT and overlap(quote, expected) >= OTHER_SOURCE_SHARE
    return overlap(quote, expected) >= SAME_SOURCE_SHARE


def contains(text: str, part: str) -> bool:
    """Whether `part` stands in `text`, whatever its case; a figure never matches inside a longer one (800 in 1800)."""
    inner = spelled(part).casefold()
    if not inner:
        return False
    before = r"(?<!\d)" if inner[0].isdigit() else ""
    after = r"(?!\d)" if inner[-1].isdigit() else ""
    return re.search(before + re.escape(inner) + after, spelled(text).casefold()) is not None


def asserts(text: str, value: str) -> bool:
    """Whether `value` is stated as holding today: in a sentence that speaks of no change, outside a section headed as history."""
    in_history = False
    for line in text.split("\n"):
        if not line.strip():
            in_history = False
        elif _HISTORY_HEADING.match(line):
            in_history = True
        elif not in_history and any(contains(part, value) and not _CHANGE.search(spelled(part)) for part in _SENTENCE_END.split(line)):
            return True
    return False


def denies(text: str) -> bool:
    """Whether the first sentence says that the history does not tell."""
    first = re.split(r"(?<=[.!?])\s", text.strip())[0]
    return _DENIAL.search(spelled(first)) is not None


def figures(text: str) -> frozenset[str]:
    """The numbers in a text as bare digits: `48,000.00` is `4800000`."""
    return frozenset(re.sub(r"\D", "", found) for found in re.findall(r"\d[\d,.]*", text)) - {""}


def labelled(value: str | None) -> str:
    """A label in one form: `Best effort`, `best-effort` and `best_effort` are the same."""
    return re.sub(r"[\s-]+", "_", (value or "").strip().casefold())


def holds_most(text: str, expected: str) -> bool:
    """Whether `text` has at least half of the words that carry the meaning of `expected`.

    Those are its words but for notes in brackets, function words and years, which a label adds to a day that was said without one.
    A number is the same in words and figures (thirtieth, 30th, 30), a word in any of its forms.
    """
    given = telling(text)
    wanted = telling(_NOTE.sub(" ", expected))
    return 2 * sum(any(_same_word(one, other) for other in given) for one in wanted) >= len(wanted)


def telling(text: str) -> frozenset[str]:
    found: list[str] = []
    for word in words(text):
        number = _NUMBERS.get(word) or _number(word)
        if number is None:
            found.append(word)
        elif found and found[-1] in ("20", "30", "40", "50", "60", "70", "80", "90") and number < 10:
            found[-1] = str(int(found[-1]) + number)
        else:
            found.append(str(number))
    return frozenset(word for word in found if word not in _FUNCTION_WORDS and not _YEAR.fullmatch(word))


def _number(word: str) -> int | None:
    """Of figures, with or without the ending of an ordinal."""
    found = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", word)
    return int(found[1]) if found else None


def _same_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= ENDING and short.isalpha() and long.startswith(short) and len(long) - len(short) <= ENDING)
