"""From claims to the works and records they rest on: independent lines of support.

Citations that lead to one work or archival record count once, however many notes repeat them. A
claim without a citation rests on the work that states it. A citation whose short form nothing
resolves is a line that breaks off: it is counted apart, never as support.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model import Citation, Claim

__all__ = ["Support", "support"]


@dataclass(frozen=True)
class Support:
    """What a set of claims rests on.

    `lines` maps each work or record to the claims that lead to it; `broken` maps each dangling
    citation to the claims that use it; `presumed` are the citations whose short form was resolved
    by a guess that the data states.
    """

    lines: Mapping[str, tuple[str, ...]]
    broken: Mapping[str, tuple[str, ...]]
    presumed: tuple[str, ...]

    @property
    def independent(self) -> int:
        """The number of independent lines."""
        return len(self.lines)


def support(claims: Iterable[Claim], citations: Mapping[str, Citation]) -> Support:
    """The independent lines behind some claims, each with the claims that it carries.

    A citation that `citations` does not hold is a broken line, like a dangling one.
    """
    lines: dict[str, list[str]] = {}
    broken: dict[str, list[str]] = {}
    presumed: set[str] = set()
    for claim in claims:
        if not claim.cites:
            lines.setdefault(claim.stated_in, []).append(claim.iri)
        for iri in claim.cites:
            citation = citations.get(iri)
            if citation is None or citation.resolution == "dangling" or not citation.work:
                broken.setdefault(iri, []).append(claim.iri)
                continue
            if citation.resolution == "presumed":
                presumed.add(iri)
            bucket = lines.setdefault(citation.work, [])
            if claim.iri not in bucket:
                bucket.append(claim.iri)
    return Support(
        lines={work: tuple(sorted(ids)) for work, ids in sorted(lines.items())},
        broken={iri: tuple(sorted(ids)) for iri, ids in sorted(broken.items())},
        presumed=tuple(sorted(presumed)),
    )
