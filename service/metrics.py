"""What the service tells those who watch it, in Prometheus's terms: counts and times, never a word of an article, a name or a key."""

from collections.abc import Callable
from decimal import Decimal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector, generate_latest

from service.models.counting import Counts

#: From what is answered at once to the longest deadline.
_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600)
#: From what nobody notices to what looks like a standstill.
_LAG_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5)
#: Of tokens, as the record calls them.
_KINDS = ("prompt_tokens", "cached_tokens", "completion_tokens")


class Metrics:
    """The metrics of one service. Each has a registry of its own, so that two services in one process do not add up."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Counter(
            "vigie_requests", "Answers, by route, status and code of the problem.", ("method", "route", "status", "code"), registry=self.registry
        )
        self._request_seconds = Histogram("vigie_request_seconds", "Seconds to the answer, by route.", ("route",), buckets=_SECONDS, registry=self.registry)
        self._calls = Counter("vigie_model_calls", "Calls to the model, by how they ended.", ("outcome",), registry=self.registry)
        self._call_seconds = Histogram("vigie_model_call_seconds", "Seconds of calls to the model.", buckets=_SECONDS, registry=self.registry)
        self._retries = Counter("vigie_model_retries", "Calls that were made again.", registry=self.registry)
        self._restarts = Counter("vigie_engine_restarts", "Times that the engine of the embedded model ended and was started again.", registry=self.registry)
        self._tokens = Counter("vigie_tokens", "Tokens of the model's answers, also of those that were of no use, by kind.", ("kind",), registry=self.registry)
        for kind in _KINDS:
            self._tokens.labels(kind)  # there from the start, at zero
        self._usd = Counter("vigie_cost_usd", "Price of these tokens in US dollars, as far as it is known.", registry=self.registry)
        self._lag_seconds = Histogram("vigie_event_loop_lag_seconds", "Seconds by which the event loop was late.", buckets=_LAG_SECONDS, registry=self.registry)
        self._cache = Counter("vigie_cache", "Records that were sent, by where they came from.", ("outcome",), registry=self.registry)
        for outcome in ("hit", "miss", "shared"):
            self._cache.labels(outcome)
        self._handed_in = Counter("vigie_job_articles", "Articles handed in as jobs, repeats included, by what they are.", ("outcome",), registry=self.registry)
        for outcome in ("accepted", "refused"):
            self._handed_in.labels(outcome)
        self._job_readings = Counter("vigie_job_readings", "Readings of articles of jobs, by what became of them.", ("outcome", "code"), registry=self.registry)
        self._queue_rows = Counter("vigie_queue_rows_removed", "Rows of the queue that were no tickets, and were removed.", registry=self.registry)

    def lagged(self, seconds: float) -> None:
        """Note by how much the event loop was late."""
        self._lag_seconds.observe(seconds)

    def answered(self, method: str, route: str | None, status: int, code: str | None, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(method, route or "none", str(status), code or "none").inc()
        self._request_seconds.labels(route or "none").observe(seconds)

    def called(self, outcome: str, seconds: float) -> None:
        """Count a call to the model."""
        self._calls.labels(outcome).inc()
        self._call_seconds.observe(seconds)

    def retried(self) -> None:
        """Count a retry."""
        self._retries.inc()

    def restarted(self) -> None:
        """Count a restart of the engine."""
        self._restarts.inc()

    def used(self, counts: Counts, usd: Decimal | None) -> None:
        """Count what an answer used and, where that is known, what it cost."""
        for kind, count in zip(_KINDS, (counts.prompt, counts.cached, counts.completion), strict=True):
            self._tokens.labels(kind).inc(count)
        self._usd.inc(float(usd or 0))

    def cached(self, outcome: str) -> None:
        """Count a record that was kept (`hit`), read (`miss`), or read for another request at the same time (`shared`)."""
        self._cache.labels(outcome).inc()

    def handed_in(self, accepted: int, refused: int) -> None:
        """Count what was handed in as a job: articles, and what was meant to be some."""
        self._handed_in.labels("accepted").inc(accepted)
        self._handed_in.labels("refused").inc(refused)

    def job_reading(self, outcome: str, count: int = 1, *, code: str = "none") -> None:
        """Count readings of articles of jobs: `read`, `failed` or `put_back` with the code of the problem, `lost` to others, or `recovered` from the dead."""
        self._job_readings.labels(outcome, code).inc(count)

    def queue_rows_removed(self, count: int) -> None:
        """Count rows of the queue that were no tickets."""
        self._queue_rows.inc(count)

    def watch(self, name: str, told: str, value: Callable[[], float]) -> None:
        """Have `value` asked for whenever someone looks."""
        Gauge(f"vigie_{name}", told, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """Return all of them as Prometheus reads them."""
        return generate_latest(self.registry)
