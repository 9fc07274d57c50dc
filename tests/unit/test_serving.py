"""The small parts of a server: rates, caches, proxies, journals, settings, tokens."""

from __future__ import annotations

import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.changes import Delta, Journal, Origin, apply
from kg.engine import failures
from kg.errors import (
    DeadlineExceeded,
    HeaderTooLong,
    InvalidUpdate,
    ParameterError,
    QuerySyntaxError,
    SettingsError,
    TooManyRequests,
)
from kg.negotiation import best, coding, prefers_html, wants_html
from kg.protocol.cache import Cache, Stored, etag, matches, varies
from kg.protocol.exchange import Fields, Request
from kg.protocol.parameters import Parameters, absolute
from kg.protocol.proxies import Proxies
from kg.protocol.rates import Rates
from kg.serve.plan import Plan
from kg.serve.simple import serve_simply
from kg.serve.supervisor import read_token, unreachable
from kg.settings import ServeSettings


def test_rates_have_bursts_and_refill() -> None:
    rates = Rates(20, loopback_too=False)
    for _ in range(500):
        rates.take("127.0.0.1", 0.0)
    for _ in range(100):
        rates.take("203.0.113.1", 0.0)
    with pytest.raises(TooManyRequests) as caught:
        rates.take("203.0.113.1", 0.0)
    assert caught.value.retry_after >= 1
    rates.take("203.0.113.2", 0.0)
    for _ in range(20):
        rates.take("203.0.113.1", 1.0)
    with pytest.raises(TooManyRequests):
        rates.take("203.0.113.1", 1.0)


def test_a_rate_that_is_given_counts_on_this_machine_too() -> None:
    rates = Rates(1, loopback_too=True)
    for _ in range(5):
        rates.take("127.0.0.1", 0.0)
    with pytest.raises(TooManyRequests):
        rates.take("127.0.0.1", 0.0)


def test_neighbours_of_an_ipv6_network_are_one_client() -> None:
    rates = Rates(1)
    for host in range(5):
        rates.take(f"2001:db8::{host:x}", 0.0)
    with pytest.raises(TooManyRequests):
        rates.take("2001:db8::ffff", 0.0)
    rates.take("2001:db8:0:1::1", 0.0)


def test_a_cache_keeps_to_its_bytes_and_forgets_the_oldest() -> None:
    cache = Cache(80_000)
    for number in range(20):
        cache.put(str(number), Stored(b"x" * 5_000, ()))
    assert cache.size <= 80_000
    assert cache.get("0") is None
    assert cache.get("19") is not None
    cache.put("large", Stored(b"x" * 50_000, ()))
    assert cache.get("large") is None, "one answer never takes the room of all others"
    cache.clear()
    assert cache.size == 0
    assert len(cache) == 0


def test_validators() -> None:
    tag = etag(("digest", "query", "json"))
    assert tag == etag(("digest", "query", "json")) != etag(("digest", "query", "csv"))
    assert tag.startswith('"')
    assert matches(tag, tag)
    assert matches(f'"other", W/{tag}', tag)
    assert not matches('"other"', tag)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (NOW() AS ?n) {}",
        "SELECT (rand () AS ?n) {}",
        "SELECT (StrUuid() AS ?n) {}",
        "CONSTRUCT { _:a ?p ?o } { ?s ?p ?o }",
        "construct { [] ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { <a:a> <a:p> (1 2) } WHERE {}",
        "CONSTRUCT WHERE { ?s ?p (1 2) }",
        "CONSTRUCT { <a:a> <a:p> '}' . <a:b> <a:p> (1 2) } WHERE {}",
        "CONSTRUCT { <a:a> <a:p> 1 # }\n . <a:b> <a:p> [] } WHERE {}",
        "# CONSTRUCT {}\nCONSTRUCT { <a:b> <a:p> _:c } WHERE {}",
        "SELECT (RAND#\n() AS ?x) {}",
        "SELECT (NOW # a\r# b (\n\t() AS ?x) {}",
    ],
)
def test_what_differs_from_call_to_call_is_not_kept(text: str) -> None:
    assert varies(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?now ?rand { ?s ?p ?o }",
        "SELECT ?now { ?now <a:brand> ?o FILTER(?o > 1) }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o ; <a:b> [] FILTER(?o > 1) }",
    ],
)
def test_what_is_the_same_each_time_is_kept(text: str) -> None:
    assert not varies(text)


