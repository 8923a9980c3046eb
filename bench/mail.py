"""Measures how mails are taken apart, on public test files of well-known mail parsers, beside the libraries made for it.

The files (`email_robust`) are read in place and belong to no repository of ours; where they are not there it says so. Ours was tuned
on them, so read the figures as a floor that must hold, not as a forecast.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from ingest.reading import read, survey
from ingest.records import Email, Participant, Turn
from ingest.sources import mail_text

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "email_robust"
GOLDEN = ROOT / "tests" / "data" / "harborlight"

SENDER = Participant("The Sender", "sender@reply.example")
SUBJECT = "Re: plan"
LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "sv", "pl", "da", "cs"]

Cutter = Callable[[str], str]
Case = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how mails are read and cut.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with manifest.jsonl of email_robust")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(files(cases(options.data), options.data)))
        return
    rows = [("sample deal: mails whose new text is right", golden_mails()), ("sample deal: replies of other clients", golden_replies())]
    if (options.data / "manifest.jsonl").exists():
        child = subprocess.run(
            [sys.executable, "-m", "bench.mail", "--child", "--data", options.data], capture_output=True, check=True, cwd=ROOT
        )
        found = json.loads(child.stdout)
        every = cases(options.data)
        rows += [
            (f"{found['files']} files: raised", str(found["raised"])),
            ("slowest file", f"{found['slowest_s']:.2f} s ({found['slowest']})"),
            ("peak memory of the process", f"{found['peak_mb']:.0f} MB"),
            *replies(every, options.data),
            *forwards(every, options.data),
        ]
    else:
        rows.append(("email_robust", f"skipped: there is no {options.data / 'manifest.jsonl'}"))
    width = max(len(label) for label, _ in rows)
    print("\n".join(f"{label:<{width}}  {value}" for label, value in rows))


def cases(data: Path) -> list[Case]:
    return [json.loads(line) for line in (data / "manifest.jsonl").read_text("utf-8").splitlines()]


def content(case: Case, data: Path) -> str:
    return Path(data, case["path"]).read_bytes().decode("utf-8", "replace")


def files(every: list[Case], data: Path) -> dict[str, Any]:
    """Every file read as `baton ingest` would, one after the other in this process."""
    slowest, which, raised = 0.0, "", 0
    for case in every:
        started = perf_counter()
        try:
            for group in survey([data / case["path"]]).groups:
                read(group)
        except Exception as error:
            raised += 1
            print(f"{case['id']}: {error!r}", file=sys.stderr)
        if perf_counter() - started > slowest:
            slowest, which = perf_counter() - started, case["id"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    return {"files": len(every), "raised": raised, "slowest": which, "slowest_s": slowest, "peak_mb": peak}


def replies(every: list[Case], data: Path) -> list[tuple[str, str]]:
    """Exact replies, and replies that begin as they should; white space does not count."""
    wanted = [(content(case, data), case["expected"]) for case in every if case["kind"] == "reply_text" and case["expected"]]
    rows = []
    for name, cut in {"baton": reply, **libraries()}.items():
        exact = begin = 0
        for text, expected in wanted:
            try:
                words = cut(text).split()
            except Exception:  # a library that raises has not found it
                words = []
            exact += words == expected.get("reply_text", "\0").split()
            begin += " ".join(words).startswith(" ".join(expected.get("reply_starts_with", "\0").split()))
        rows.append((name, exact, begin))
    exacts = sum("reply_text" in expected for _, expected in wanted)
    begins = len(wanted) - exacts
    return [(f"replies cut by {name}", f"{exact} of {exacts} exact, {begin} of {begins} begin right") for name, exact, begin in rows]


def reply(text: str) -> str:
    """The sender's own words with the questions they answer: quotations that stand above an answer and do not open with who wrote them."""
    turns = mail_text.body(text, sender=SENDER, subject=SUBJECT).turns
    last = max((at for at, turn in enumerate(turns) if is_own(turn)), default=-1)
    kept = [
        turn.text for at, turn in enumerate(turns) if is_own(turn) or (turn.role == "quoted" and at < last and turn.text.startswith(">"))
    ]
    return "\n".join(kept or [turn.text for turn in turns if turn.role == "said"])


