"""What a person may set about answering: a language model, by its endpoint. Without one nothing is sent anywhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from ingest.settings import FILE, BadSettings, settings_table

Structured = Literal["auto", "schema", "object", "none"]

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """An OpenAI-compatible endpoint and how much it may take: time, words and money."""

    base_url: str
    """Up to and with `/v1`. Nothing is sent to any other address."""
    name: str
    """As the endpoint names the model."""
    key: str = field(default="", repr=False)
    connect_s: float = 2.0
    first_token_s: float = 8.0
    """Also the longest silence within an answer."""
    total_s: float = 30.0
    max_tokens: int = 800
    """The longest reply."""
    context_tokens: int = 8_000
    """What the model can take in, question and reply together."""
    evidence_tokens: int = 3_000
    """At most so much of the history is sent with one question."""
    at_once: int = 4
    """Questions under way at the same time; more wait, and what waits too long is answered without the model."""
    input_price: float | None = None
    """For a million tokens sent, in `currency`."""
    output_price: float | None = None
    currency: str = "USD"
    structured: Structured = "auto"
    """How replies are kept to their form; `auto` tries a JSON schema, then JSON, then asks in words."""
    proxy: str = field(default="", repr=False)
    """Proxies of the environment are not used."""


KNOWN = (
    "base_url", "name", "key_file", "connect_s", "first_token_s", "total_s", "max_tokens", "context_tokens", "evidence_tokens", "at_once",
    "input_price", "output_price", "currency", "structured", "proxy", "plain_http",
)  # fmt: skip


def load_model_settings(home: Path, environment: Mapping[str, str] = os.environ) -> ModelSettings | None:
    """The `[model]` table, each setting overruled by `BATON_MODEL_` and its name; None where no endpoint is named.

    The key comes from `BATON_MODEL_KEY` or from the file that `key_file` names, never from the settings file, which people copy.
    """
    table = settings_table(home / FILE, "model", (*KNOWN, "key")) if (home / FILE).is_file() else {}
    if "key" in table:
        raise BadSettings(f"{FILE}: [model] must not hold the key; set BATON_MODEL_KEY, or name a file that holds it alone as key_file")
    given = _Given(table, environment)
    base_url = given.text("base_url").rstrip("/")
    if not base_url:
        if given.any():
            raise BadSettings(f'{FILE}: [model] needs base_url, such as "https://models.example.com/v1"')
        return None
    name = given.text("name")
    if not name:
        raise BadSettings(f"{FILE}: [model] needs name, the model as {base_url} calls it")
    _check_address(base_url, plain_http=given.flag("plain_http"))
    structured = given.text("structured") or "auto"
    if structured not in get_args(Structured):
        raise BadSettings(f"{FILE}: structured must be one of {', '.join(get_args(Structured))}")
    settings = ModelSettings(
        base_url=base_url,
        name=name,
        key=_key(home, given, environment),
        connect_s=given.number("connect_s", 2.0, least=0.05),
        first_token_s=given.number("first_token_s", 8.0, least=0.05),
        total_s=given.number("total_s", 30.0, least=0.1),
        max_tokens=round(given.number("max_tokens", 800, least=50)),
        context_tokens=round(given.number("context_tokens", 8_000, least=1_000)),
        evidence_tokens=round(given.number("evidence_tokens", 3_000, least=200)),
        at_once=round(given.number("at_once", 4, least=1)),
        input_price=given.price("input_price"),
        output_price=given.price("output_price"),
        currency=given.text("currency") or "USD",
        structured=structured,  # type: ignore[arg-type]  # looked up above
        proxy=given.text("proxy"),
    )
    if settings.max_tokens + 600 > settings.context_tokens:
        raise BadSettings(f"{FILE}: context_tokens ({settings.context_tokens}) leaves no room beside max_tokens ({settings.max_tokens})")
    return settings


def _check_address(base_url: str, *, plain_http: bool) -> None:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username or parts.password:
        raise BadSettings(f'{FILE}: base_url must be an address such as "https://models.example.com/v1", without name, password or query')
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not plain_http:
        raise BadSettings(
            f"{FILE}: {parts.hostname} would be sent deal histories and the key unencrypted; use https, or set plain_http = true if nobody "
            "can listen on the way there"
        )


def _key(home: Path, given: _Given, environment: Mapping[str, str]) -> str:
    if key := environment.get("BATON_MODEL_KEY", "").strip():
        return _one_word(key, "BATON_MODEL_KEY")
    if not (name := given.text("key_file")):
        return ""
    file = home / Path(name).expanduser()
    try:
        return _one_word(file.read_text("utf-8").strip(), f"key_file {file}")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise BadSettings(f"the model's key cannot be read from {file}: {why}") from None


def _one_word(key: str, where: str) -> str:
    if not key.isascii() or not key.isprintable() or " " in key:
        raise BadSettings(f"{where} does not hold a key: a key is one word of plain letters")
    return key


@dataclass(frozen=True, slots=True)
class _Given:
    table: Mapping[str, object]
    environment: Mapping[str, str]

    def any(self) -> bool:
        return bool(self.table) or any(f"BATON_MODEL_{name.upper()}" in self.environment for name in KNOWN)

    def value(self, name: str) -> object:
        return self.environment.get(f"BATON_MODEL_{name.upper()}") or self.table.get(name)

    def text(self, name: str) -> str:
        value = self.value(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise BadSettings(f"{FILE}: {name} must be text in quotes")
        return value.strip()

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if value in (None, False, "0", "false"):
            return False
        if value in (True, "1", "true"):
            return True
        raise BadSettings(f"{FILE}: {name} must be true or false")

    def number(self, name: str, default: float, *, least: float) -> float:
        value = self.value(name)
        if value is None:
            return default
        try:
            number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else float("nan")
        except ValueError:
            number = float("nan")
        if not least <= number < 10_000_000:
            raise BadSettings(f"{FILE}: {name} must be a number of at least {least:g}")
        return number

    def price(self, name: str) -> float | None:
        return None if self.value(name) is None else self.number(name, 0.0, least=0.0)