def _request(peer: str, **fields: str) -> Request:
    named = Fields({name.replace("_", "-"): value for name, value in fields.items()})
    return Request("GET", "/", "", named, peer, lambda: None)


def test_forwarded_counts_only_from_a_trusted_proxy() -> None:
    base = "http://127.0.0.1:8000/"
    proxies = Proxies(("10.0.0.0/8",))
    forged = _request(
        "203.0.113.9", x_forwarded_for="198.51.100.1", x_forwarded_host="evil.example"
    )
    proxies.place(forged, base, fixed=False)
    assert (forged.client, forged.base) == ("203.0.113.9", base)
    real = _request(
        "10.1.2.3",
        x_forwarded_for="198.51.100.66, 198.51.100.1, 10.9.9.9",
        x_forwarded_host="kg.example.org",
        x_forwarded_proto="https",
        x_forwarded_prefix="/kg",
    )
    proxies.place(real, base, fixed=False)
    assert real.client == "198.51.100.1", "the first, from here, that is no proxy of ours"
    assert real.base == "https://kg.example.org/kg/"
    proxies.place(real, base, fixed=True)
    assert real.base == base
    standard = _request("10.1.2.3", forwarded='for="[2001:db8::1]:4711";proto=https;host=a.example')
    proxies.place(standard, base, fixed=False)
    assert (standard.client, standard.base) == ("2001:db8::1", "https://a.example/")
    wrong = _request("10.1.2.3", forwarded="for=unknown;host=<script>")
    proxies.place(wrong, base, fixed=False)
    assert wrong.base == base


class _Lines:
    """Fields of which one may have several lines, as a client sends them."""

    def __init__(self, lines: dict[str, list[str]]) -> None:
        self._lines = lines

    def get(self, name: str, default: str | None = None, /) -> str | None:
        return self._lines.get(name, [default])[0]

    def get_all(self, name: str, /) -> list[str]:
        return self._lines.get(name, [])


UNKNOWN = "unknown@127.0.0.1"


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        ({"x-forwarded-for": ["127.0.0.1", "192.0.2.7"]}, "192.0.2.7"),
        ({"x-forwarded-for": ["127.0.0.1, 192.0.2.7"]}, "192.0.2.7"),
        ({"x-forwarded-for": ["192.0.2.7:4711"]}, "192.0.2.7"),
        ({"x-forwarded-for": ["198.51.100.1", "192.0.2.7, 127.0.0.1"]}, "192.0.2.7"),
        ({"x-forwarded-for": ["198.51.100.1, garbage"]}, UNKNOWN),
        ({"x-forwarded-for": ["198.51.100.1, unknown, 127.0.0.1"]}, UNKNOWN),
        ({"forwarded": ["for=198.51.100.1, for=unknown"]}, UNKNOWN),
        ({"forwarded": ["for=198.51.100.1, for=_hidden"]}, UNKNOWN),
        ({"forwarded": ["for=198.51.100.1", "for=192.0.2.7"]}, "192.0.2.7"),
        ({"forwarded": ['for="[2001:db8::1]:9"']}, "2001:db8::1"),
        ({"forwarded": ['for="', 'for=192.0.2.7;host="a.example"']}, UNKNOWN),
        ({"forwarded": ['for=192.0.2.7;host="x,for=198.51.100.1"']}, "192.0.2.7"),
        ({"forwarded": ["for=192.0.2.7;for=198.51.100.1"]}, UNKNOWN),
        ({"forwarded": ["for=198.51.100.1"], "x-forwarded-for": ["192.0.2.7"]}, UNKNOWN),
        ({"forwarded": ["host=evil.example"], "x-forwarded-for": ["192.0.2.7"]}, UNKNOWN),
        ({"forwarded": ["for=198.51.100.1"], "x-forwarded-proto": ["https"]}, UNKNOWN),
        ({"forwarded": ["for=192.0.2.7"], "x-forwarded-for": ["192.0.2.7"]}, "192.0.2.7"),
        ({"x-forwarded-proto": ["https"]}, "127.0.0.1"),
        ({}, "127.0.0.1"),
    ],
)
def test_a_client_is_who_the_nearest_proxy_saw(lines: dict[str, list[str]], client: str) -> None:
    request = Request("GET", "/", "", _Lines(lines), "127.0.0.1", lambda: None)
    Proxies(("127.0.0.1",)).place(request, "http://127.0.0.1:8000/", fixed=False)
    assert request.client == client


