"""`python -m eval.asked_with`: counts the words in which questions ask for what their answers say otherwise.

Prints what `assistant/models/asked_with.txt` should hold; `--write` writes it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from textwrap import fill

from assistant.models.asked_with import LEAST
from assistant.words import terms
from eval.command import DATA

PAIRS = DATA / "sentences" / "pairs.txt"
"""`question | sentence`, a pair a line."""


def counted(pairs: Iterable[str]) -> list[str]:
    """The stems that at least `LEAST` questions have and their sentences have not, sorted."""
    found: Counter[str] = Counter()
    for line in pairs:
        question, _, sentence = line.partition(" | ")
        found.update(set(terms(question)) - set(terms(sentence)))
    return sorted(stem for stem, count in found.items() if count >= LEAST)


def shipped() -> Path:
    return Path(str(files("assistant.models").joinpath("asked_with.txt")))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.asked_with", description="Count the words that questions are put in.")
    parser.add_argument("--write", action="store_true", help="into the file that the answers read")
    chosen = parser.parse_args()
    text = fill(" ".join(counted(PAIRS.read_text(encoding="utf-8").splitlines())), 140) + "\n"
    if chosen.write:
        shipped().write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
