"""Addresses in the settings to which words are sent."""

from __future__ import annotations

from urllib.parse import urlsplit

from api.access import is_loopback
from ingest.settings import BadSettings


def safe_url(where: str, url: object) -> str:
    """Deal histories leave the machine for it: encrypted, or not at all. Raises BadSettings, which names `where`."""
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not secure or not parts.hostname or parts.username or parts.password or parts.fragment:
        raise BadSettings(f"{where}: an address begins with https:// and holds no name or password; it is {url!r}")
    return str(url).rstrip("/")
