"""Numbers for whoever watches the server, in the form that Prometheus reads; and its log, one JSON object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.sync.messages import Outcome

TYPE = CONTENT_TYPE_LATEST


class Measures:
    """What one process counts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Histogram(
            "escalation_desk_request_seconds",
            "How long requests took",
            ["method", "path", "status"],
            registry=self._registry,
        )
        self._mutations = Counter(
            "escalation_desk_mutations", "What became of mutations", ["state"], registry=self._registry
        )
        self._rows = Counter("escalation_desk_pulled_bytes", "Bytes of feed given, unpacked", registry=self._registry)

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        self._requests.labels(method, path, str(status)).observe(seconds)

    def pushed(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self._mutations.labels(outcome.state).inc()

    def pulled(self, size: int) -> None:
        self._rows.inc(size)

    def text(self) -> bytes:
        return generate_latest(self._registry)


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON; no record says more than we put into it."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "said": record.getMessage(),
            **getattr(record, "said", {}),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def log_as_json() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Its own lines carry addresses and whole paths; ours say the same without.
    logging.getLogger("uvicorn.access").disabled = True
