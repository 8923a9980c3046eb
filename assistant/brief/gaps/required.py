"""What somebody must know before the kick-off, and whether the history tells: people, goals, dates, and what runs when it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answers import Receipt
from assistant.brief.fields import AskWhom, Field, Found, Inferred, NotFound
from assistant.brief.gaps.talk import Talk
from assistant.brief.sections import GoalLine, PersonLine
from assistant.facts.figures import figures
from assistant.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Expected:
    """Asked where `matters` is spoken of at all (always without it) and no heard sentence or clause has `told`."""

    name: str
    question: str
    why: str
    ask: AskWhom
    told: re.Pattern[str]
    sought: tuple[str, ...]
    """The words of `told`, as one would name them to a reader."""
    matters: re.Pattern[str] | None = None


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SECURITY = _words(
    r"\bpen(?:etration)?[ -]?test|\bsecurity (?:questionnaire|review|officer)|\binformation security\b|\binfosec\b"
    r"|\bSOC ?2\b|\bISO ?27001\b|\bGDPR\b"
    r"|\bdata processing agreement\b|\bHIPAA\b"
)
EXPECTED = (
    Expected(
        "availability", "Which availability (uptime, service level) was agreed, and what is owed when it is missed?",
        "Neither the paper nor anything said to the customer names one.", "ae",
        _words(r"\bavailability\b(?! of)|\buptime\b|\bservice levels?\b|\bSLAs?\b|\b99[.,]\d"),
        ("availability", "uptime", "service level", "SLA"),
    ),
    Expected(
        "incident", "How fast must a security incident be reported to the customer (hours, to whom)?",
        "Security was looked at, and no time for reporting an incident was agreed.", "ae",
        _words(r"\b(?:incident|breach|notif\w+)\b[^.?!]*\b(?:hours?|days?|without (?:undue )?delay)\b"
        r"|\bwithin \w+[- ]?\w* hours?\b"), ("incident", "breach", "notify", "within … hours"), _SECURITY,
    ),
    Expected(
        "data at the end", "What happens to the customer's data when the contract ends?",
        "Security was looked at, and nothing was said of deletion or return.", "ae",
        _words(r"\bdelet(?:e|es|ed|ion)\b|\b(?:return|export)\w*\b[^.?!]*\bdata\b|\bdata\b[^.?!]*\b(?:returned|exported"
        r"|erased)\b|\bkept for\b"), ("delete", "return of data", "export of data", "kept for"), _SECURITY,
    ),
    Expected(
        "renewal", "What happens at the end of the term: does it renew by itself, and at which price?",
        "Neither the paper nor anything said to the customer tells.", "ae",
        _words(r"\brenew\w*\b|\bend of (?:the |this )?(?:term|contract|agreement)\b|\bmonth to month\b|\bevergreen\b"),
        ("renew", "end of the term", "month to month"),
    ),
)  # fmt: skip


def missing(talk: Talk, ledger: Ledger, goals: Sequence[GoalLine], people: Sequence[PersonLine], receipt: Receipt) -> Iterator[NotFound]:
    """Fields without evidence, each with what was searched; the weightiest first."""
    everything = [" ".join(said.text.split()) for said in talk.said if said.side != "unknown"]
    named = [name for line in people for name in _names_of(line)]
    for field in _of_the_deal(goals, people, ledger, receipt):
        if isinstance(field, NotFound) and not _told_of_holder(field, everything, named):
            yield field
    heard = [" ".join(said.text.split()) for said in talk.said if said.to_customer or said.interaction.source.kind == "doc"]
    for one in EXPECTED:
        if one.matters and not any(one.matters.search(text) for text in heard):
            continue
        if not any(one.told.search(text) and not text.endswith("?") for text in heard):
            yield NotFound(one.question, one.why, one.ask, receipt, one.sought)


def _of_the_deal(goals: Sequence[GoalLine], people: Sequence[PersonLine], ledger: Ledger, receipt: Receipt) -> Iterable[Field[str]]:
    if not any(isinstance(goal.target, Found) or goal.due for goal in goals):
        yield NotFound(
            "What does success look like for the customer, in which measure?", "No goal with a measure was stated.", "customer", receipt
        )
    for role, why in (
        ("economic buyer", "Nobody is known to decide about money."),
        ("champion", "Nobody is known to carry this inside the customer."),
        ("day-to-day lead", "Nobody is known to run this day to day."),
    ):
        yield _holder(role, why, people, receipt)
    live = next((one for one in ledger.promises if one.current and one.kind == "timeline" and one.due and one.due.on), None)
    if live is None:
        yield NotFound("Which date was agreed for going live?", "No promise names a day.", "ae", receipt)


_HOLDS: dict[str, re.Pattern[str]] = {
    "economic buyer": _words(
        r"\b(?:holds?|has|keeps?|controls?|releases?|decides? (?:on|about|over)) the"
        r" (?:purse(?: strings)?|budget|money|che(?:que|ck)book)\b"
        r"|\bsigns? (?:off|for|it off|up to|everything|anything|above|over|>)|\bmy (?:budget|signature)\b"
        r"|\b(?:over|above|beyond|under|up to|below|more than) [^.?!,;]{1,40} (?:goes|go|has to go|needs) (?:to|through)\b"
        r"|\b(?:money|budget|spending) (?:is|sits|goes|lies|comes) (?:with|from|through|to)\b"
    ),
    "champion": _words(r"\b(?:drives|pushes|pushed|championed|is behind|fought for|fights for|brought (?:this|it|us|you) in)\b"),
    "day-to-day lead": _words(
        r"\b(?:runs|will run|leads|will lead|is running|looks after|will look after|owns|will own|coordinates)"
        r" (?:this|it|the (?:project|roll-?out|day-to-day))\b|\bday[- ]to[- ]day\b"
    ),
}  # fmt: skip
"""How people tell who it is without the name of the role: a question that these words answer is not asked."""


_SELF_OR_SAME = _words(r"\b(?:I|my|me|he|she)\b")
"""Of oneself, or of whoever was named before."""


def _told_of_holder(field: NotFound, heard: Sequence[str], named: Sequence[str]) -> bool:
    """Somebody says it of a person of theirs by name, of themselves, or of the one just named."""
    told = next((pattern for role, pattern in _HOLDS.items() if field.question == f"Who is the {role}?"), None)
    return told is not None and any(
        told.search(text) and not text.endswith("?") and (_SELF_OR_SAME.search(text) or any(name in text for name in named))
        for text in heard
    )


def _names_of(line: PersonLine) -> tuple[str, ...]:
    """The first name, where it is long enough not to be part of another word."""
    first = line.person.name.partition(" ")[0]
    return (first,) if line.person.side == "buyer" and len(first) > 2 else ()


_STANDS_FOR = {"champion": ("day-to-day lead",), "day-to-day lead": ("day-to-day lead", "user lead", "technical evaluator")}


def _holder(role: str, why: str, people: Sequence[PersonLine], receipt: Receipt) -> Field[str]:
    """Who has the role by name; an advocate carries it inside, a lead of its users runs it, until somebody says otherwise."""
    holder = next((line for line in people if role in line.roles), None)
    if holder is not None:
        return Found(holder.person.name, holder.citations)
    likely = next((line for line in people if set(_STANDS_FOR.get(role, ())) & set(line.roles)), None)
    if likely is None and role == "champion":
        likely = next((line for line in people if line.stance == "advocate" and line.person.side == "buyer"), None)
    if likely is None:
        return NotFound(f"Who is the {role}?", why, "ae", receipt, (role, *_STANDS_FOR.get(role, ())))
    return Inferred(likely.person.name, f"nobody was named, and {likely.person.name} comes nearest", likely.citations)


def vague_goals(goals: Sequence[GoalLine]) -> Iterator[tuple[GoalLine, str]]:
    """Goals with a figure to aim for, and what they lack as questions; one without any figure is left to the general question.

    A target named twice is asked about once, where the most is known of it.
    """
    asked: set[float] = set()
    for goal in sorted(goals, key=lambda one: (isinstance(one.baseline, NotFound), one.due is None)):
        if not isinstance(goal.target, Found) or not (isinstance(goal.metric, Found) or _is_measured(goal.target.value)):
            continue
        aims = {figure.value for figure in figures(goal.target.value)}
        asks = [part.question for part in (goal.metric, goal.baseline) if isinstance(part, NotFound)]
        asks += [] if goal.due or _SAYS_WHEN.search(goal.text) else ["By which date?"]
        if asks and not (aims and aims <= asked):
            yield goal, " ".join(asks)
        asked |= aims


_SAYS_WHEN = _words(
    r"\b(?:by|before|until|within|end of|start of)\b[^.,;]{0,24}\b(?:20\d\d|twenty[- ](?:twenty[- ])?\w+|'?[23]\d|year"
    r"|quarter|month|week|meeting|spring|summer|autumn|fall|winter)\b"
)


def _is_measured(target: str) -> bool:
    """`eight percent`, `three days`: not a bare count of something, such as depots to begin with."""
    return any(figure.unit in ("", "%", "money", "minute", "hour", "day", "week") for figure in figures(target))
