"""``kg export`` and ``kg stats``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg import formats
from kg.cli.frame import choose, dataset_options, main, or_json, out, store_option, verb
from kg.errors import FormatError

_GRAPH_NAMES = [f.name for f in formats.GRAPHS]


@main.command()
@dataset_options
@click.option(
    "--format", "form", type=click.Choice(_GRAPH_NAMES), help="By default from the name of FILE."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="A file, written whole.")
@click.option("--source", metavar="KEY", help="Only what this source states.")
@click.option("--derived", is_flag=True, help="Add the derived graphs.")
@store_option
@verb
def export(
    folder: str | None,
    dataset: str | None,
    form: str | None,
    output: str | None,
    source: str | None,
    derived: bool,
    store: str,
) -> None:
    """Write the authored graphs in one RDF format, always with the same bytes."""
    from kg.engine.stored import stored
    from kg.exports import export_dataset, write_whole

    choice = choose(folder, dataset)
    chosen = _export_format(form, output)
    loaded = stored(choice.path, store)
    data = export_dataset(loaded, chosen, source=source, derived=derived)
    if output:
        write_whole(Path(output), data)
    else:
        out(data)


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
@dataset_options
@or_json("text")
@store_option
@verb
def stats(folder: str | None, dataset: str | None, form: str, store: str) -> None:
    """Count what a dataset holds, and name the dataset in use."""
    from kg.describe import statistics
    from kg.engine.stored import stored
    from kg.report import counts

    choice = choose(folder, dataset)
    found = {
        "dataset": str(choice.path),
        "chosen": choice.reason,
        **statistics(stored(choice.path, store)),
    }
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        click.echo(counts(found))
