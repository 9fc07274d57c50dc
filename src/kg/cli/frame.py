"""The group ``kg`` and what all its verbs share: errors, the dataset options, output.

Results go to stdout, talk to stderr. Exit code 0: fine; 1: findings; 2: anything else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from kg import __version__
from kg import dataset as datasets
from kg.errors import KgError, QueryError

__all__ = [
    "choose",
    "dataset_option",
    "dataset_options",
    "main",
    "or_json",
    "out",
    "store_option",
    "verb",
]


class _Debug:
    """Whether errors show their traceback; set by the group, read where errors end."""

    on = False


def verb(function: Callable[..., int | None]) -> Callable[..., None]:
    """Errors of ours become one line on stderr and exit code 2; a broken pipe is no error."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            sys.exit(function(*args, **kwargs) or 0)
        except KgError as error:
            if _Debug.on:
                raise
            click.echo(f"kg: {error.line()}", err=True)
            excerpt = getattr(error, "excerpt", None)
            if excerpt and not isinstance(error, QueryError):  # who asks has the query at hand
                click.echo(excerpt, err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)

    return run


def dataset_options(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.argument("folder", metavar="[DIR]", required=False)(function)
    return dataset_option(function)


def dataset_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--dataset",
        metavar="DIR",
        help="The dataset: else KG_DATASET, else the working directory, else the bundled one.",
    )(function)


def store_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--store",
        default="memory",
        metavar="memory|PATH|URL",
        help="Read what this store holds, not the dataset's files [memory: the files].",
    )(function)


def or_json(default: str) -> Callable[..., Any]:
    choice = click.Choice([default, "json"])
    text = f"A {default} for people, or JSON."
    return click.option("--format", "form", type=choice, default=default, help=text)


choose = datasets.choose_one


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Contested history as a knowledge graph: who said what, where, on whose authority."""
    _Debug.on = debug


def out(data: bytes) -> None:
    """Bytes to stdout as they are; click's streams would decode them."""
    stream = sys.stdout.buffer
    stream.write(data if data.endswith(b"\n") else data + b"\n" if sys.stdout.isatty() else data)
    stream.flush()
