"""``kg disputes``, ``kg explain`` and ``kg lineage``."""

from __future__ import annotations

import json

import click

from kg import dataset as datasets
from kg.cli.frame import choose, dataset_options, main, or_json, verb

_KINDS = "disjoint overlapping nested compatibleBound successive same notComparable".split()

_policy = click.option(
    "--policy",
    default="all",
    metavar="NAMES",
    help="Whom to trust; several joined by commas: all, not-doubted, not-unconfirmed, "
    "happened-only, archival-only, full-citation-only, side:SIDE, without-side:SIDE, "
    "one-voice-per-line.",
)
_about = click.option("--about", default="0.1", metavar="SHARE", help="The width of “about” [0.1].")


@main.command()
@dataset_options
@click.option("--kind", type=click.Choice(_KINDS), help="Only questions with a pair of this kind.")
@_policy
@_about
@click.option("--side", metavar="SIDE", help="Only what one side says: the policy side:SIDE.")
@click.option("--fail-on", type=click.Choice(_KINDS), help="Exit 1 when a pair is of this kind.")
@click.option(
    "--modal",
    is_flag=True,
    help="For --kind and --fail-on, plans against plans and so on count too.",
)
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
    modal: bool,
    form: str,
) -> int:
    """List the questions with rival claims: how they stand, and what stands behind them."""
    from kg import disputes as rooms
    from kg.report import disputed

    loaded = datasets.load(choose(folder, dataset).path)
    width = rooms.share(about)
    found = rooms.register(loaded, policy=policy, side=side, about=width)
    shown = found.only(rooms.by_name(kind), modal=modal)
    if form == "json":
        click.echo(json.dumps(shown.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(disputed(shown, loaded.names))
    failing = rooms.by_name(fail_on)
    return 1 if failing and found.has(failing, modal=modal) else 0


@main.command()
@click.argument("name", metavar="CLAIM|QUESTION")
@dataset_options
@click.option(
    "--lang",
    type=click.Choice(["en", "tr", "az", "ru"]),
    default="en",
    help="The language: English, Turkish, Azerbaijani or Russian [en].",
)
@click.option("--trace", is_flag=True, help="Below each clause, the claims behind it.")
@_policy
@_about
@or_json("text")
@verb
def explain(
    name: str,
    folder: str | None,
    dataset: str | None,
    lang: str,
    trace: bool,
    policy: str,
    about: str,
    form: str,
) -> None:
    """Explain in plain words who says what, on whose authority, and how it stands to its rivals."""
    from kg import disputes as rooms
    from kg import explain as words

    loaded = datasets.load(choose(folder, dataset).path)
    width = rooms.share(about)
    told = words.explain(loaded, name, language=lang, policy=policy, about=width)
    if form == "json":
        click.echo(json.dumps(told.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(told.text(trace=trace))


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
