"""``kg anchors`` and ``kg coverage``: the graph beside a text."""

from __future__ import annotations

from pathlib import Path

import click

from kg import dataset as datasets
from kg.cli.frame import choose, dataset_options, main, verb


@main.command()
@click.argument("textfile", metavar="TEXTFILE", type=click.Path())
@dataset_options
@click.option("--source", metavar="KEY", help="Whose text it is; needless with one source.")
@click.option(
    "--write",
    "passages",
    metavar="TSV",
    help="Write the source's anchors.ttl from lines of: claim number, page, passage.",
)
@verb
def anchors(
    textfile: str,
    folder: str | None,
    dataset: str | None,
    source: str | None,
    passages: str | None,
) -> int:
    """Verify every claim's place against a copy of the text, and that no sentence is repeated."""
    from kg import reading

    loaded = datasets.load(choose(folder, dataset).path)
    if passages:
        click.echo(reading.write_anchors(loaded, Path(textfile), source, Path(passages)), err=True)
        return 0
    report = reading.verify_anchors(loaded, Path(textfile), source)
    click.echo(report.text)
    return 0 if report.fine else 1


@main.command()
@click.argument("textfile", metavar="TEXTFILE", type=click.Path())
@dataset_options
@click.option("--source", metavar="KEY", help="Whose text it is; needless with one source.")
@click.option("--missing", is_flag=True, help="Show only the sentences without a claim.")
@verb
def coverage(
    textfile: str, folder: str | None, dataset: str | None, source: str | None, missing: bool
) -> None:
    """Show page by page which sentences of a text carry claims, and which carry none."""
    from kg import reading

    loaded = datasets.load(choose(folder, dataset).path)
    click.echo(reading.show_coverage(loaded, Path(textfile), source, missing=missing))
