"""Whose mail domain it is: ours, a partner's, a customer's, or one that says nothing about a company."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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

EVERYBODYS = FREE_MAIL | frozenset(
    """
    linkedin.com facebook.com instagram.com twitter.com x.com youtube.com wikipedia.org google.com linktr.ee
    fireflies.ai otter.ai read.ai tldv.io fathom.video gong.io chorus.ai avoma.com zoom.us
    """.split()
)
"""Nor does a page on somebody else's site that a CRM has for a company's website, or a notetaker that sits in everybody's calls."""

_TENANTED = frozenset({"onmicrosoft.com"})
"""Below these each label is another company; the public suffix list does not say so."""
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
    found = host(address_or_host)
    # No entry of the suffix list makes less of one or two labels, and most mail domains have two: they do not wait for the list.
    return found if found.count(".") < 2 else _under_public_suffix(found)


def host(address_or_host: str) -> str:
    """The host of an address or a page as it is compared: in small letters, other scripts in their `xn--` form; empty if it is none."""
    found = address_or_host.rpartition("@")[2].strip().strip(".>").lower()
    found = found.removeprefix("https://").removeprefix("http://").partition("/")[0].partition(":")[0]
    if not found.isascii():
        import idna  # its tables take a while to load, and few hosts need them

        try:
            found = idna.encode(found, uts46=True, transitional=False).decode("ascii")
        except idna.IDNAError:
            return ""
    return found if _HOST.fullmatch(found) else ""


def shown(host: str) -> str:
    """A host as a reader sees it, `xn--` spelled out; as it is where that cannot be done."""
    if "xn--" not in host:
        return host
    import idna

    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


def above(host: str) -> Iterator[str]:
    """The host and the domains it lies under, the longest first, down to its registrable one; always cut between labels."""
    base = registrable(host)
    while host and host != base:
        yield host
        host = host.partition(".")[2]
    if base:
        yield base


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
    base = _suffixes()(host).top_domain_under_public_suffix or ".".join(host.split(".")[-2:])
    return ".".join(host.split(".")[-3:]) if base in _TENANTED else base


@cache
def _suffixes() -> TLDExtract:
    """The packaged list only: no look-up over the network."""
    from tldextract import TLDExtract  # with its list a tenth of a second, which a run without such hosts does not pay

    # `acme.github.io` is a company's, as the list's private part says
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
