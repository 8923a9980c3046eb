"""What people are said to do where no CRM says it: at the foot of a mail, of themselves, and of one another.

`Anna Berg | Head of Operations`, `I look after security`, `our CFO Marit`, `Priya signs off`. Who is meant by a name is seen over the
whole account, so here it stays a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.facts.conditions import written_out
from assistant.facts.openers import OPENERS
from assistant.facts.roles import roles_of_title, roles_of_work
from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.records import Span

How = Literal["signature", "self", "other", "leans", "leaves"]


@dataclass(frozen=True, slots=True)
class Introduced:
    """`does` is a title (`signature`), what they do (`self`, `other`), `for` or `against` (`leans`), or who says they go (`leaves`).

    `person` is the one whose words or signature these are where they speak of themselves, and then `name` is empty.
    """

    how: How
    name: str
    person: StoredPerson | None
    does: str
    at: Place


def introduced(interaction: StoredInteraction, said: Sequence[Statement]) -> tuple[Introduced, ...]:
    """In the order read; of our own people nothing."""
    return (*_signatures(interaction), *(one for statement in said for one in _in_words(statement)))


# --- at the foot of a mail

_CUT = re.compile(r"\s*[|•·–—/]\s*|\s-\s|\s{3,}|\t")
_NO_TITLE = re.compile(
    r"@|\d|https?:|www\.|\b(?:tel|phone|mobile|fax|street|road|floor|pronouns|kind regards|best|sent from)\b", re.IGNORECASE
)
_TITLE_WORD = re.compile(
    r"\b(?:manager|head|director|officer|engineer|architect|lead|leader|chief|owner|president|partner|analyst|specialist|coordinator"
    r"|administrator|supervisor|foreman|buyer|purchasing|procurement|consultant|controller|counsel|solicitor|lawyer|attorney"
    r"|secretary|librarian|professor|dean"
    r"|nurse|matron|doctor|surgeon|superintendent|planner|accountant|bookkeeper|assistant|associate|deputy|ceo|cfo|coo|cto|cio|ciso|vp"
    r"|developer|technician|operations|finance|treasurer|bursar|principal|registrar|warden|captain)\b",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"\b(?:AS|ASA|AB|Ltd|Limited|GmbH|AG|Inc|LLC|LLP|plc|PLC|A/S|ApS|BV|NV|Oy|SA|SAS|Srl|Group|Corp|University)\b\.?$")
MOST_TITLE = 9
"""Words of a title."""
LINES_OF_TITLE = 4


def _signatures(interaction: StoredInteraction) -> Iterable[Introduced]:
    for turn in interaction.turns:
        if turn.role == "signature" and turn.person and turn.side != "seller":
            found = _title(interaction.text, turn.span)
            if found is not None:
                yield Introduced("signature", "", turn.person, interaction.text[found.start : found.end], Place(interaction, found))


def _title(text: str, within: Span) -> Span | None:
    """The piece of the closing lines that names a function: `Head of Library Systems, IT Services`, without the company behind it."""
    at, lines = within.start, 0
    for line in text[within.start : within.end].split("\n"):
        start, at = at, at + len(line) + 1
        if not line.strip(" -"):
            continue
        lines += 1
        if lines > LINES_OF_TITLE:
            return None
        for piece in _pieces(line):
            words = line[piece.start : piece.end]
            if _is_title(words) and not _NO_TITLE.search(words) and len(words.split()) <= MOST_TITLE:
                return Span(start + piece.start, start + piece.end)
    return None


def _pieces(line: str) -> Iterable[Span]:
    """Parts between bars and dashes; behind a comma only what goes on with the function."""
    at = 0
    for cut in [*_CUT.finditer(line), None]:
        end = cut.start() if cut else len(line)
        piece = line[at:end]
        inner = at + len(piece) - len(piece.lstrip())
        end = at + len(piece.rstrip())
        parts = line[inner:end].split(", ")
        kept = parts[0]
        for index, part in enumerate(parts[1:], 1):
            if not _is_title(kept) and index == 1 and _is_title(part):  # `Jonas Lie, IT Manager`
                inner, kept = inner + len(kept) + 2, part
            elif not _COMPANY.search(part) and (roles_of_title(part) or _TITLE_WORD.search(part)):
                kept = f"{kept}, {part}"
            else:
                break
        if kept:
            yield Span(inner, inner + len(kept))
        at = cut.end() if cut else len(line)


def _is_title(words: str) -> bool:
    return _TITLE_WORD.search(words) is not None and not _COMPANY.search(words)


# --- in what is said

_NAME = r"(?-i:[A-Z][\w'’-]+(?: (?:van |von |de )?[A-Z][\w'’-]+){0,2})"
_TITLED_NAME = rf"(?:(?-i:Dr|Mr|Mrs|Ms|Prof|Professor)\.? )?{_NAME}"
_DOES = (
    r"(?:run|runs|head|heads|head up|heads up|look after|looks after|lead|leads|manage|manages|handle|handles|chair|chairs|do|does|oversee"
    r"|oversees|cover|covers|own|owns|take care of|takes care of|coordinate|coordinates|am responsible for|is responsible for"
    r"|am in charge of|is in charge of|work in|works in|sit in|sits in|sign|signs|approve|approves|hold|holds|decide|decides)"
)
_NOT_TOLD = r"(?!, (?:run|head|look|lead|manage|handle|chair|do|oversee|cover|own|take|coordinate|work|sit|sign|approve|hold|decide)\b)"
"""`Ann, look after the files`: she is told to, and does not do so for that."""
_OF_MYSELF = re.compile(
    rf"\bi (?:also |now |currently )?(?:am (?:the|a|an|their|our|here as|from|in|with|head|director|responsible|in charge|on the"
    rf"|(?:\w+ ){{1,2}}(?:director|manager|lead|officer|engineer))\b"
    rf"|{_DOES}\b) ?(?P<does>[^.;!?]{{2,70}})",
    re.IGNORECASE,
)
_NAMES_ITSELF = re.compile(
    rf"^\W*(?:(?:hi|hello|hey|morning|sure|yes|so)\b[ ,.!]*)*(?P<name>{_NAME})(?: here)?,? (?P<does>[^.;!?,]{{2,50}})[.!]?$"
)
_OF_ANOTHER = re.compile(
    rf"\b(?P<name>{_TITLED_NAME})(?:"
    rf",? (?:is |who is |that is )(?:also |now )?(?:the|our|my|their|a|an|from|in|with|on)\b(?P<is>[^.;!?]{{2,60}})"
    rf"|{_NOT_TOLD},? (?:who )?(?P<verb>{_DOES})\b(?P<verbs>[^.;!?]{{0,50}})"
    rf"|, (?:the|our|my|their|from(?: the| our)?|a|head|director)\b(?P<apposed>[^.;!?,]{{2,50}})"
    rf"| (?:in|from|of|over in) (?P<within>(?:the )?[a-z][\w ]{{2,30}}?)(?=[,.;!?)]| (?:will|would|has|wants?|said|can|is|and)\b|$)"
    rf"|,? \((?P<bracketed>[^()]{{2,50}})\)|,? = ?(?P<equals>[^.;!?]{{2,50}}))"
)
_NAMED_AFTER = re.compile(
    rf"\b(?i:our|my|the|their|your) (?P<does>(?:[\w&-]+ ){{0,3}}?(?:of (?:[\w&-]+ ){{0,3}}?)?[\w&-]+),? (?:is |called )?"
    rf"(?P<name>{_TITLED_NAME})"
)
_OF_HIM_OR_HER = re.compile(
    rf"\b(?:he|she) (?P<does>(?:is (?:the|our|my|their|a|an|from|in|head)"
    rf"|{_DOES})\b[^.;!?]{{2,50}})",
    re.IGNORECASE,
)
_ANY_NAME = re.compile(rf"(?<![\w'’]){_NAME}")
"""Of whom a pronoun speaks, where no other name is near."""
_NO_NAME = OPENERS | {"Internal", "Is"}
_CLAUSE = re.compile(
    r",? (?:so|and (?:i|we|he|she|they|it)|but|because|which|since|when|if|although|though)\b|, (?:i|we|he|she|it|they)\b", re.I
)
_FOR = re.compile(
    rf"\b(?P<name>{_NAME})(?:,? (?:who )?(?:is|has been|=)|:)? ?(?:still |very |really |clearly |now |quite |our |the |a |one )*"
    r"(?:champion|pushing (?:for )?(?:it|this|us|hard)|fighting for|fan|keen|supportive(?! of)|on our side|on board|all for it"
    r"|in favou?r|enthusiastic|an? advocate|sold on (?:it|us|this))\b"
)
_AGAINST = re.compile(
    rf"\b(?P<name>{_NAME})(?:,? who [^,.;]{{3,50}},| \([^()]{{2,40}}\))?(?:,? (?:is|was|remains|=|said to be|reportedly"
    rf"|not met, said to be)|:)? ?(?:coming round but )?(?:still |very |really "
    rf"|clearly |now"
    r" |quite |pretty |rather |a |a bit |the |biggest )*"
    r"(?:s[ck]eptic(?:al)?|against (?:it|this|us|the)\b|against(?=[.,;]|$)|not (?:convinced|keen|sold|a fan|on board)|hostile|opposed"
    r"|thinks (?:it|this|that|we)(?: is| are| 's) (?:all |just |only )?(?:a )?(?:gadget|toy|gimmick|waste|nonsense|rubbish|overkill|fad)"
    r"|burned by"
    r"|would rather (?:we|they|not|stay|keep)|hates?|dislikes?|does not (?:like|want|believe|trust))"
)
_GOES = (
    r"(?:left\b(?! (?:over|out|to|it|that|us|me|a|the|his|her|open|early|behind|side|hand))|leaves\b(?! (?:it|us|me|that|the|a))|leaving\b"
    r"|out as of|last day|no longer (?:with|at|here|in)|moved on|resign\w*|retire[sd]?|retiring|new job|gone since"
    r"|(?:goes|is going|going|went|moves|moving|moved) to (?:a|an|another|run|work|join)\b|(?:is|has|['’]s) (?:away|gone|out)(?=[.,;]|$)"
    r"|(?:accepted|taken|took) (?:a|another) (?:role|job|position|post)|successor|handing over)"
)
_OTHER_GOES = re.compile(rf"\b(?P<name>{_NAME})(?:['’]s)?[ ,](?:(?-i:[a-z0-9'’]+) ){{0,4}}?{_GOES}")
_I_GO = re.compile(
    r"\bmy last (?:day|week|month)\b|\bI(?:['’]m| am) (?:leaving(?! it)|moving on|off to|going to (?:a|run|join|work (?:for|at)))\b"
    r"|\bI (?:leave|have accepted|['’]ve accepted|have resigned|am retiring)\b(?! (?:it|that|the|you))"
    r"|\b(?:when|after|once) I(?:['’]m| am) gone\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:if|when|once|unless|should)\W*$", re.IGNORECASE)
_DENIED = re.compile(r"(?:do|does|am|is)? ?(?:not|never)\b")


def _in_words(statement: Statement) -> Iterable[Introduced]:
    kind = statement.interaction.source.kind
    text = written_out(statement.text)
    if kind in ("doc", "crm_field") or text.endswith("?"):
        return
    ours = statement.side == "seller" or kind in ("crm_note", "ae_note")
    if not ours and statement.turn.person is not None:
        yield from _of_themselves(text, statement)
    if not ours and statement.turn.person is not None and _I_GO.search(text):
        yield Introduced("leaves", "", statement.turn.person, "self", statement.place)
    for match in _OTHER_GOES.finditer(text):
        if match["name"] not in _NO_NAME and not _SUPPOSED.search(text[: match.start()]):
            yield Introduced("leaves", match["name"], None, "other", statement.place)
    for lean, pattern in (("for", _FOR), ("against", _AGAINST)):
        for match in pattern.finditer(text):
            if match["name"] not in _NO_NAME and not _SUPPOSED.search(text[: match.start()]):
                yield Introduced("leans", match["name"], None, lean, statement.place)
    for match in _OF_ANOTHER.finditer(text):
        verb = f"{match['verb']} {match['verbs']}" if match["verb"] else ""
        does = next((part for part in (verb, *match.group("is", "apposed", "within", "bracketed", "equals")) if part), "")
        yield from _named(match["name"], does, statement)
    for match in _OF_HIM_OR_HER.finditer(text):
        names = _ANY_NAME.findall(text[: match.start()]) or _ANY_NAME.findall(statement.before)
        if len(set(names)) == 1:
            yield from _named(names[0], match["does"], statement)
    for match in _NAMED_AFTER.finditer(text):
        yield from _named(match["name"], match["does"], statement)


def _of_themselves(text: str, statement: Statement) -> Iterable[Introduced]:
    person = statement.turn.person
    for match in _OF_MYSELF.finditer(text):
        does = _one_clause(match.group()[2:])
        if not _DENIED.match(does) and roles_of_work(does):
            yield Introduced("self", "", person, does, statement.place)
    if person and statement.before and _own_name(statement.before, person) and len(text.split()) <= LONGEST_TRADE and roles_of_work(text):
        yield Introduced("self", "", person, text.strip(" ."), statement.place)
    match_ = _NAMES_ITSELF.match(text)
    if match_ and person and match_["name"].split()[0] in person.name.split() and roles_of_work(match_["does"]):
        yield Introduced("self", "", person, match_["does"], statement.place)


LONGEST_TRADE = 5
"""Words of `Bogdan. Computers, mostly.`"""


def _own_name(words: str, person: StoredPerson) -> bool:
    """Nothing but their own name, as one says it when asked who is there."""
    said = [word for word in re.findall(r"[\w'-]+", words) if word.casefold() not in ("hi", "hello", "here", "hey", "i'm", "am", "i")]
    return bool(said) and all(word in person.name.split() for word in said)


def _named(name: str, does: str, statement: Statement) -> Iterable[Introduced]:
    name = re.sub(r"^(?:Dr|Mr|Mrs|Ms|Prof|Professor)\.? ", "", name)
    does = _one_clause(does)
    if does and name.split()[0] not in _NO_NAME and roles_of_work(does):
        yield Introduced("other", name, None, does, statement.place)


def _one_clause(words: str) -> str:
    return " ".join(_CLAUSE.split(words, maxsplit=1)[0].split()).strip(" ,")
