"""`python -m eval.languages`: how often an English question finds the sentence that answers it in German, French or Dutch.

Ten questions of ours, each with a sentence that answers it in four languages (`data/languages.json`). A question is put to the ten
sentences of one language, and to one sentence in that language among nine in English, by the vectors of the embedding that is set up.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ingest.index.embedder import Embedder
from ingest.wiring import open_home

ITEMS = Path(__file__).resolve().parents[1] / "data" / "languages.json"
LANGUAGES = ("en", "de", "fr", "nl")


def found(embedder: Embedder, items: Sequence[dict[str, str]], language: str, others: str) -> float:
    """The share of questions whose likest sentence is their answer: that in `language`, those of the other questions in `others`."""
    right = 0
    for item in items:
        pool = [one[language] if one is item else one[others] for one in items]
        vectors = np.stack([embedding.vector for embedding in embedder.embed(pool)])
        right += int(np.argmax(vectors @ embedder.query(item["asked"]).vector)) == items.index(item)
    return right / len(items)


def main() -> int:
    items = json.loads(ITEMS.read_text("utf-8"))
    with TemporaryDirectory(prefix="baton-languages-") as passing, open_home(Path(passing), write=True) as home:
        if home.embedder is None:
            print("there is no embedding: words alone find nothing in another language", file=sys.stderr)
            return 1
        print(f"{home.embedder.name}, {len(items)} English questions\n      among its own   among English ones")
        for language in LANGUAGES:
            alone, mixed = (found(home.embedder, items, language, others) for others in (language, "en"))
            print(f"{language:6}{alone:13.2f}{mixed:20.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