def is_own(turn: Turn) -> bool:
    return turn.role == "said" and turn.speaker == SENDER


def libraries() -> dict[str, Cutter]:
    """The libraries made for this that are installed here."""
    found: dict[str, Cutter] = {}
    try:
        from mailparser_reply import EmailReplyParser as Newer

        newer = Newer(languages=LANGUAGES)
        found["mail-parser-reply"] = lambda text: newer.parse_reply(text=text) or ""
    except ImportError:
        pass
    try:
        from email_reply_parser import EmailReplyParser as Older

        found["email-reply-parser"] = Older.parse_reply
    except ImportError:
        pass
    try:
        import quotequail

        found["quotequail"] = lambda text: "\n".join(part for seen, part in quotequail.quote(text) if seen)
    except ImportError:
        pass
    return found


def forwards(every: list[Case], data: Path) -> list[tuple[str, str]]:
    """Forwarded mails whose author speaks in them, and replies among them in which nobody else does."""
    bodies = [case for case in every if case["kind"] == "forward_text" and "subject" not in case["id"]]
    right = plain = 0
    answers = [case for case in bodies if case["id"].endswith("variant_4.txt")]  # upstream's own name for a reply that forwards nothing
    for case in bodies:
        turns = mail_text.body(content(case, data), sender=SENDER, subject=subject(case, data)).turns
        others = [turn.speaker for turn in turns if turn.role == "said" and turn.speaker and turn.speaker != SENDER]
        if case in answers:
            plain += not others
        else:
            right += any(who.email == case["expected"]["original_from"] or who.name == "John Doe" for who in others)
    subjects = sum(case["kind"] == "forward_text" for case in every) - len(bodies)
    return [
        ("forwards whose author is known", f"{right} of {len(bodies) - len(answers)} (with {subjects} subjects of their own)"),
        ("replies that are no forwards", f"{plain} of {len(answers)}"),
    ]


def subject(case: Case, data: Path) -> str:
    """The subject that belongs to a body: of the same client and language, or of the same client."""
    path = data / case["path"]
    names = [
        path.name.replace("_body", "_subject"),
        re.sub(r"_body.*", "_subject.txt", path.name),
        re.sub(r"(_[a-z]{2}){1,2}_body.*", "_subject.txt", path.name),
    ]
    return next(
        (path.with_name(name).read_text("utf-8").strip() for name in names if name != path.name and path.with_name(name).exists()), ""
    )


def golden_mails() -> str:
    expected = json.loads((GOLDEN / "golden" / "email_expected.json").read_text("utf-8"))["messages"]
    right = 0
    for key, wants in expected.items():
        (group,) = survey([GOLDEN / "emails" / f"{key}.eml"]).groups
        (mail,) = [found for found in read(group).interactions if isinstance(found, Email)]
        said = "\n\n".join(turn.text for turn in mail.turns if turn.role == "said")
        whole = " ".join(" ".join(turn.text for turn in mail.turns).split())
        words = " ".join(said.split())
        right += all(must in (whole if must.startswith(">") else words) for must in wants["must"]) and not any(
            foreign in said for foreign in wants["mustnot"] if foreign
        )
    return f"{right} of {len(expected)}"


def golden_replies() -> str:
    variants = json.loads((GOLDEN / "golden" / "reply_variants.json").read_text("utf-8"))
    right = 0
    for case in variants.values():
        turns = mail_text.body(case["text"], sender=SENDER, subject=case["subject"]).turns
        said = "\n".join(turn.text for turn in turns if turn.role == "said")
        right += all(must in said for must in case["must_contain"]) and not any(foreign in said for foreign in case["must_not_contain"])
    return f"{right} of {len(variants)}"


if __name__ == "__main__":
    main()
