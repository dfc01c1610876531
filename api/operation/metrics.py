"""What is counted while a server answers, of all its workers: for Prometheus, and about nobody.

No label is made of what somebody sent: a route is named by its template, and what has none by one
name for all; a method that no route takes is "other".
"""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

import geo_match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client import Metric
    from prometheus_client.registry import Collector

    from api.shared_place import SharedPlace
    from geo_match.store import Store

NO_ROUTE: Final = "none"
"""The name of all paths at which there is nothing."""
NO_ANSWER: Final = "none"
"""The status of requests that were given up before an answer began."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "other"
_REQUEST_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_ENGINE_S: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10)
_CURSOR: Final = "geo_match_index_cursor"
_IN_STEP: Final = "geo_match_index_in_step_timestamp_seconds"
_STATM: Final = Path("/proc/self/statm")
_PAGE_BYTES: Final = 4_096


class Metrics:
    """The figures of one worker, and the way to those of all.

    Where a supervisor runs several, each keeps its own in a file of the place that they share, and
    whoever is asked adds them up. A worker that took another's place goes on from its figures.

    Parameters
    ----------
    place
        What they share.
    store
        What is served; None for a file.
    """

    def __init__(self, place: SharedPlace, store: Store | None) -> None:
        # Moments that several workers could not tell either. The package has no types there.
        disable_created_metrics()  # type: ignore[no-untyped-call] # the same
        # As the package has it for servers that number their workers: before the first figure. It
        # has no types where workers share something.
        kind: Any = values
        kind.ValueClass = (
            kind.MultiProcessValue(lambda: place.worker) if place.is_shared else kind.MutexValue
        )
        self._worker = str(place.worker)
        self._registry = CollectorRegistry()
        counted: Any = self._registry
        if place.is_shared:
            of_all: Any = MultiProcessCollector
            counted = of_all(None, str(place.metrics))
        self._told = CollectorRegistry()
        self._told.register(_Told(counted, place, store))
        self._requests = Counter(
            "geo_match_requests",
            "Requests that were answered, or given up.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._request_s = Histogram(
            "geo_match_request_seconds",
            "From the head of a request to the end of its answer.",
            ("route", "method"),
            buckets=_REQUEST_S,
            registry=self._registry,
        )
        self._engine_s = Histogram(
            "geo_match_engine_seconds",
            "What the library took of it.",
            ("route",),
            buckets=_ENGINE_S,
            registry=self._registry,
        )
        self._under_way = Gauge(
            "geo_match_requests_under_way",
            "Requests that were being answered when each worker last looked.",
            multiprocess_mode="livesum",
            registry=self._registry,
        )
        self._cursor = self._of_worker(_CURSOR, "Number of the last change in a worker's index.")
        self._in_step = self._of_worker(
            _IN_STEP, "When a worker's index was last seen to be in step, seconds since 1970."
        )
        self._memory = self._of_worker("geo_match_worker_memory_bytes", "A worker's own memory.")
        self._now = 0
        self._children: dict[tuple[str, ...], Counter] = {}
        self._spans: dict[tuple[str, ...], Histogram] = {}

    def _of_worker(self, name: str, text: str) -> Gauge:
        """Make a gauge of which each worker has one of its own, that ends with it."""
        return Gauge(
            name,
            text,
            ("worker",),
            multiprocess_mode="livemostrecent",
            registry=self._registry,
        )

    def begin(self) -> None:
        """Count a request that came."""
        self._now += 1

    def end(
        self, route: str, method: str, status: int | None, took_s: float, engine_s: float | None
    ) -> None:
        """Count a request that is over.

        Parameters
        ----------
        route
            Its template, or `NO_ROUTE`.
        method
            As it was sent.
        status
            Of the answer; None if none began.
        took_s
            From its head to the end of its answer.
        engine_s
            What the library took of that; None if it was not asked.
        """
        self._now -= 1
        method = method if method in _METHODS else _OTHER
        key = (route, method, NO_ANSWER if status is None else str(status))
        child = self._children.get(key)  # the package's own way to it takes longer than counting
        if child is None:
            child = self._children[key] = self._requests.labels(*key)
        child.inc()
        self._span(self._request_s, route, method).observe(took_s)
        if engine_s is not None:
            self._span(self._engine_s, route).observe(engine_s)

    def _span(self, histogram: Histogram, *labels: str) -> Histogram:
        child = self._spans.get(labels)
        if child is None:
            child = self._spans[labels] = histogram.labels(*labels)
        return child

    def look(self, cursor: int | None, *, is_in_step: bool) -> None:
        """Note where this worker's index stands, and how much memory it takes.

        Parameters
        ----------
        cursor
            Number of the last change in the index; None for a file.
        is_in_step
            Whether that was the last of the store.
        """
        if cursor is not None:
            self._cursor.labels(self._worker).set(cursor)
            if is_in_step:
                self._in_step.labels(self._worker).set(time.time())
        self._under_way.set(self._now)
        try:
            resident = int(_STATM.read_text(encoding="ascii").split()[1])
        except OSError:  # no Linux
            return
        self._memory.labels(self._worker).set(resident * _PAGE_BYTES)

    def text(self) -> bytes:
        """Return the figures of all workers as Prometheus reads them.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        return generate_latest(self._told)


