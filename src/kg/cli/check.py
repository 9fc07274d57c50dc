"""``kg check``."""

from __future__ import annotations

import sys

import click

from kg import dataset as datasets
from kg.cli.frame import dataset_option, main, verb


@main.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@dataset_option
@click.option(
    "--engine",
    type=click.Choice(["fast", "pyshacl", "both"]),
    default="fast",
    help="Ours, the reference, or both: then a difference between them is an error.",
)
@verb
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