def test_a_client_that_nobody_knows_is_none_of_this_machine() -> None:
    rates = Rates(1)
    for _ in range(5):
        rates.take(UNKNOWN, 0.0)
    with pytest.raises(TooManyRequests):
        rates.take(UNKNOWN, 0.0)


def test_a_forwarded_without_end_is_read_in_no_time() -> None:
    for text in (" " * 100_000 + "x", 'for="' + "\\a" * 50_000, ",;" * 50_000, "a=b;" * 50_000):
        request = Request("GET", "/", "", _Lines({"forwarded": [text]}), "127.0.0.1", lambda: None)
        began = time.perf_counter()
        Proxies(("127.0.0.1",)).place(request, "http://127.0.0.1:8000/", fixed=False)
        assert time.perf_counter() - began < 0.5


def test_parameters_are_decoded_once_and_not_repeated() -> None:
    given_ = Parameters("query=a%2520b&x=1&x=2&timeout=0.5")
    assert given_.one("query") == "a%20b"
    with pytest.raises(ParameterError):
        given_.one("x")
    assert given_.seconds("timeout", 30) == 0.5
    with pytest.raises(ParameterError):
        Parameters("q=%FF")
    base = "http://example.org/sparql"
    assert absolute("g", base, "graph") == "http://example.org/g"
    assert absolute("urn:x:y", base, "graph") == "urn:x:y"
    for wrong in ("", "http://e.org/a b", "<a:b>"):
        with pytest.raises(ParameterError):
            absolute(wrong, base, "graph")


def test_codings_by_quality() -> None:
    ours = ("zstd", "gzip")
    assert coding("gzip, zstd", ours) == "zstd"
    assert coding("gzip;q=1, zstd;q=0.5", ours) == "gzip"
    assert coding("*", ours) == "zstd"
    assert coding("identity, gzip;q=0.5", ours) == ""
    assert coding("br", ours) == ""
    assert coding("gzip;q=0", ours) == ""


@pytest.mark.parametrize(
    "header", [",".join(f"a/{n:x}" for n in range(101)), "a/b;c=" + "d" * 4096]
)
def test_a_list_that_is_too_long_to_be_weighed_is_refused(header: str) -> None:
    for weighed in (lambda: best(header, "graph"), lambda: wants_html(header)):
        with pytest.raises(HeaderTooLong):
            weighed()
    with pytest.raises(HeaderTooLong):
        coding(header, ("zstd",))
    assert not prefers_html(header)
    assert best(",".join(["text/csv"] * 100), "results").name == "csv"


def test_negotiation_is_a_function_of_the_header() -> None:
    assert best("text/csv;q=0.5, */*;q=0.1", "results").name == "csv"
    assert best("image/png", "graph") is None
    assert wants_html("text/html,application/xhtml+xml,*/*;q=0.8")
    assert not wants_html("*/*")


# -- changes


def quads(numbers: set[int]) -> tuple[ox.Quad, ...]:
    p = ox.NamedNode("https://example.org/p")
    graph = ox.NamedNode("https://example.org/g")
    return tuple(
        ox.Quad(ox.NamedNode(f"https://example.org/{n}"), p, ox.Literal(f'{n}\n\t"ə\\'), graph)
        for n in sorted(numbers)
    )


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_a_change_may_be_applied_again(held: set[int], added: set[int], removed: set[int]) -> None:
    delta = Delta(quads(added - removed), quads(removed), ("https://example.org/new",))
    again = Delta.from_bytes(delta.to_bytes())
    assert again == delta
    store = ox.Store()
    store.extend(quads(held))
    apply(store, delta)
    once = set(store)
    assert once == set(quads((held - removed) | (added - removed)))
    apply(store, again)
    assert set(store) == once
    assert store.contains_named_graph(ox.NamedNode("https://example.org/new"))


ORIGIN = Origin("ab" * 32, "cd" * 32, merged=True)


