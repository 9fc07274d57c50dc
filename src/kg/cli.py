"""The command line: verbs, and no logic of their own.

Results go to stdout, talk to stderr. Exit code 0: fine; 1: findings; 2: anything else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kg import __version__, formats
from kg import dataset as datasets
from kg.errors import FormatError, KgError, ParameterError, ParseError

__all__ = ["main"]

_GRAPH_NAMES = [f.name for f in formats.GRAPHS]
_KINDS = "disjoint overlapping nested compatibleBound successive same notComparable".split()
_ALL_NAMES = ["table", *(f.name for f in formats.FORMATS)]


class _Debug:
    """Whether errors show their traceback; set by the group, read where errors end."""

    on = False


def _verb(function: Callable[..., int | None]) -> Callable[..., None]:
    """Errors of ours become one line on stderr and exit code 2; a broken pipe is no error."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            sys.exit(function(*args, **kwargs) or 0)
        except KgError as error:
            if _Debug.on:
                raise
            click.echo(f"kg: {error.line()}", err=True)
            if isinstance(error, ParseError) and error.excerpt:
                click.echo(error.excerpt, err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)

    return run


def _dataset_options(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.argument("folder", metavar="[DIR]", required=False)(function)
    return _dataset_option(function)


def _dataset_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--dataset",
        metavar="DIR",
        help="The dataset: else KG_DATASET, else the working directory, else the bundled one.",
    )(function)


def _or_json(default: str) -> Callable[..., Any]:
    choice = click.Choice([default, "json"])
    text = f"A {default} for people, or JSON."
    return click.option("--format", "form", type=choice, default=default, help=text)


_choose = datasets.choose_one


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Contested history as a knowledge graph: who said what, where, on whose authority."""
    _Debug.on = debug


@main.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@_dataset_option
@click.option(
    "--engine",
    type=click.Choice(["fast", "pyshacl", "both"]),
    default="fast",
    help="Ours, the reference, or both: then a difference between them is an error.",
)
@_verb
def check(paths: tuple[str, ...], dataset: str | None, engine: str) -> int:
    """Validate a dataset against its shapes; exit 1 when there are findings.

    PATH is a dataset folder, or files and folders of the dataset in use: then only findings in
    them are shown. A file outside of it is checked together with it.
    """
    from kg.check import below, what_to_check
    from kg.check import check as run
    from kg.report import human

    choice, inside = what_to_check(paths, dataset)
    loaded = datasets.load(choice.path)
    loaded = loaded.plus(path for path in inside if not below(path, choice.path))
    findings = run(loaded, inside, engine=engine)
    if findings:
        click.echo(human(findings, loaded.names, colour=sys.stdout.isatty()))
    counts = ", ".join(
        f"{n} {name}{'s' if n != 1 else ''}"
        for name in ("violation", "warning", "info")
        if (n := sum(f.severity == name for f in findings))
    )
    click.echo(f"{datasets.shown(choice.path)}: {counts or 'no findings'}", err=True)
    return 1 if findings else 0


@main.command()
@_dataset_options
@click.option("--host", help="Address to listen on [127.0.0.1].")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one [8000].")
@click.option("--base-iri", help="Public address that links are written with.")
@_verb
def serve(
    folder: str | None,
    dataset: str | None,
    host: str | None,
    port: int | None,
    base_iri: str | None,
) -> None:
    """Serve a dataset: pages for people, /sparql for programs."""
    from kg.serve import serve as run
    from kg.settings import ServeSettings

    settings = ServeSettings.from_environment(host=host, port=port, base_iri=base_iri)
    choice = _choose(folder, dataset)
    run(choice.path, settings, say=lambda text: click.echo(text, err=True))


@main.command()
@click.argument("name", metavar="[NAME|FILE|-]", required=False)
@_dataset_options
@click.option(
    "-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A query parameter."
)
@click.option("--format", "form", type=click.Choice(_ALL_NAMES), help="How to write the answer.")
@click.option("--list", "listing", is_flag=True, help="List the stored queries.")
@_verb
def query(
    name: str | None,
    folder: str | None,
    dataset: str | None,
    params: tuple[str, ...],
    form: str | None,
    listing: bool,
) -> None:
    """Ask a stored question by its name, the query in a file, or one from stdin (-)."""
    from kg.ask import ask, find, unknown
    from kg.report import questions

    choice = _choose(folder, dataset)
    loaded = datasets.load(choice.path)
    if listing or name is None:
        click.echo(questions(loaded.catalogue))
        return
    arguments = _arguments(params)
    text = find(name, loaded, arguments, sys.stdin)
    for word in unknown(loaded, arguments):
        click.echo(f"kg: {word}", err=True)
    _out(ask(loaded, text, form))


def _arguments(params: tuple[str, ...]) -> dict[str, str]:
    arguments: dict[str, str] = {}
    for text in params:
        key, equals, value = text.partition("=")
        if not equals:
            raise ParameterError(
                f"{text!r} is no parameter", where="--param", hint="write --param name=value"
            )
        if key in arguments:
            raise ParameterError(f"{key!r} is given twice", where="--param", hint="give it once")
        arguments[key] = value
    return arguments


@main.command()
@_dataset_options
@click.option(
    "--format", "form", type=click.Choice(_GRAPH_NAMES), help="By default from the name of FILE."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="A file, written whole.")
@click.option("--source", metavar="KEY", help="Only what this source states.")
@click.option("--derived", is_flag=True, help="Add the derived graphs.")
@_verb
def export(
    folder: str | None,
    dataset: str | None,
    form: str | None,
    output: str | None,
    source: str | None,
    derived: bool,
) -> None:
    """Write the authored graphs in one RDF format, always with the same bytes."""
    from kg.exports import export_dataset, write_whole

    choice = _choose(folder, dataset)
    chosen = _export_format(form, output)
    loaded = datasets.load(choice.path)
    data = export_dataset(loaded, chosen, source=source, derived=derived)
    if output:
        write_whole(Path(output), data)
    else:
        _out(data)


def _export_format(form: str | None, output: str | None) -> formats.Format:
    if form:
        return formats.by_name(form, kind="graph")
    if output is None:
        return formats.GRAPHS[0]
    suffix = Path(output).suffix.removeprefix(".")
    found = formats.by_suffix(suffix)
    if found is None:
        raise FormatError(
            f"the name of the file does not say a format: .{suffix}",
            where="--output",
            hint="add --format " + "|".join(_GRAPH_NAMES),
        )
    return found


@main.command()
@click.argument("textfile", metavar="TEXTFILE", type=click.Path())
@_dataset_options
@click.option("--source", metavar="KEY", help="Whose text it is; needless with one source.")
@click.option(
    "--write",
    "passages",
    metavar="TSV",
    help="Write the source's anchors.ttl from lines of: claim number, page, passage.",
)
@_verb
def anchors(
    textfile: str,
    folder: str | None,
    dataset: str | None,
    source: str | None,
    passages: str | None,
) -> int:
    """Verify every claim's place against a copy of the text, and that no sentence is repeated."""
    from kg import reading

    loaded = datasets.load(_choose(folder, dataset).path)
    if passages:
        click.echo(reading.write_anchors(loaded, Path(textfile), source, Path(passages)), err=True)
        return 0
    report = reading.verify_anchors(loaded, Path(textfile), source)
    click.echo(report.text)
    return 0 if report.fine else 1


