"""What is told: which account, what has happened, where to go. No word of the history, unless a channel asks for the summary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

What = Literal["draft", "reminder", "approved", "accepted", "returned", "renewal"]

_SAYS: Mapping[What, tuple[str, str, str]] = {
    "draft": ("Handoff brief to review: {account}", "The deal is closed and the handoff brief is composed. Ten minutes of your review "
              "make it safe to hand over.", "Review the brief"),
    "reminder": ("Still to review: {account}", "The handoff brief waits for your review. Customer success cannot start from it before "
                 "that.", "Review the brief"),
    "approved": ("Handoff brief for you: {account}", "The account executive has reviewed the brief. Read it, then accept it or send it "
                 "back.", "Read the brief"),
    "accepted": ("Handoff accepted: {account}", "Customer success has taken the account over.", "Open the brief"),
    "returned": ("Handoff brief sent back: {account}", "Customer success sent the brief back; it says there what is missing.",
                 "Open the brief"),
    "renewal": ("Renewal in sight: {account}", "The term ends within 120 days. What was promised, and what became of it, is in the "
                "brief.", "Read the brief"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is the same for the same thing to the same place."""

    key: str
    what: What
    account: str
    url: str
    brief: Mapping[str, Any]
    crm: tuple[tuple[str, str], ...] = ()
    """What the CRMs call the deal: system and id."""
    answered_here: bool = False
    """Whether Baton can be talked to where this is read."""

    @property
    def title(self) -> str:
        return _SAYS[self.what][0].format(account=self.account)

    @property
    def text(self) -> str:
        return _SAYS[self.what][1]

    @property
    def action(self) -> str:
        return _SAYS[self.what][2]

    @property
    def counts(self) -> str:
        promises = [one for one in self.brief["promises"] if one["current"]]
        against = sum(one["contract"] in ("contradicted", "silent") for one in promises)
        return f"{many(len(promises), 'promise')}, {against} not held by the contract; {many(len(self.brief['gaps']), 'open question')}."

    def open_promises(self, most: int = 50) -> list[dict[str, Any]]:
        kept = [one for one in self.brief["promises"] if one["current"] and one["status"] in ("open", "at_risk", "broken")]
        names = ("id", "text", "kind", "strength", "made_on", "contract", "status")
        return [{**{name: one[name] for name in names}, "due": (one["due"] or {}).get("date")} for one in kept[:most]]


def one_line(name: str) -> str:
    """For a subject or a heading: what comes from a source breaks out of neither."""
    return re.sub(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]+", " ", name).strip()[:120]


def many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
