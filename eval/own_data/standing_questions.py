"""What is asked of every deal: what whoever takes a customer over needs to know, and things that nobody can have talked about."""

from __future__ import annotations

from collections.abc import Iterable

from eval.matching import words

STANDING = (
    "What did we promise them?",
    "When do they have to be live?",
    "Why did they decide to buy?",
    "How will they know that it was a success?",
    "Who makes the final decision on their side?",
    "What were they worried about?",
    "Which of their systems does it have to work with?",
    "What do they pay, and for how long?",
    "Who else did they look at?",
    "What does the contract say about ending it early?",
)
INVENTED = (
    ("zeppelin", "Who pays for the zeppelin hangar?"),
    ("beekeeper", "Which discount did we give the beekeeper?"),
    ("submarine", "When does the submarine crew get its training?"),
    ("orchid", "Did we agree on a date for the orchid greenhouse?"),
    ("accordion", "Who asked for the accordion integration?"),
)
"""Each with the word that no text of the account may hold: only then is declining known to be right."""


def invented_for(texts: Iterable[str]) -> tuple[str, ...]:
    """The questions that this history cannot answer."""
    held = {word for text in texts for word in words(text)}
    return tuple(question for noun, question in INVENTED if not held & {noun, f"{noun}s"})
