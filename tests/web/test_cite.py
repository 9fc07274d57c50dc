"""Citations of claims are read by programs that others wrote, and come back as they were."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace

import bibtexparser
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware

from kg.web.cite import FORMS, Reference, Work

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the library's own imports
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

REFERENCE = Reference(
    iri="https://example.org/id/claim/quill-2001/6",
    key="eq:6",
    says="How many took part? about 15,000 persons",
    work=Work(
        iri="https://example.org/id/quill-2001",
        label="E. Quillfeather 2001",
        title="Reeds & Rivers: 100 % of it {really}",
        kind="article-journal",
        authors=("Émile Quillfeather", "Ö. Şahin"),
        container="Journal of Reeds",
        volume="9",
        issue="3",
        issued="2001-09",
        pages="20-45",
    ),
    page="24-25",
    notes="6",
    dataset="The Reed War",
    version="0123456789abcdef",
)


def test_plain_names_work_page_note_claim_and_version() -> None:
    assert REFERENCE.plain() == (
        "Émile Quillfeather and Ö. Şahin, Reeds & Rivers: 100 % of it {really}, "
        "Journal of Reeds 9/3, 2001, pp. 24–25, n. 6; "
        "as claim eq:6 (“How many took part? about 15,000 persons”) in The Reed War, "
        "version 0123456789ab, "
        "https://example.org/id/claim/quill-2001/6."
    )


def test_a_parser_of_bibtex_reads_what_was_written() -> None:
    library = bibtexparser.parse_string(
        REFERENCE.bibtex(), append_middleware=[LatexDecodingMiddleware()]
    )
    assert not library.failed_blocks
    claim, work = library.entries
    assert (claim.entry_type, claim.key) == ("misc", "eq:6")
    assert claim["url"] == REFERENCE.iri
    assert claim["title"] == REFERENCE.says
    assert "pp. 24–25, n. 6" in claim["note"]
    assert (work.entry_type, work.key) == ("article", "quill-2001")
    assert work["title"].replace("{", "").replace("}", "") == "Reeds & Rivers: 100 % of it really"
    assert work["author"] == "Émile Quillfeather and Ö. Şahin"
    assert (work["year"], work["pages"], work["number"]) == ("2001", "20–45", "3")


def test_a_processor_of_citation_styles_formats_what_was_written() -> None:
    items = json.loads(REFERENCE.csl_json())
    source = CiteProcJSON(items)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    shown = [str(entry) for entry in bibliography.bibliography()]
    assert any(
        "Quillfeather" in one and "Journal of Reeds" in one and "2001" in one for one in shown
    )
    assert any("about 15,000 persons" in one for one in shown)


@pytest.mark.parametrize("text", ["}, url = {evil", "\\input{x}", "a\nb", "%", '"', "{", "ı Ə Щ"])
def test_no_text_leaves_its_field(text: str) -> None:
    bad = replace(
        REFERENCE,
        says=text,
        dataset=text,
        key=text,
        work=replace(REFERENCE.work, title=text, authors=(text,), url=f"https://x.org/{text}"),
    )
    library = bibtexparser.parse_string(bad.bibtex())
    assert not library.failed_blocks
    assert len(library.entries) == 2
    assert set(library.entries[0].fields_dict) <= {
        "title",
        "howpublished",
        "version",
        "url",
        "note",
    }
    assert json.loads(bad.csl_json())[0]["title"] == text


def test_each_form_is_one_that_a_reference_writes() -> None:
    for media_type, method in FORMS.values():
        assert media_type and getattr(REFERENCE, method)()
