"""``kg check``."""

from __future__ import annotations

import click

from kg import dataset as datasets
from kg.cli.frame import dataset_option, main, verb
from kg.cli.reporting import Reporting, report_options


@main.command()
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@dataset_option
@click.option(
    "--engine",
    type=click.Choice(["fast", "pyshacl", "both"]),
    default="fast",
    help="Ours, the reference, or both: then a difference between them is an error.",
)
@report_options
@verb
def check(paths: tuple[str, ...], dataset: str | None, engine: str, reporting: Reporting) -> int:
    """Validate a dataset against shapes and rules; exit 1 when there are findings at the gate.

    PATH is a dataset folder, or files and folders of the dataset in use: then only findings in
    them are shown. A file outside of it is checked together with it.
    """
    from kg.check import below, what_to_check
    from kg.check import check as run

    choice, inside = what_to_check(paths, dataset)
    loaded = datasets.load(choice.path)
    if reporting.explain:
        return reporting.print_page(loaded)
    loaded = loaded.plus(path for path in inside if not below(path, choice.path))
    found = run(loaded, inside, engine=engine, step=reporting.step)
    return reporting.finish(loaded, found, datasets.shown(choice.path), whole=not inside)
