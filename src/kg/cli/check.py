"""``kg check``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from kg import dataset as datasets
from kg.cli.frame import dataset_option, main, store_option, verb
from kg.errors import SettingsError

PATIENCE = 600.0


def shapes_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options for other people's data; names and meaning are those of the pyshacl command."""
    for option in reversed(
        (
            click.option("-s", "--shapes", "--shacl", metavar="FILE", multiple=True,
                         help="SHACL shapes of your own: PATH is then any RDF, or - for stdin."),
            click.option("-e", "--ont-graph", "ontology", metavar="FILE", multiple=True,
                         help="With --shapes: axioms of an ontology that the data stands on."),
            click.option("-i", "--inference", default="none",
                         type=click.Choice(["none", "rdfs", "owlrl", "both"]),
                         help="With --shapes: what to infer before validating."),
            click.option("-a", "--advanced", is_flag=True,
                         help="With --shapes: SHACL-AF, by pySHACL."),
            click.option("-m", "--metashacl", is_flag=True,
                         help="With --shapes: hold the shapes against SHACL's shapes for shapes."),
            click.option("-j", "--js", is_flag=True, help="With --shapes: SHACL-JS, by pySHACL."),
            click.option("-f", "--format", "form", default="human",
                         type=click.Choice("human table turtle xml json-ld nt n3".split()),
                         help="With --shapes: how to write the report."),
            click.option("-o", "--output", metavar="FILE", help="With --shapes: its file."),
        )
    ):  # fmt: skip
        function = option(function)
    return function


@main.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@dataset_option
@click.option(
    "--engine",
    type=click.Choice(["fast", "pyshacl", "both"]),
    default="fast",
    help="Ours, the reference, or both: then a difference between them is an error.",
)
@click.option(
    "--changed",
    metavar="[REV]",
    is_flag=False,
    flag_value="HEAD",
    help="Only what a git change since REV (HEAD) can affect; write it last, or name REV.",
)
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=PATIENCE,
    show_default=True,
    help="Stop a validation that takes longer, and name its constraint; 0: never.",
)
@click.option("--verbose", is_flag=True, help="Say what was left to pySHACL, and why.")
@shapes_options
@store_option
@verb
def check(
    paths: tuple[str, ...],
    dataset: str | None,
    engine: str,
    changed: str | None,
    watch: bool,
    timeout: float,
    verbose: bool,
    shapes: tuple[str, ...],
    store: str,
    **foreign: Any,
) -> int:
    """Validate a dataset against its shapes; exit 1 when there are findings.

    PATH is a dataset folder, or files and folders of the dataset in use: then only findings in
    them are shown. A file outside of it is checked together with it. With --shapes, PATH is any
    RDF, and the other options are those of the pyshacl command.
    """
    from kg import bounded
    from kg.checking import below, narrowed, what_to_check
    from kg.checking import check as run
    from kg.checking.changed import changed as run_changed
    from kg.engine.stored import stored

    if store != "memory" and (shapes or watch or changed is not None):
        raise SettingsError(
            "--shapes, --watch and --changed read files, and a store has none",
            where=f"--store {store}",
            hint="leave out the one or the other",
        )
    limit = timeout if timeout and bounded.CAN_STOP else None
    say = _said if verbose or engine == "both" else _silent
    if shapes:
        return _foreign(paths, shapes, engine, limit, say, **foreign)
    choice, inside = what_to_check(paths, dataset)
    if watch:
        return _watch(choice.path)
    loaded = stored(choice.path, store)
    if changed is not None:
        findings = narrowed(run_changed(loaded, changed, say), inside)
    else:
        loaded = loaded.plus(path for path in inside if not below(path, choice.path))
        findings = run(loaded, inside, engine=engine, timeout=limit, note=say)
    _show(findings, loaded)
    return 1 if findings else 0


def _said(line: str) -> None:
    click.echo(line, err=True)


def _silent(_: str) -> None:
    """Nothing is said without --verbose."""


def _show(findings: Iterable[Any], dataset: datasets.Dataset) -> None:
    from kg.report import human

    findings = tuple(findings)
    if findings:
        click.echo(human(findings, dataset.names, colour=sys.stdout.isatty()))
    counts = ", ".join(
        f"{n} {name}{'s' if n != 1 else ''}"
        for name in ("violation", "warning", "info")
        if (n := sum(f.severity == name for f in findings))
    )
    click.echo(f"{datasets.shown(dataset.path)}: {counts or 'no findings'}", err=True)


def _watch(path: Path) -> int:
    from kg.checking.watch import watch

    try:
        watch(path, _show, lambda error: _said(f"kg: {error.line()}"))
    except KeyboardInterrupt:
        return 0
    return 0


def _foreign(
    paths: tuple[str, ...],
    shapes: tuple[str, ...],
    engine: str,
    timeout: float | None,
    say: Callable[[str], None],
    *,
    ontology: tuple[str, ...],
    inference: str,
    advanced: bool,
    metashacl: bool,
    js: bool,
    form: str,
    output: str | None,
) -> int:
    from kg.checking.foreign import Options, gather, judge
    from kg.exports import write_whole
    from kg.report import validation

    dataset = gather(paths, shapes, ontology)
    found = judge(dataset, Options(inference, advanced, js, metashacl, engine, timeout))
    for line in found.notes:
        say(line)
    text = found.graph(form) if form not in ("human", "table") else None
    body = text or validation(found.findings, dataset.names, table=form == "table").encode()
    if output and output != "-":
        write_whole(Path(output), body)
    else:
        click.echo(body.decode().rstrip("\n"))
    return 0 if found.conforms else 1
