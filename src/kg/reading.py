"""A text beside the graph: anchors verified and written, coverage shown; all as text for people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg import anchors
from kg.coverage import coverage
from kg.dataset import Dataset, shown
from kg.errors import DatasetError, ParameterError
from kg.exports import write_whole
from kg.model import Facts

__all__ = ["Report", "show_coverage", "verify_anchors", "write_anchors"]


@dataclass(frozen=True)
class Report:
    """What was found, as text, and whether nothing is wrong."""

    text: str
    fine: bool


def verify_anchors(dataset: Dataset, path: Path, source: str | None) -> Report:
    """Every claim's anchor against the text in `path`, and every literal against its sentences."""
    work = anchors.work_of(dataset, source)
    text = _read(path)
    facts = Facts(dataset.quads())
    good, failures = anchors.verify(facts, work, text)
    repeated = list(anchors.overlaps(dataset.quads(), text))
    compact = dataset.names.compact
    lines = [f"{compact(f.claim)} (p. {f.page}): {f.reason}" for f in failures]
    lines += [f"shares {anchors.OVERLAP} words with the text: {term[:160]}" for term in repeated]
    total = good + len(failures)
    share = f"{100 * good / total:.1f} %" if total else "nothing to verify"
    lines.append(f"{good} of {total} claims hold by their anchors ({share})")
    lines.append(f"{len(repeated)} literals share {anchors.OVERLAP} or more words with the text")
    return Report("\n".join(lines), not failures and not repeated)


def write_anchors(dataset: Dataset, path: Path, source: str | None, passages: Path) -> str:
    """Write anchors.ttl of a source from a list of passages; the list itself stays with you.

    Each line: number of the claim, page (for people), passage, with tabs between.
    """
    work = anchors.work_of(dataset, source)
    key = source or dataset.sources[0]
    found = []
    for number, line in enumerate(_text(passages).splitlines(), 1):
        if not line.strip():
            continue
        parts = line.split("\t")
        if len(parts) != 3:
            raise ParameterError(
                "a line has three parts with tabs between",
                where=f"{shown(passages)}:{number}",
                hint="claim number, page, passage",
            )
        found.append((dataset.names.thing(f"claim/{key}/{parts[0].strip()}"), parts[2]))
    turtle = anchors.write(dataset, work, _read(path), found)
    target = dataset.path / "data" / "sources" / key / "anchors.ttl"
    write_whole(target, turtle.encode())
    return f"{shown(target)}: {len(found)} anchors"


def show_coverage(dataset: Dataset, path: Path, source: str | None, *, missing: bool) -> str:
    """The sentences of a text by page, each with the claims that stand on it."""
    work = anchors.work_of(dataset, source)
    found = anchors.anchors_of(Facts(dataset.quads()), work)
    compact = dataset.names.compact
    lines = []
    covered = total = 0
    for page in coverage(_read(path), found):
        covered += page.covered
        total += len(page.sentences)
        if not page.sentences:
            continue
        share = 100 * page.covered / len(page.sentences)
        lines.append(
            f"{page.name}: {page.covered} of {len(page.sentences)} sentences, {share:.0f} %"
        )
        for sentence in page.sentences:
            if missing and sentence.claims:
                continue
            ids = ", ".join(compact(c) for c in sentence.claims) or "no claim"
            lines.append(f"  [{ids}] {sentence.text}")
    share = 100 * covered / total if total else 0.0
    lines.append(f"in all: {covered} of {total} sentences carry a claim, {share:.1f} %")
    return "\n".join(lines)


def _read(path: Path) -> anchors.Text:
    return anchors.Text.normalise(_text(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DatasetError(
            f"the file can't be read: {error.strerror}", where=str(path), hint="name a text file"
        ) from None
    except UnicodeDecodeError:
        raise DatasetError("the file is not UTF-8", where=str(path), hint="save it so") from None
