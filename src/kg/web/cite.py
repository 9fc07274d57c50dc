"""How to cite a claim: in plain words, as BibTeX, as CSL-JSON. Pure functions.

Two entries each: the claim, at its permanent address in one version of the dataset, and the work in
which it was read, at its page. BibTeX is written in UTF-8, as biblatex and biber read it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

__all__ = ["FORMS", "Reference", "Work"]


@dataclass(frozen=True)
class Work:
    """The work in which a claim was read. `kind` is a type of CSL; `issued` an EDTF date."""

    iri: str
    label: str
    title: str
    kind: str = "document"
    authors: tuple[str, ...] = ()
    container: str = ""
    volume: str = ""
    issue: str = ""
    issued: str = ""
    pages: str = ""
    publisher: str = ""
    place: str = ""
    url: str = ""


@dataclass(frozen=True)
class Reference:
    """One claim to be cited: the question with its answer, where it stands, and in which version
    of which dataset.
    """

    iri: str
    key: str
    says: str
    work: Work
    page: str
    notes: str
    dataset: str
    version: str

    @property
    def place(self) -> str:
        """The page and the note."""
        return ", ".join(filter(None, (self._page(), self.notes and f"n. {self.notes}")))

    def _page(self) -> str:
        if not self.page[:1].isdigit():
            return self.page
        return f"{'pp' if '-' in self.page else 'p'}. {self.page.replace('-', '–')}"

    def plain(self) -> str:
        """One paragraph for a footnote."""
        work = self.work
        names = " and ".join(work.authors)
        where = work.container
        if work.volume:
            where += f" {work.volume}" + (f"/{work.issue}" if work.issue else "")
        imprint = ": ".join(filter(None, (work.place, work.publisher)))
        year = _year(work.issued)
        parts = [names, work.title, where, imprint, year, self.place]
        read = ", ".join(part for part in parts if part)
        version = f", version {self.version[:12]}" if self.version else ""
        said = f" (“{self.says}”)" if self.says else ""
        return f"{read}; as claim {self.key}{said} in {self.dataset}{version}, {self.iri}."

    def csl(self) -> list[dict[str, Any]]:
        """The items of CSL-JSON 1.0."""
        work = self.work
        claim: dict[str, Any] = {
            "id": self.key,
            "type": "entry",
            "title": self.says,
            "container-title": self.dataset,
            "version": self.version[:12],
            "URL": self.iri,
            "note": f"Read in {work.label}, {self.place}".rstrip(", "),
        }
        read: dict[str, Any] = {
            "id": _tail(work.iri),
            "type": work.kind,
            "title": work.title,
            "author": [{"literal": name} for name in work.authors],
            "container-title": work.container,
            "volume": work.volume,
            "issue": work.issue,
            "page": work.pages,
            "publisher": work.publisher,
            "publisher-place": work.place,
            "URL": work.url,
        }
        parts = [int(n) for n in re.findall(r"\d+", _day(work.issued))]
        if parts:
            read["issued"] = {"date-parts": [parts]}
        return [{k: v for k, v in item.items() if v} for item in (claim, read)]

    def csl_json(self) -> str:
        """`csl` as a file."""
        return json.dumps(self.csl(), ensure_ascii=False, indent=1) + "\n"

    def bibtex(self) -> str:
        """The two entries of BibTeX."""
        work = self.work
        claim = {
            "title": self.says,
            "howpublished": self.dataset,
            "version": self.version[:12],
            "url": self.iri,
            "note": f"Read in {work.label}, {self.place}".rstrip(", "),
        }
        read = {
            "author": list(work.authors),
            "title": work.title,
            "journal" if work.kind == "article-journal" else "booktitle": work.container,
            "volume": work.volume,
            "number": work.issue,
            "pages": work.pages.replace("-", "--"),
            "publisher": work.publisher,
            "address": work.place,
            "year": _year(work.issued),
            "url": work.url,
        }
        entries = (("misc", self.key, claim), (_BIBTEX.get(work.kind, "misc"), work.iri, read))
        return "\n".join(_entry(kind, _tail(key), fields) for kind, key, fields in entries)


FORMS: dict[str, tuple[str, str]] = {
    "txt": ("text/plain; charset=utf-8", "plain"),
    "bib": ("application/x-bibtex; charset=utf-8", "bibtex"),
    "csl.json": ("application/vnd.citationstyles.csl+json; charset=utf-8", "csl_json"),
}
"""The suffixes of downloads: media type, and the method of `Reference` that writes it."""

_BIBTEX = {
    "article-journal": "article",
    "book": "book",
    "chapter": "incollection",
    "thesis": "phdthesis",
}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _entry(kind: str, key: str, fields: dict[str, Any]) -> str:
    lines = [f"@{kind}{{{key},"]
    for name, value in fields.items():
        if not value:
            continue
        if isinstance(value, list):  # names, each kept whole: we do not know which part is which
            text = " and ".join(f"{{{_escaped(one)}}}" for one in value)
        else:
            # An address is taken as it stands; only what could end the field is encoded.
            text = _address(value) if name == "url" else _escaped(value)
        lines.append(f"  {name} = {{{text}}},")
    return "\n".join([*lines, "}"]) + "\n"


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(text.split()))


def _address(text: str) -> str:
    return re.sub(r"[{}\\%\s]", lambda m: "" if m[0].isspace() else f"%{ord(m[0]):02X}", text)


def _tail(iri: str) -> str:
    """A key that every program takes: letters, digits, hyphens and colons."""
    return re.sub(r"[^A-Za-z0-9:-]+", "-", iri.rpartition("/id/")[2] or iri).strip("-") or "work"


def _day(edtf: str) -> str:
    """The day, month or year at the beginning of an EDTF date; empty where there is none."""
    found = re.match(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", edtf)
    return found[0] if found else ""


def _year(edtf: str) -> str:
    return _day(edtf)[:4]
