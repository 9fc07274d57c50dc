"""``kg query``."""

from __future__ import annotations

import sys

import click

from kg import dataset as datasets
from kg import formats
from kg.cli.frame import choose, dataset_options, main, out, store_option, verb
from kg.errors import ParameterError

_ALL_NAMES = ["table", *(f.name for f in formats.FORMATS)]


@main.command()
@click.argument("name", metavar="[NAME|FILE|-]", required=False)
@dataset_options
@click.option(
    "-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A query parameter."
)
@click.option("--format", "form", type=click.Choice(_ALL_NAMES), help="How to write the answer.")
@click.option("--list", "listing", is_flag=True, help="List the stored queries.")
@store_option
@verb
def query(
    name: str | None,
    folder: str | None,
    dataset: str | None,
    params: tuple[str, ...],
    form: str | None,
    listing: bool,
    store: str,
) -> None:
    """Ask a stored question by its name, the query in a file, or one from stdin (-)."""
    from kg.ask import ask, find, unknown
    from kg.report import questions

    choice = choose(folder, dataset)
    loaded = datasets.load(choice.path)
    if listing or name is None:
        click.echo(questions(loaded.catalogue))
        return
    arguments = _arguments(params)
    text = find(name, loaded, arguments, sys.stdin)
    if store == "memory":
        for word in unknown(loaded, arguments):
            click.echo(f"kg: {word}", err=True)
    out(ask(loaded, text, form, store))


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