class _Told:
    """What is told: what was counted, and what is so now.

    Parameters
    ----------
    counted
        What all workers counted.
    place
        What they share.
    store
        What is served; None for a file.
    """

    def __init__(self, counted: Collector, place: SharedPlace, store: Store | None) -> None:
        self._counted, self._place, self._store = counted, place, store

    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        counted = list(self._counted.collect())
        yield from counted
        yield from self._about_workers()
        if self._store is not None:
            head = self._store.cursor().seq
            yield _gauge("geo_match_store_head", "Number of the store's last change.", head)
            size = self._store.size_bytes()
            yield _gauge("geo_match_store_bytes", "Size of the store with its log.", size)
            yield from _behind(counted, head)

    def _about_workers(self) -> Iterator[Metric]:
        staff = self._place.staff
        yield _gauge("geo_match_workers", "Workers that answer.", staff.alive)
        yield _gauge("geo_match_workers_wanted", "Workers that there are to be.", staff.wanted)
        restarts = CounterMetricFamily(
            "geo_match_worker_restarts", "Workers that took the place of a dead one."
        )
        restarts.add_metric((), staff.restarts)
        yield restarts
        build = GaugeMetricFamily(
            "geo_match_build_info", "What runs.", labels=("version", "python")
        )
        build.add_metric((geo_match.__version__, platform.python_version()), 1)
        yield build


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)


def _behind(counted: Iterable[Metric], head: int) -> Iterator[Metric]:
    """Yield by how much each worker's index was behind the store when it last looked.

    It looks twice a second: so much longer than in truth it may seem to be behind.
    """
    by_name = {
        metric.name: {sample.labels["worker"]: sample.value for sample in metric.samples}
        for metric in counted
        if metric.name in {_CURSOR, _IN_STEP}
    }
    changes = GaugeMetricFamily(
        "geo_match_index_behind_changes",
        "Changes of the store that are not in a worker's index.",
        labels=("worker",),
    )
    seconds = GaugeMetricFamily(
        "geo_match_index_behind_seconds",
        "At most so old is the oldest of them; 0 if there is none.",
        labels=("worker",),
    )
    now = time.time()
    for worker, in_step in sorted(by_name.get(_IN_STEP, {}).items()):
        missing = max(0.0, head - by_name[_CURSOR][worker])
        changes.add_metric((worker,), missing)
        seconds.add_metric((worker,), max(0.0, now - in_step) if missing else 0.0)
    yield changes
    yield seconds
