"""The ids of the archive: the same record gets the same id in any order of ingestion, on any machine."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from ingest.passages import Passage
from ingest.records import Link

_SALESFORCE_COMPARED = 15
"""A Salesforce id comes with 15 characters, whose case counts, or with three more that only repeat the case."""


def interaction_id(account_id: str, tool: str, external_id: str) -> str:
    return f"src_{_digest(account_id, tool, external_id)[:20]}"


def passage_id(interaction: str, passage: Passage, content: str) -> str:
    return f"{interaction}:{passage.span.start}-{passage.span.end}:{content[:8]}"


def account_id(name: str, taken: frozenset[str] = frozenset()) -> str:
    """`taken` are ids that belong to accounts which had this name before they were renamed."""
    found = f"acc_{_digest('account', folded(name))[:16]}"
    while found in taken:
        found = f"acc_{_digest('account', found)[:16]}"
    return found


def person_id(email: str, name: str, account: str | None) -> str:
    """By e-mail wherever they work; without one, by the name within the account."""
    return f"per_{_digest('email', email.strip().casefold())[:16] if email.strip() else _digest('name', account or '', folded(name))[:16]}"


def deal_id(account: str, name: str, links: tuple[Link, ...]) -> str:
    known_as = link_key(links[0]) if links else folded(name)
    return f"dea_{_digest(account, known_as)[:16]}"


def link_key(link: Link) -> str:
    """Two links to the same record have the same key."""
    native = link.id[:_SALESFORCE_COMPARED] if link.system == "salesforce" else link.id
    return f"{link.system}:{link.type}:{native}"


def folded(name: str) -> str:
    """A name as it is compared: case and spacing aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def slug(name: str) -> str:
    """A name as it stands in addresses; "account" if nothing of it can."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "account"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
