"""The run over one's own data as a page to forward: what was read, what was checked, and the claims to look at first."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import Element

from eval.charts import Bar, bars
from eval.outcome import KIND_WORDS
from eval.own_data.measuring import DealSeen, Measured
from eval.own_data.shown import Doubt, Evidence, Shown, worst
from eval.own_data.told import WORST, Figures, distinct, figures_of, left_words, many, nothing_words
from eval.paper import Paper, add, clean
from eval.stamp import Stamp

LISTED = 40
"""Of held and broken files and of contradictions; the JSON has them all."""
SECTION_WORDS = {
    "why": "why they bought", "goals": "goals", "promises": "promises", "risks": "risks", "people": "people",
    "requirements": "requirements", "commercials": "terms", "timeline": "dates", "decision": "the decision",
}  # fmt: skip


def page(measured: Measured, stamp: Stamp) -> str:
    found = figures_of(measured)
    if nothing := nothing_words(measured):
        paper = Paper(f"How Baton does on “{measured.given}”")
        paper.said(nothing, "bad")
        _left(paper, measured)
        _waiting(paper, measured)
        return paper.html()
    paper = Paper(f"How Baton does on “{measured.given}”", _lead(measured, found))
    _tiles(paper, measured, found)
    _left(paper, measured)
    _quotes(paper, measured, found)
    _worst(paper, measured)
    _contradictions(paper, measured)
    _coverage(paper, measured)
    _questions(paper, found)
    _waiting(paper, measured)
    _deals(paper, measured)
    _limits(paper, measured, found, stamp)
    return paper.html()


def _lead(measured: Measured, found: Figures) -> str:
    chosen, every = len(measured.deals), measured.deals_in_all
    deals = f"{chosen} of {every} deals" if chosen < every else many(chosen, "deal")
    sound = "Every quote shown is word for word in the text that was read."
    if found.exact < found.quotes:
        wrong = many(found.quotes - found.exact, "quote differs", "quotes differ")
        sound = f"{wrong} from the text that was read: do not rely on this run before that is understood."
    read = many(found.interactions, "interaction")
    return f"Baton read {read}, wrote the handoff brief of {deals} and answered questions about each. {sound}"


def _tiles(paper: Paper, measured: Measured, found: Figures) -> None:
    same = "good" if found.exact == found.quotes else "bad"
    paper.tiles(
        [
            (f"{found.exact} of {found.quotes}", "quotes equal to the source, to the letter", same),
            (f"{found.answered} of {found.standing}", "usual handoff questions answered", ""),
            (f"{found.invented_answered} of {found.invented}", "answers to made-up questions (should be 0)",
             "bad" if found.invented_answered else "good"),
            (str(found.promises), "promises found", ""),
            (str(found.contradicted), "of them contradicted by the contract", ""),
            (f"{found.held + found.set_aside}", "inputs waiting or unreadable", "bad" if found.held + found.set_aside else "good"),
            (f"{found.ask_p50_s * 1000:.0f} ms", "a question (median)", ""),
            (f"{measured.seconds:.0f} s", "the whole run", ""),
        ]
    )  # fmt: skip


def _left(paper: Paper, measured: Measured) -> None:
    paper.section("Did anything leave this machine?")
    for sentence in left_words(measured):
        paper.said(sentence, "good" if measured.leaving.nothing and not measured.leaving.allowed else "bad")
    paper.said("This page itself loads nothing and runs no script. It quotes your deals: forward it as you would forward them.", "quiet")


def _quotes(paper: Paper, measured: Measured, found: Figures) -> None:
    paper.section("Are the quotes real?", "Each was cut out of the text again and compared, then looked up in your files by other code.")
    rows = [
        Bar("same as the text read", found.exact, found.quotes, f"{found.exact} of {found.quotes}"),
        Bar("found in your files", found.in_file, found.looked_up, f"{found.in_file} of {found.looked_up}"),
    ]
    bars(paper.at, "Quotes checked", rows)
    paper.said(
        f"{found.quotes - found.looked_up} quotes could not be looked up in the file itself: they come from PDF, Word, attachments, "
        "archives or CRM records, which must be converted first. They are among those compared with the text read.", "quiet",
    )  # fmt: skip
    missing = [one for one in distinct(measured.quotes) if one.in_file is False]
    if missing:
        paper.said("Not found in the files as given, so read these beside the original:")
        paper.table(["file", "<quote"], [[one.file, f"“{one.quote}”"] for one in missing[:WORST]])


def _worst(paper: Paper, measured: Measured) -> None:
    claims = worst(measured.shown, WORST)
    paper.section(
        f"The {len(claims)} claims to look at first",
        "Without labels nobody can say which claims are wrong. These have the most against them; the reasons stand below each.",
    )
    held = add(paper.at, "ol", kind="claims")
    for claim, against in claims:
        _claim(held, claim, against)
    if not claims:
        paper.said("There is nothing against any claim.")


def _claim(held: Element, claim: Shown, against: tuple[Doubt, ...]) -> None:
    item = add(held, "li")
    add(item, "h3", f"{claim.account}: {claim.where}")
    pair = add(item, "div", kind="pair")
    left, right = add(pair, "div"), add(pair, "div")
    add(left, "p", "What Baton says", "label")
    add(left, "p", claim.text)
    add(right, "p", "What it stands on", "label")
    for one in claim.evidence[:3]:
        _quote(right, one)
    if not claim.evidence:
        add(right, "p", "nothing", "bad")
    if len(claim.evidence) > 3:
        add(right, "p", f"and {len(claim.evidence) - 3} more", "quiet")
    listed = add(item, "ul", kind="doubts")
    for doubt in against:
        add(listed, "li", doubt.words)


def _quote(parent: Element, one: Evidence) -> None:
    quoted = add(parent, "blockquote")
    # Marks of what was left out stand where something was: a turn that is quoted whole has none.
    before = add(quoted, "span", f"…{one.prefix}" if one.prefix else "", "around")
    before.tail = clean(one.quote)
    add(quoted, "span", f"{one.suffix}…" if one.suffix else "", "around")
    setting = ", ".join(part for part in (one.speaker, one.title, one.on, one.file) if part)
    add(parent, "p", setting, "label")


def _contradictions(paper: Paper, measured: Measured) -> None:
    found = [(deal, one) for deal in measured.deals for one in deal.contradictions]
    paper.section("Contradictions on record", "Two statements that cannot both hold: words against the contract, or against each other.")
    if found:
        paper.table(
            ["deal", "<one side", "<the other"],
            [[deal.deal or deal.account, f"“{c.one}” {c.one_from}", f"“{c.other}” {c.other_from}"] for deal, c in found[:LISTED]],
        )
    else:
        paper.said("None was found.")


def _coverage(paper: Paper, measured: Measured) -> None:
    paper.section("What was read, and what was used", "How many of each kind of interaction a brief or an answer quotes.")
    read = sum((Counter(deal.read) for deal in measured.deals), Counter[str]())
    cited = sum((Counter(deal.cited) for deal in measured.deals), Counter[str]())
    bars(paper.at, "Quoted, of what was read", [
        Bar(KIND_WORDS.get(kind, kind), cited[kind], count, f"{cited[kind]} of {count}") for kind, count in read.most_common()
    ])  # fmt: skip
    lines = sum((Counter(deal.lines) for deal in measured.deals), Counter[str]())
    bars(paper.at, "Lines of the briefs, by section", [
        Bar(words, lines[section], max(lines.values(), default=0), str(lines[section])) for section, words in SECTION_WORDS.items()
    ])  # fmt: skip
    unheard = sum(deal.unheard for deal in measured.deals)
    silent = sum(len(deal.silent_months) for deal in measured.deals)
    paper.said(f"{many(unheard, 'call')} without a transcript and {many(silent, 'month')} without a word: of those Baton knows nothing.")


def _questions(paper: Paper, found: Figures) -> None:
    paper.section("Does it know what it does not know?")
    paper.said(
        f"Of {many(found.standing, 'usual question')} it answered {found.answered} and said of the others that the history does not tell. "
        f"It was also asked {many(found.invented, 'question')} about things that no text of the account mentions; "
        f"it answered {found.invented_answered} of them, and each of those answers is wrong."
    )
    if found.failed:
        paper.said(f"{many(found.failed, 'question or brief', 'questions or briefs')} failed.", "bad")


def _waiting(paper: Paper, measured: Measured) -> None:
    tally = measured.tally
    paper.section("What was not read", "Held: it is not clear whose account it is, and nothing is guessed. Set aside: it cannot be read.")
    rows = [["held", held.file, held.reason] for held in tally.held] + [["set aside", one.file, one.detail] for one in tally.failed]
    if rows:
        paper.table(["", "<file", "<why"], rows[:LISTED])
        if len(rows) > LISTED:
            paper.said(f"and {len(rows) - LISTED} more", "quiet")
    else:
        paper.said("Everything was read.")


def _deals(paper: Paper, measured: Measured) -> None:
    paper.section("Deal by deal")
    paper.table(
        ["deal", "brief, words", "promises", "contradicted", "open questions", "answered", "brief, s"],
        [_deal_row(deal) for deal in measured.deals],
    )


def _deal_row(deal: DealSeen) -> list[str]:
    usual = [one for one in deal.asked if not one.invented]
    answered = sum(one.status == "answered" for one in usual)
    name = deal.deal or f"{deal.account} (no deal)"
    return [
        f"{name}: no brief, {deal.error}" if deal.error else name, str(deal.words), str(sum(deal.contract.values())),
        str(deal.contract.get("contradicted", 0)), str(deal.gaps), f"{answered} of {len(usual)}", f"{deal.brief_s:.1f}",
    ]  # fmt: skip


def _limits(paper: Paper, measured: Measured, found: Figures, stamp: Stamp) -> None:
    paper.section("What this page cannot tell")
    paper.said(
        "That a quote is real does not make it the right answer, and what Baton missed is not here: for both somebody has to say what is "
        f"true. {many(found.drafts, 'question')} were drafted from these deals for that; they lie beside this page in "
        "cases-to-confirm.jsonl and count for nothing until a person has confirmed them (`baton cases`)."
    )
    code = f"{stamp.commit[:12]}{' with changes' if stamp.dirty else ''}" if stamp.commit else "no commit"
    answers = measured.model or "extraction, without a language model"
    paper.said(
        f"Made on {stamp.at:%d %b %Y %H:%M} UTC by Baton ({code}); answers by {answers}; ingest {found.ingest_s:.1f} s, "
        f"a brief {found.brief_p50_s:.2f} s, a question {found.ask_p50_s * 1000:.0f} ms, p95 {found.ask_p95_s * 1000:.0f} ms.", "quiet",
    )  # fmt: skip
    for note in measured.notes:
        paper.said(note, "bad")
