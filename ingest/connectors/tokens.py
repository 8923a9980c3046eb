"""Access tokens that are lent for an hour: asked for with what was given once, and again when they run out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from ingest.connectors.api import Answer, Api, Clock, Fixed, NotThere, NotUnderstood, Refused

EARLY_S = 60.0
"""A token is changed so long before it runs out."""
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Lent:
    """OAuth 2: whatever the grant is, a form is sent and a token comes back. The token is kept in memory alone."""

    def __init__(
        self,
        source: str,
        url: str,
        form: Callable[[], Mapping[str, str]],
        clock: Clock,
        basic: str = "",
        heard: Callable[[Mapping[str, Any]], None] = lambda body: None,
    ) -> None:
        credentials = Fixed("Authorization", f"Basic {basic}") if basic else Fixed("Accept", "application/json")
        self._source, self._form, self._clock, self._heard = source, form, clock, heard
        self._api = Api(source, url, credentials, clock)
        self._token = ""
        self._until = 0.0

    def __repr__(self) -> str:
        return f"Lent({self._source})"

    def headers(self) -> Mapping[str, str]:
        if not self._token or self._clock.monotonic() >= self._until:
            self._ask()
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        self._ask()
        return True

    def close(self) -> None:
        self._api.close()

    def _ask(self) -> None:
        try:
            answer: Answer = self._api.ask("POST", "", data=dict(self._form()))
        except (NotUnderstood, NotThere) as refused:  # invalid_grant and invalid_client come as 400
            raise Refused(f"{self._source} gives no access token: the credentials are wrong, revoked or have expired. {refused}") from None
        body = answer.body if isinstance(answer.body, Mapping) else {}
        if not body.get("access_token"):
            raise Refused(f"{self._source} gave no access token; check that the address of its sign-in is right.")
        self._token = str(body["access_token"])
        self._until = self._clock.monotonic() + max(float(body.get("expires_in") or 3600) - EARLY_S, EARLY_S)
        self._heard(body)


def service_account(key: Mapping[str, Any], subject: str, scopes: str, clock: Clock) -> Callable[[], Mapping[str, str]]:
    """Google's: a JWT signed with the account's key, for a mailbox that its domain lets it read."""

    def form() -> Mapping[str, str]:
        import jwt  # only for those who have such an account

        now = clock.now()
        claims = {"iss": key["client_email"], "sub": subject, "scope": scopes, "aud": key["token_uri"], "iat": now}
        signed = jwt.encode({**claims, "exp": now + timedelta(minutes=30)}, key["private_key"], algorithm="RS256")
        return {"grant_type": JWT_BEARER, "assertion": signed}

    return form
