"""Which account a channel is about: what a person taught, a record or domain in its topic or purpose, else its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.domains import Domains
from ingest.placing import directory_of_records
from ingest.records import Link
from ingest.routing import linked
from ingest.sources.slack import hints


def accounts_of(archive: Archive, channel: Mapping[str, Any], named: str) -> frozenset[str]:
    """By the rules that file its messages. `named` is how an account's channel is called, such as `deal-{slug}`."""
    own = Link("slack", "channel", str(channel.get("id")))
    known = directory_of_records(archive, Domains())
    if found := linked([own], known) or linked(hints(dict(channel)), known):
        return frozenset(found)
    pattern = re.escape(named.lstrip("#")).replace(re.escape("{slug}"), "(.+)")
    slug = re.fullmatch(pattern, str(channel.get("name")))
    return frozenset(account.id for account in archive.accounts(EVERYTHING) if slug and account.slug == slug[1])
