"""What a reader may see. Every read of the archive takes a `Scope`; nothing from a request ever becomes a filter by itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """The accounts a reader may see, whether internal talk is among it, and nothing that happened after `as_of`.

    `accounts=None` means every account and is for the operator of the machine (command line, doctor), never for a request.
    With `as_of` set, interactions without a date are out of sight: nobody can say they were known by then.
    """

    accounts: frozenset[str] | None
    internal: bool = True
    as_of: datetime | None = None
    hidden: frozenset[tuple[str, str]] = frozenset()
    """(account, interaction) of what is restricted and not for this reader."""
    viewer: str | None = field(default=None, compare=False)
    """Whose private threads are among it; None: everybody's. Two readers who see the same history share what was read of it, so this
    does not count when scopes are compared, and nothing kept by scope may hold a thread."""

    def only(self, account_id: str) -> Scope:
        """The same reader, one account; an account outside the scope gives a scope that sees nothing."""
        seen = self.accounts is None or account_id in self.accounts
        hidden = frozenset(each for each in self.hidden if each[0] == account_id)
        return replace(self, accounts=frozenset({account_id} if seen else ()), hidden=hidden)

    def until(self, as_of: datetime | None) -> Scope:
        """Narrowed to what was known at `as_of`; never widened."""
        if as_of is None or (self.as_of is not None and self.as_of <= as_of):
            return self
        return replace(self, as_of=as_of)


OPERATOR = "usr_operator"
"""The id of whoever works on the machine itself: the command line, and the browser that was signed in from there."""

EVERYTHING = Scope(accounts=None)
"""The operator's own view."""
