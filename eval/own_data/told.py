"""The numbers of a run over one's own data, in order, as words for a terminal and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from eval.own_data.measuring import Measured
from eval.own_data.shown import Evidence, as_json, worst
from eval.report import paragraph
from eval.stamp import Stamp

WORST = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """What the whole run comes to; `None` where there is nothing to divide by."""

    interactions: int
    held: int
    set_aside: int
    claims: int
    quotes: int
    exact: int
    looked_up: int
    """Quotes that could also be looked up in the file as it was given."""
    in_file: int
    standing: int
    answered: int
    invented: int
    invented_answered: int
    failed: int
    promises: int
    contradicted: int
    contradictions: int
    cited_share: float | None
    """Of what was read, how much a brief or an answer quotes."""
    ask_p50_s: float
    ask_p95_s: float
    brief_p50_s: float
    ingest_s: float
    drafts: int


def figures_of(measured: Measured) -> Figures:
    quotes, asked = distinct(measured.quotes), measured.asked
    seconds = sorted(one.seconds for one in asked)
    briefs = sorted(deal.brief_s for deal in measured.deals)
    read = sum(sum(deal.read.values()) for deal in measured.deals)
    contract = sum((Counter(deal.contract) for deal in measured.deals), Counter[str]())
    standing, invented = [one for one in asked if not one.invented], [one for one in asked if one.invented]
    return Figures(
        interactions=measured.tally.new + measured.tally.changed + measured.tally.unchanged,
        held=len(measured.tally.held),
        set_aside=len(measured.tally.failed),
        claims=len(measured.shown),
        quotes=len(quotes),
        exact=sum(one.exact for one in quotes),
        looked_up=sum(one.in_file is not None for one in quotes),
        in_file=sum(one.in_file is True for one in quotes),
        standing=len(standing),
        answered=sum(one.status == "answered" for one in standing),
        invented=len(invented),
        invented_answered=sum(one.status == "answered" for one in invented),
        failed=sum(one.status.startswith("failed") for one in asked) + sum(bool(deal.error) for deal in measured.deals),
        promises=contract.total(),
        contradicted=contract["contradicted"],
        contradictions=sum(len(deal.contradictions) for deal in measured.deals),
        cited_share=sum(sum(deal.cited.values()) for deal in measured.deals) / read if read else None,
        ask_p50_s=_percentile(seconds, 0.5),
        ask_p95_s=_percentile(seconds, 0.95),
        brief_p50_s=_percentile(briefs, 0.5),
        ingest_s=measured.tally.seconds,
        drafts=sum(len(deal.drafts) for deal in measured.deals),
    )


def distinct(quotes: list[Evidence]) -> list[Evidence]:
    """Each quote of each file once, however many claims stand on it."""
    return list({(one.file, one.title, one.quote, one.prefix): one for one in quotes}.values())


def left_words(measured: Measured) -> list[str]:
    """Whether anything left the machine, in sentences."""
    leaving = measured.leaving
    told = [f"The settings let leave: {what}." for what in leaving.allowed] or [
        "Nothing was set that sends anything anywhere: no language model, no embedding service, no vector store elsewhere."
    ]
    if leaving.nothing:
        told.append("The run was watched, and opened no connection beyond this machine.")
    else:
        told.append(f"Connections were opened to {', '.join(sorted(leaving.tried))}.")
    return told


def nothing_words(measured: Measured) -> str:
    """Why there is nothing to measure, and what helps; empty where there is something."""
    if measured.deals:
        return ""
    held, failed = len(measured.tally.held), len(measured.tally.failed)
    return (
        f"Nothing was measured: of what was given {held} {'waits' if held == 1 else 'wait'} because nobody can tell whose it is, and "
        f"{failed} cannot be read. With --account NAME you say whose the files are, with --our-domain DOMAIN whose side is yours."
    )


def as_text(measured: Measured, stamp: Stamp, width: int) -> str:
    found = figures_of(measured)
    n = len(measured.deals)
    of = f" of {measured.deals_in_all}" if n < measured.deals_in_all else ""
    if nothing := nothing_words(measured):
        told = [f"YOUR DATA  {measured.given}", *paragraph("!            ", nothing, width)]
        return "\n".join([*told, *(line for note in left_words(measured) for line in paragraph("!            ", note, width))])
    lines = [
        f"YOUR DATA  {measured.given}: {many(found.interactions, 'interaction')}, {many(measured.accounts, 'account')}, "
        f"{n}{of} {'deal' if measured.deals_in_all == 1 else 'deals'}",
        f"code         {stamp.commit[:12] or 'no commit'}; {stamp.at:%d %b %Y %H:%M} UTC; {measured.model or 'without a language model'}",
        f"quotes       {found.exact} of {found.quotes} equal the text that was read, to the letter",
        f"             {found.in_file} of {found.looked_up} also found in the files as given; {found.quotes - found.looked_up} are in "
        "formats that must be converted first",
        f"questions    {found.answered} of {found.standing} usual ones answered; of {found.invented} that nobody can have talked about, "
        f"{found.invented_answered} answered (should be 0)",
        f"promises     {found.promises}, {found.contradicted} of them contradicted by the contract; {found.contradictions} contradictions",
        f"read         {_share(found.cited_share)} of the interactions quoted somewhere; {found.held} held, {found.set_aside} set aside",
        f"time         {measured.seconds:.0f} s in all: ingest {found.ingest_s:.1f} s, a brief {found.brief_p50_s:.2f} s, "
        f"a question {found.ask_p50_s * 1000:.0f} ms (p95 {found.ask_p95_s * 1000:.0f})",
        f"drafts       {found.drafts} questions for a person to confirm; none counts as labelled before",
    ]
    for note in (*left_words(measured), *measured.notes, *_errors(measured)):
        lines += paragraph("!            ", note, width)
    return "\n".join(lines)


def report_json(measured: Measured, stamp: Stamp) -> dict[str, Any]:
    return {
        "given": measured.given,
        "figures": asdict(figures_of(measured)),
        "left_the_machine": {"allowed": list(measured.leaving.allowed), "connections": sorted(measured.leaving.tried)},
        "model": measured.model or None,
        "deals_in_all": measured.deals_in_all,
        "deals": [
            {
                "account": deal.account, "deal": deal.deal or None, "brief_s": round(deal.brief_s, 3), "words": deal.words,
                "lines": dict(deal.lines), "contract": dict(deal.contract), "gaps": deal.gaps, "read": dict(deal.read),
                "cited": dict(deal.cited), "silent_months": list(deal.silent_months), "calls_without_transcript": deal.unheard,
                "asked": [asdict(one) for one in deal.asked], "contradictions": [asdict(one) for one in deal.contradictions],
                "error": deal.error or None,
            }
            for deal in measured.deals
        ],
        "held": [{"file": held.file, "reason": held.reason, "hint": held.hint} for held in measured.tally.held],
        "set_aside": [{"file": one.file, "reason": one.reason, "detail": one.detail} for one in measured.tally.failed],
        "worst": [as_json(claim, against) for claim, against in worst(measured.shown, WORST)],
        "notes": list(measured.notes),
        "seconds": round(measured.seconds, 1),
        "run": {"commit": stamp.commit or None, "dirty": stamp.dirty, "at": f"{stamp.at:%Y-%m-%dT%H:%M:%SZ}", "platform": stamp.platform},
    }  # fmt: skip


def _errors(measured: Measured) -> list[str]:
    return [f"no brief of {deal.deal or deal.account}: {deal.error}" for deal in measured.deals if deal.error]


def many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


def _share(value: float | None) -> str:
    return "none" if value is None else f"{100 * value:.0f} %"


def _percentile(ascending: list[float], share: float) -> float:
    return ascending[min(len(ascending) - 1, int(share * len(ascending)))] if ascending else 0.0