@main.command()
@click.argument("textfile", metavar="TEXTFILE", type=click.Path())
@_dataset_options
@click.option("--source", metavar="KEY", help="Whose text it is; needless with one source.")
@click.option("--missing", is_flag=True, help="Show only the sentences without a claim.")
@_verb
def coverage(
    textfile: str, folder: str | None, dataset: str | None, source: str | None, missing: bool
) -> None:
    """Show page by page which sentences of a text carry claims, and which carry none."""
    from kg import reading

    loaded = datasets.load(_choose(folder, dataset).path)
    click.echo(reading.show_coverage(loaded, Path(textfile), source, missing=missing))


@main.command()
@_dataset_options
@_or_json("text")
@_verb
def stats(folder: str | None, dataset: str | None, form: str) -> None:
    """Count what a dataset holds, and name the dataset in use."""
    from kg.describe import statistics
    from kg.report import counts

    choice = _choose(folder, dataset)
    found = {
        "dataset": str(choice.path),
        "chosen": choice.reason,
        **statistics(datasets.load(choice.path)),
    }
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        click.echo(counts(found))


@main.command()
@_dataset_options
@click.option("--kind", type=click.Choice(_KINDS), help="Only questions with a pair of this kind.")
@click.option(
    "--policy",
    default="all",
    metavar="NAMES",
    help="Whom to trust; several joined by commas: all, not-doubted, not-unconfirmed, "
    "happened-only, archival-only, full-citation-only, side:SIDE, without-side:SIDE, "
    "one-voice-per-line.",
)
@click.option("--about", default="0.1", metavar="SHARE", help="The width of “about” [0.1].")
@click.option("--side", metavar="SIDE", help="Only what one side says: the policy side:SIDE.")
@click.option("--fail-on", type=click.Choice(_KINDS), help="Exit 1 when a pair is of this kind.")
@_or_json("table")
@_verb
def disputes(
    folder: str | None,
    dataset: str | None,
    kind: str | None,
    policy: str,
    about: str,
    side: str | None,
    fail_on: str | None,
    form: str,
) -> int:
    """List the questions with rival claims: how they stand, and what stands behind them."""
    from kg import disputes as rooms
    from kg.report import disputed

    loaded = datasets.load(_choose(folder, dataset).path)
    width = rooms.share(about)
    found = rooms.register(loaded, policy=policy, side=side, about=width)
    shown = found.only(rooms.by_name(kind))
    if form == "json":
        click.echo(json.dumps(shown.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(disputed(shown, loaded.names))
    failing = rooms.by_name(fail_on)
    return 1 if failing and found.has(failing) else 0


@main.command()
@click.argument("claim", metavar="CLAIM")
@_dataset_options
@_or_json("tree")
@_verb
def lineage(claim: str, folder: str | None, dataset: str | None, form: str) -> None:
    """Show what one claim rests on: who says it, what its notes cite, and where that ends."""
    from kg import disputes as rooms
    from kg.report import tree

    loaded = datasets.load(_choose(folder, dataset).path)
    found = rooms.chain(loaded, claim)
    if form == "json":
        click.echo(json.dumps(rooms.chain_as_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(tree(found, loaded.names))


def _out(data: bytes) -> None:
    """Bytes to stdout as they are; click's streams would decode them."""
    stream = sys.stdout.buffer
    stream.write(data if data.endswith(b"\n") else data + b"\n" if sys.stdout.isatty() else data)
    stream.flush()