def test_a_journal_gives_back_what_it_took(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path, ORIGIN)
    assert journal.open() == []
    deltas = [Delta(quads({n})) for n in range(5)]
    for delta in deltas:
        journal.append(delta)
    with pytest.raises(SettingsError, match="another server"):
        Journal(path, ORIGIN).open()
    journal.close()
    whole = path.read_bytes()
    for cut in range(len(whole), len(whole) - 60, -7):
        path.write_bytes(whole[:cut])
        journal = Journal(path, ORIGIN)
        assert journal.open() == deltas[: 5 if cut == len(whole) else 4]
        journal.close()
    at = len(ORIGIN.head()) + 20
    path.write_bytes(whole[:at] + b"?" + whole[at + 1 :])
    with pytest.raises(SettingsError, match="damaged"):
        Journal(path, ORIGIN).open()
    assert path.read_bytes() == whole[:at] + b"?" + whole[at + 1 :], "nothing was cut off"
    path.write_bytes(b"something else\n")
    with pytest.raises(SettingsError, match="no journal"):
        Journal(path, ORIGIN).open()


def test_errors_travel_between_processes() -> None:
    syntax = QuerySyntaxError("m", hint="h", row=3, column=4, excerpt="x\n^")
    back = failures.unpacked(failures.packed(syntax))
    assert (type(back), back.line()) == (QuerySyntaxError, syntax.line())
    assert (back.row, back.column, back.excerpt) == (3, 4, "x\n^")
    deadline = DeadlineExceeded("m").at("seconds", 2.0)
    assert failures.unpacked(failures.packed(deadline)).limit == ("seconds", 2.0)
    invalid = InvalidUpdate("m", report=[{"focus": "a"}])
    assert failures.unpacked(failures.packed(invalid)).report == [{"focus": "a"}]


# -- settings


def test_arguments_before_environment_before_defaults() -> None:
    env = {"KG_TIMEOUT": "5", "KG_WORKERS": "3", "KG_TRUSTED_PROXY": "10.0.0.1, 10.2.0.0/16"}
    found = ServeSettings.from_environment(env, timeout=2.5)
    assert (found.timeout, found.workers) == (2.5, 3)
    assert found.trusted_proxies == ("10.0.0.1", "10.2.0.0/16")
    assert ServeSettings.from_environment({}).workers >= 4
    assert ServeSettings.from_environment({"KG_VALIDATE": "0"}).validate is False
    assert ServeSettings.from_environment({}, default_graph="exact").merged is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": 0},
        {"workers": 0},
        {"memory": 1},
        {"rate": -1},
        {"trusted_proxy": ("proxy.example",)},
        {"store": "https://user:secret@example.org/sparql"},
        {"default_graph": "union"},
    ],
)
def test_wrong_settings_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as caught:
        ServeSettings.from_environment({}, **wrong)
    assert caught.value.where
    assert caught.value.hint
    assert "secret" not in caught.value.line()


def test_the_token_is_one_line_without_its_end(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("a b\r\n")
    assert read_token(file) == "a b"
    assert read_token(None) is None
    for wrong in ("", "\n", "a\nb\n"):
        file.write_text(wrong)
        with pytest.raises(SettingsError):
            read_token(file)
    with pytest.raises(SettingsError):
        read_token(tmp_path / "absent")


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("0:0:0:0:0:0:0:0", "http://[::1]:8000/"),
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("192.0.2.7", "http://192.0.2.7:8000/"),
        ("kg.example", "http://kg.example:8000/"),
    ],
)
def test_every_network_is_no_address_for_links(host: str, base: str) -> None:
    settings = ServeSettings.from_environment({}, host=host)
    assert settings.base_iri == base
    notes = unreachable(settings)
    assert bool(notes) == (host.strip(":0.") == "")
    assert all("--base-iri" in note for note in notes)
    for more in ({"base_iri": "https://kg.example/"}, {"trusted_proxy": ["10.0.0.1"]}):
        assert not unreachable(ServeSettings.from_environment({}, host=host, **more))


def test_without_fork_nobody_else_is_let_in(root: Path) -> None:
    settings = ServeSettings.from_environment({}, host="0.0.0.0", port=0)
    with pytest.raises(SettingsError, match="fork"):
        serve_simply(Plan(root / "tests/invented", settings), say=print)
