"""Calls and e-mails of any number, made from the sentences of the sample deals, the same ones every time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from ingest.passages import sentences
from ingest.reading import read, survey

ACCOUNTS = 10
WORDS = 56
"""About 90 word pieces: one passage for Baton and one node for a splitter at 512 tokens, so both embed the same texts."""
SPOKEN_WORDS = 14
"""Texts as long as the passages of the sample deals, some twenty words."""
TURNS = 20
SPEAKERS = ("Dana Okafor", "Priya Raman", "Marcus Bell", "Elena Ruiz")


def write_history(samples: Path, passages: int, out: Path, accounts: int = ACCOUNTS, least_words: int = WORDS) -> list[str]:
    """Writes the neutral format to `out`, four fifths as turns of calls and the rest as mails; returns the texts."""
    texts = list(_texts(samples, passages, least_words))
    lines: list[dict[str, object]] = []
    for number in range(accounts):
        mine = texts[number::accounts]
        calls, mails = mine[: len(mine) * 4 // 5], mine[len(mine) * 4 // 5 :]
        lines += [_call(number, at, calls[at : at + TURNS]) for at in range(0, len(calls), TURNS)]
        lines += [_mail(number, at, text) for at, text in enumerate(mails)]
    out.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return texts


def _texts(samples: Path, count: int, least_words: int) -> Iterator[str]:
    """Different texts, so that nothing is saved by embedding the same words once."""
    pool = sorted(set(_sentences(samples)))
    chance = random.Random(2026)
    seen: set[str] = set()
    while len(seen) < count:
        words: list[str] = []
        while len(words) < least_words:
            words += chance.choice(pool).split()
        text = " ".join(words[: least_words + 10])
        if text not in seen:
            seen.add(text)
            yield text


def _sentences(samples: Path) -> Iterator[str]:
    for group in survey([samples]).groups:
        for interaction in read(group).interactions:
            for turn in interaction.turns:
                if turn.role == "said":
                    yield from (turn.text[span.start : span.end] for span in sentences(turn.text) if span.end - span.start > 20)


def _call(account: int, at: int, texts: list[str]) -> dict[str, object]:
    return {
        "doc_id": f"call-{account}-{at}",
        "account": f"Account {account}",
        "source_type": "call",
        "title": f"Call {at // TURNS}",
        "timestamp": f"2026-{1 + at // TURNS % 12:02}-11T12:00:00Z",
        "participants": list(SPEAKERS),
        "turns": [
            {"turn_id": f"call-{account}-{at}:{n}", "speaker": SPEAKERS[n % len(SPEAKERS)], "time": 30.0 * n, "text": text}
            for n, text in enumerate(texts)
        ],
    }


def _mail(account: int, at: int, text: str) -> dict[str, object]:
    return {
        "doc_id": f"mail-{account}-{at}",
        "account": f"Account {account}",
        "source_type": "email",
        "title": f"Mail {at}",
        "timestamp": f"2026-{1 + at % 12:02}-12T09:00:00Z",
        "participants": list(SPEAKERS[:2]),
        "text": text,
    }
