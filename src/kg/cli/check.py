"""``kg check``."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import dataset as datasets
from kg.cli.frame import dataset_option, main, store_option, verb
from kg.cli.reporting import Reporting, report_options
from kg.errors import SettingsError

if TYPE_CHECKING:
    from kg.shapes import Finding

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
    help="Stop what takes longer, and name the constraint or rule; 0: never.",
)
@click.option("--verbose", is_flag=True, help="Say what was left to pySHACL, and why.")
@shapes_options
@store_option
@report_options
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
    reporting: Reporting,
    **foreign: Any,
) -> int:
    """Validate a dataset against shapes and rules; exit 1 when there are findings at the gate.

    PATH is a dataset folder, or files and folders of the dataset in use: then only findings in
    them are shown. A file outside of it is checked together with it. With --shapes, PATH is any
    RDF, and the other options are those of the pyshacl command.
    """
    gc.freeze()  # what is read stays until the end: collecting it anew and anew finds nothing
    gc.set_threshold(50_000, 20, 50)
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
        return _foreign(paths, shapes, engine, limit, say, reporting, **foreign)
    choice, inside = what_to_check(paths, dataset)
    if watch:
        return _watch(choice.path, reporting)
    loaded = stored(choice.path, store)
    if reporting.explain:
        return reporting.print_page(loaded)
    if changed is not None:
        findings = narrowed(run_changed(loaded, changed, say, limit), inside)
    else:
        loaded = loaded.plus(path for path in inside if not below(path, choice.path))
        findings = run(loaded, inside, engine=engine, timeout=limit, note=say, step=reporting.step)
    whole = not inside and changed is None
    return reporting.finish(loaded, findings, datasets.shown(choice.path), whole=whole)


def _said(line: str) -> None:
    click.echo(line, err=True)


def _silent(_: str) -> None:
    """Nothing is said without --verbose."""


def _watch(path: Path, reporting: Reporting) -> int:
    from kg.checking.watch import watch

    def show(found: tuple[Finding, ...], dataset: datasets.Dataset, seconds: float) -> None:
        reporting.finish(dataset, found, datasets.shown(path), seconds=seconds)

    try:
        watch(path, show, lambda error: _said(f"kg: {error.line()}"))
    except KeyboardInterrupt:
        return 0
    return 0


def _foreign(
    paths: tuple[str, ...],
    shapes: tuple[str, ...],
    engine: str,
    timeout: float | None,
    say: Callable[[str], None],
    reporting: Reporting,
    *,
    ontology: tuple[str, ...],
    inference: str,
    advanced: bool,
    metashacl: bool,
    js: bool,
) -> int:
    from kg.checking.foreign import Options, gather, judge

    dataset = gather(paths, shapes, ontology)
    if reporting.explain:
        return reporting.print_page(dataset)
    options = Options(inference, advanced, js, metashacl, engine, timeout)
    found = judge(dataset, options, reporting.step)
    for line in found.notes:
        say(line)
    return reporting.finish(dataset, found.findings, " ".join(paths), foreign=True)
