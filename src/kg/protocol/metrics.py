"""What the server has done, as text for Prometheus (exposition format 0.0.4)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import fields

from kg.engine.pool import Pool
from kg.protocol.cache import Cache

__all__ = ["Metrics"]

_BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0)


class Metrics:
    """Counts of replies by status, and how long they took in seconds."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self._buckets = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0

    def count(self, status: int, seconds: float) -> None:
        """Count one reply."""
        self.statuses[status] += 1
        self._seconds += seconds
        self._buckets[bisect_left(_BUCKETS, seconds)] += 1

    def text(self, pool: Pool, cache: Cache, dropped: int = 0) -> str:
        """All of it; `dropped` lines of the log were not written."""
        lines: list[str] = []

        def say(name: str, kind: str, help_: str, *values: tuple[str, float]) -> None:
            lines.append(f"# HELP kg_{name} {help_}")
            lines.append(f"# TYPE kg_{name} {kind}")
            lines.extend(f"kg_{name}{labels} {value:g}" for labels, value in values)

        tally = pool.tally
        say("queries_running", "gauge", "Questions being worked on.", ("", pool.running))
        say("queries_waiting", "gauge", "Questions that wait for a worker.", ("", pool.queued))
        say("workers_alive", "gauge", "Workers that are there.", ("", pool.alive))
        say("workers_wanted", "gauge", "Workers there should be.",
            ("", pool.state.get("workers", 0)))  # fmt: skip
        say("workers_started_total", "counter", "Workers that were started.", ("", tally.started))
        ends = ("killed", "crashed", "retired")
        say(
            "workers_ended_total",
            "counter",
            "Workers that are there no more: killed by us, dead of something else, sent home.",
            *((f'{{how="{how}"}}', getattr(tally, how)) for how in ends),
        )
        say(
            "queries_total",
            "counter",
            "Questions by what came of them.",
            *((f'{{outcome="{f.name}"}}', getattr(tally, f.name))
              for f in fields(tally) if f.name not in ("started", *ends)),
        )  # fmt: skip
        say("cache_hits_total", "counter", "Answers given from the cache.", ("", cache.hits))
        say("cache_misses_total", "counter", "Answers that were not there.", ("", cache.misses))
        say("cache_bytes", "gauge", "Bytes of answers in the cache.", ("", cache.size))
        say("cache_answers", "gauge", "Answers in the cache.", ("", len(cache)))
        files = cache.files
        ways, way = files.under_way
        say("cache_file_bytes", "gauge", "Bytes of large answers that are kept in files.",
            ("", files.size))  # fmt: skip
        say("cache_files", "gauge", "Large answers that are kept in files.", ("", len(files)))
        say("sent_file_bytes", "gauge", "Bytes of large answers that are only on their way.",
            ("", way))  # fmt: skip
        say("sent_files", "gauge", "Large answers that are only on their way.", ("", ways))
        say("transfers_broken_total", "counter", "Large answers broken off to make room.",
            ("", files.broken))  # fmt: skip
        say("log_lines_dropped_total", "counter", "Lines of the log that nobody took in time.",
            ("", dropped))  # fmt: skip
        say("dataset_generation", "counter", "Changes since the store was opened.",
            ("", pool.state.get("generation", 0)))  # fmt: skip
        say("triples", "gauge", "Triples of all graphs.", ("", pool.state.get("triples", 0)))
        say(
            "http_replies_total",
            "counter",
            "Replies by status.",
            *((f'{{status="{status}"}}', n) for status, n in sorted(self.statuses.items())),
        )
        lines.append("# HELP kg_http_seconds How long replies took.")
        lines.append("# TYPE kg_http_seconds histogram")
        total = 0
        for bound, number in zip((*map(str, _BUCKETS), "+Inf"), self._buckets, strict=True):
            total += number
            lines.append(f'kg_http_seconds_bucket{{le="{bound}"}} {total}')
        lines.append(f"kg_http_seconds_sum {self._seconds:g}")
        lines.append(f"kg_http_seconds_count {total}")
        return "\n".join(lines) + "\n"
