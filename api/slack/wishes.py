"""What somebody wants in Slack, as it stands in the job that does it: ids, and their own words until it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

from ingest.archive.work import WORDS

Do = Literal["ask", "gaps", "attest"]


@dataclass(frozen=True, slots=True)
class Wish:
    do: Do
    hook: str
    channel: str
    user: str
    thread: str = ""
    """The `ts` of the message it hangs under; empty for a command, which has none yet."""
    words: str = ""
    account: str = ""
    """Chosen where the channel leaves it open."""
    brief: str = ""
    gap: str = ""

    def about(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> Self:
        return cls(**{each.name: about[each.name] for each in fields(cls) if each.name in about})


assert WORDS in {each.name for each in fields(Wish)}
