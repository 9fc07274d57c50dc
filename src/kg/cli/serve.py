"""``kg serve``."""

from __future__ import annotations

import click

from kg.cli.frame import choose, dataset_options, main, verb


@main.command()
@dataset_options
@click.option("--host", help="Address to listen on [127.0.0.1].")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one [8000].")
@click.option("--base-iri", help="Public address that links are written with.")
@verb
def serve(
    folder: str | None,
    dataset: str | None,
    host: str | None,
    port: int | None,
    base_iri: str | None,
) -> None:
    """Serve a dataset: pages for people, /sparql for programs."""
    from kg.serve import serve as run
    from kg.settings import ServeSettings

    settings = ServeSettings.from_environment(host=host, port=port, base_iri=base_iri)
    choice = choose(folder, dataset)
    run(choice.path, settings, say=lambda text: click.echo(text, err=True))
