"""What the server does in numbers, for Prometheus: requests by route and status, and how long they took. No names, no ids."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Meter:
    """One for each application; several may stand in a process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        told = ["method", "route", "status"]
        self._requests = Counter("baton_requests", "Requests answered.", told, registry=self._registry)
        self._seconds = Histogram(
            "baton_request_seconds", "Until the last byte, streams too.", ["method", "route"], buckets=_SECONDS, registry=self._registry
        )
        self._running = Gauge("baton_requests_running", "Requests being answered.", registry=self._registry)
        self._degraded = Gauge("baton_degraded_parts", "Parts of the home that do not work as they should.", registry=self._registry)

    def begun(self) -> None:
        self._running.inc()

    def ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is its template, so that there are only so many."""
        self._running.dec()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self, degraded: int) -> bytes:
        self._degraded.set(degraded)
        return generate_latest(self._registry)
