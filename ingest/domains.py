"""Whose mail domain it is: ours, a partner's, a customer's, or one that says nothing about a company."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from ingest.records import Side

if TYPE_CHECKING:
    from tldextract import TLDExtract

FREE_MAIL = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com mac.com
    aol.com proton.me protonmail.com gmx.de gmx.net gmx.com web.de t-online.de mail.com zoho.com fastmail.com hey.com
    qq.com 163.com 126.com mail.ru yandex.ru orange.fr free.fr laposte.net wanadoo.fr libero.it telia.com
    """.split()
)
"""Addresses here belong to people, not companies: they never decide whose domain or which account it is."""

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class Domains:
    """What Baton holds to be whose. `sources` says for each of our domains why (doctor shows it)."""

    ours: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)

    def side_of(self, email: str, *, listed_as: Side = "unknown") -> Side:
        """Ours and partners by domain; otherwise what the CRM or the source lists the person as."""
        domain = registrable(email)
        if domain and domain in self.ours:
            return "seller"
        if domain and domain in self.partners:
            return "partner"
        # A source's word that somebody is one of us counts only where no domain of ours is known.
        return "unknown" if listed_as == "seller" and domain and self.ours else listed_as


def registrable(address_or_host: str) -> str:
    """`mail.eu.halden.example` and `tom@halden.example` give `halden.example`; an empty or malformed one gives an empty string.

    Hosts outside the public suffix list (`.example`, intranets) count by their last two labels.
    """
    host = address_or_host.rpartition("@")[2].strip().strip(".>").lower()
    host = host.removeprefix("https://").removeprefix("http://").partition("/")[0].partition(":")[0]
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return ""
    if not _HOST.fullmatch(host):
        return ""
    # No entry of the suffix list makes less of one or two labels, and most mail domains have two: they do not wait for the list.
    return host if host.count(".") < 2 else _under_public_suffix(host)


def common_domain(interactions: Iterable[tuple[str, frozenset[str]]]) -> str:
    """The one company domain that every account's interactions share, given (account, domains) pairs; empty with fewer than two."""
    per_account: dict[str, set[str]] = {}
    for account, domains in interactions:
        per_account.setdefault(account, set()).update(domains)
    if len(per_account) < 2:
        return ""
    shared = set.intersection(*per_account.values()) - FREE_MAIL
    return shared.pop() if len(shared) == 1 else ""


@cache
def _under_public_suffix(host: str) -> str:
    return _suffixes()(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])


@cache
def _suffixes() -> TLDExtract:
    """The packaged list only: no look-up over the network."""
    from tldextract import TLDExtract  # with its list a tenth of a second, which a run without such hosts does not pay

    return TLDExtract(suffix_list_urls=(), cache_dir=None)
