"""``kg serve``."""

from __future__ import annotations

from typing import Any

import click

from kg.cli.frame import choose, dataset_options, main, verb


@main.command()
@dataset_options
@click.option("--host", help="Address to listen on [127.0.0.1].")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one [8000].")
@click.option("--base-iri", help="Public address that links are written with.")
@click.option(
    "--store", metavar="memory|PATH|URL", help="Where the data is kept while it is served [memory]."
)
@click.option(
    "--default-graph",
    type=click.Choice(["merged", "exact"]),
    help="What a query sees that names no graph: the merge, or the store's own [merged].",
)
@click.option("--workers", type=int, help="Queries that run at once [cores + 2, at least 4].")
@click.option("--timeout", type=float, metavar="SECONDS", help="Deadline of every query [30].")
@click.option(
    "--memory", type=int, metavar="MIB", help="What a query may need beyond the data [1024]."
)
@click.option(
    "--rate",
    type=float,
    metavar="PER_SECOND",
    help="Requests of one client; 0 for no limit [20, and no limit on this machine].",
)
@click.option(
    "--trusted-proxy",
    multiple=True,
    metavar="ADDRESS",
    help="A proxy whose Forwarded headers count; may be given again.",
)
@click.option(
    "--update-token-file",
    metavar="FILE",
    help="Allow writes to whoever has the token in this file.",
)
@click.option("--no-validate", is_flag=True, help="Take writes without asking the shapes.")
@click.option("--journal", metavar="FILE", help="Keep the writes to a store in memory here.")
@click.option("--reload", is_flag=True, help="Fill the store anew from DIR.")
@click.option(
    "--access-log", type=click.Choice(["stderr", "none"]), help="Where requests are noted [stderr]."
)
@click.option(
    "--cache", type=int, metavar="MIB", help="Disk for large answers that are kept; 0: none [512]."
)
@verb
def serve(
    folder: str | None,
    dataset: str | None,
    no_validate: bool,
    reload: bool,
    **options: Any,
) -> None:
    """Serve a dataset: pages for people, /sparql for programs."""
    from kg.serve import serve as run
    from kg.settings import ServeSettings

    settings = ServeSettings.from_environment(
        **options, validate=False if no_validate else None, reload=reload or None
    )
    chosen = choose(folder, dataset).path
    run(chosen, settings, say=lambda text: click.echo(text, err=True))
