"""What is told: which account, what has happened, where to go. No word of the history, unless a channel asks for the summary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from textwrap import shorten
from typing import Any, Literal

from assistant.render import day

What = Literal["draft", "reminder", "approved", "accepted", "returned", "renewal", "shared"]

_SAYS: Mapping[What, tuple[str, str, str]] = {
    "draft": ("Handoff brief to review: {account}", "The deal with {account} is closed and its handoff brief is written. Ten minutes of "
              "the account executive's review make it safe to hand over; customer success is told then.", "Review the brief"),
    "reminder": ("Still to review: {account}", "The handoff brief of {account} has waited {hours} hours for the account executive's "
                 "review. Customer success cannot start from it before that.", "Review the brief"),
    "approved": ("Handoff brief ready: {account}", "The account executive has reviewed the handoff brief of {account}. Customer success: "
                 "read it, then accept it or send it back.", "Read the brief"),
    "accepted": ("Handoff accepted: {account}", "Customer success has accepted the handoff of {account}.", "Open the brief"),
    "returned": ("Handoff brief sent back: {account}", "Customer success has sent the handoff brief of {account} back to the account "
                 "executive. What is missing stands in the brief.", "Open the brief"),
    "renewal": ("Renewal in sight: {account}", "The term of {account} ends {ends}. What was promised, and what became of it, is in the "
                "brief.", "Read the brief"),
    "shared": ("Handoff brief: {account}", "{by} points to the handoff brief of {account}. {stands}", "Open the brief"),
}  # fmt: skip
_STANDS: Mapping[str, str] = {
    "draft": "It waits for the account executive's review.",
    "returned": "Customer success has sent it back to the account executive.",
    "reviewed": "The account executive has reviewed it; customer success accepts it or sends it back.",
    "accepted": "Customer success has accepted it.",
    "accepted_with_gaps": "Customer success has accepted it, with questions open.",
}
_NO_PROMISE = frozenset({"declined", "retracted"})
"""What was refused or taken back is in a brief's list, and nothing that anybody is owed."""
_NOT_HELD = ("contradicted", "excluded", "silent")
"""What the contract says of a promise that it does not hold, the worst first."""
_LOOSE = {"conditional": "on a condition", "best_effort": "an aim", "roadmap_statement": "roadmap", "hypothetical": "hypothetical"}
_AGAINST = {"contradicted": "the contract says otherwise", "excluded": "the contract excludes it", "silent": "not in the contract"}


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
    hours: str = ""
    """For a reminder: so long the draft has waited."""
    ends_on: date | None = None
    """For a renewal: when the term ends."""
    share: str = ""
    """The id of a share: each of them is something of its own that has happened."""
    by: str = ""
    """The name of who shared."""

    @property
    def title(self) -> str:
        return _SAYS[self.what][0].format(account=self.account)

    @property
    def text(self) -> str:
        ends = f"on {day(self.ends_on)}" if self.ends_on else "within 120 days"
        stands, by = _STANDS.get(self.brief.get("state", ""), ""), self.by or "Somebody"
        says = _SAYS[self.what][1].format(account=self.account, hours=self.hours or "many", ends=ends, by=by, stands=stands)
        return says.rstrip()

    @property
    def mark(self) -> str:
        """The link, with what happened to which version, by which a note of ours is known again."""
        about = f"{self.what}-{self.share}" if self.share else self.what
        return f"{self.url}?version={self.brief['id']}&about={about}"

    @property
    def action(self) -> str:
        return _SAYS[self.what][2]

    @property
    def counts(self) -> str:
        promises = [one for one in self.brief["promises"] if _is_owed(one)]
        against = sum(one["contract"] in _NOT_HELD for one in promises)
        gaps = many(len(self.brief["gaps"]), "open question")
        return f"{many(len(promises), 'promise')}, {against} not held by the contract; {gaps}."

    def open_promises(self, most: int = 50) -> list[dict[str, Any]]:
        names = ("id", "text", "kind", "strength", "made_on", "contract", "status")
        return [
            {**{name: one[name] for name in names}, "made_by": one["made_by"]["name"], "due": (one["due"] or {}).get("date")}
            for one in self._open()[:most]
        ]

    def lines(self, most: int) -> list[str]:
        """Of the open promises those that the contract does not hold first: as they were said, by whom, when and how firmly."""
        kept = sorted(self._open(), key=lambda one: (_rank(one["contract"]), one["strength"] != "firm"))
        left = len(kept) - most
        return [*map(_line, kept[:most]), *([f"and {left} more in the brief"] if left > 0 else [])]

    def _open(self) -> list[Mapping[str, Any]]:
        return [one for one in self.brief["promises"] if _is_owed(one) and one["status"] in ("open", "at_risk", "broken")]


def _is_owed(promise: Mapping[str, Any]) -> bool:
    return bool(promise["current"]) and promise["strength"] not in _NO_PROMISE


def _rank(contract: str) -> int:
    return _NOT_HELD.index(contract) if contract in _NOT_HELD else len(_NOT_HELD)


def _line(promise: Mapping[str, Any]) -> str:
    on = day(date.fromisoformat(promise["made_on"])) if promise["made_on"] else ""
    standing = [_LOOSE.get(promise["strength"], ""), _AGAINST.get(promise["contract"], ""), *(["broken"] * (promise["status"] == "broken"))]
    about = "; ".join(filter(None, [", ".join(filter(None, [promise["made_by"]["name"], on])), *standing]))
    return f"“{shorten(' '.join(promise['text'].split()), 220, placeholder=' …')}” ({about})"


def one_line(name: str) -> str:
    """For a subject or a heading: what comes from a source breaks out of neither."""
    return re.sub(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]+", " ", name).strip()[:120]


def many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
