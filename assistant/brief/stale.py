"""Which quotes of a kept brief no longer stand where they were taken from: their source was edited, or is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingest.archive.archive import Archive
from ingest.archive.scope import Scope


def stale(archive: Archive, reader: Scope, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """By source, in the order of the citations: why (`changed` or `gone`), and which citations are concerned."""
    today = {source.id: source.text_sha256 for source in archive.sources(reader, alternates=True)}
    found: dict[str, dict[str, Any]] = {}
    for citation in body["citations"]:
        source = citation["source"]
        if citation["text_sha256"] != (now := today.get(source["id"], "")):
            why = "changed" if now else "gone"
            told = found.setdefault(source["id"], {"source": {"id": source["id"], "title": source["title"]}, "why": why, "citations": []})
            told["citations"].append(citation["id"])
    return list(found.values())
