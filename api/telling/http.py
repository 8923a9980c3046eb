"""One way out for what is sent to tools: to the address that is set, no other, in time, and what it answers is not believed at length."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2

from api.setbacks import Later, Never

MOST_BYTES = 1_000_000


class Outward:
    """For the channel of this name."""

    def __init__(self, name: str, base: str, headers: Mapping[str, str] | None = None) -> None:
        self._name = name
        limits = httpx2.Timeout(20.0, connect=5.0)
        self._client = httpx2.Client(base_url=base, headers=dict(headers or {}), timeout=limits, follow_redirects=False, trust_env=False)

    def ask(
        self, method: str, path: str, *, json: Any = None, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """The JSON answered, or None. Raises Later and Never."""
        try:
            with self._client.stream(method, path, json=json, content=content, headers=dict(headers or {})) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise Later(f"[deliver.{self._name}]: the answer is longer than {MOST_BYTES:,} bytes")
        except httpx2.HTTPError as error:
            raise Later(f"[deliver.{self._name}]: could not be reached ({type(error).__name__})") from None
        if response.is_success:
            return _json(body)
        said = f"[deliver.{self._name}]: answered {response.status_code}"
        if response.status_code in (408, 425, 429) or response.status_code >= 500:
            wait = response.headers.get("Retry-After", "")
            raise Later(said, timedelta(seconds=min(int(wait), 3600)) if wait.isascii() and wait.isdecimal() else None)
        raise Never(f"{said}; put that right and replay.")

    def close(self) -> None:
        self._client.close()


def _json(body: bytes) -> Any:
    import json

    try:
        return json.loads(body) if body.strip() else None
    except (ValueError, RecursionError):
        return None
