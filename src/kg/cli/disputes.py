"""``kg disputes`` and ``kg lineage``."""

from __future__ import annotations

import json

import click

from kg import dataset as datasets
from kg.cli.frame import choose, dataset_options, main, or_json, verb

_KINDS = "disjoint overlapping nested compatibleBound successive same notComparable".split()


@main.command()
@dataset_options
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
@or_json("table")
@verb
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

    loaded = datasets.load(choose(folder, dataset).path)
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
@dataset_options
@or_json("tree")
@verb
def lineage(claim: str, folder: str | None, dataset: str | None, form: str) -> None:
    """Show what one claim rests on: who says it, what its notes cite, and where that ends."""
    from kg import disputes as rooms
    from kg.report import tree

    loaded = datasets.load(choose(folder, dataset).path)
    found = rooms.chain(loaded, claim)
    if form == "json":
        click.echo(json.dumps(rooms.chain_as_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(tree(found, loaded.names))
