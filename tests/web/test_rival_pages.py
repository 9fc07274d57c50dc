"""Pages of questions and claims: every claim has its mark and its row, and choices are kept."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from kg import dataset as datasets
from kg.dataset import Dataset
from kg.disputes import Chosen, register
from kg.engine import Answer, Request
from kg.explain import explain, told
from kg.figures import ABOUT
from kg.model import Facts, tail
from kg.names import con
from kg.policies import ONE_VOICE, POLICIES
from kg.web import create_app, gathering, trust
from kg.web.gathering import gather
from kg.web.home import SHOWN
from kg.web.question import FEW
from kg.web.site import Site

BROWSER = {"Accept": "text/html"}
INVENTED = Path(__file__).resolve().parents[1] / "invented"
NARGIN = "/page/question/nargin-camp--prisoners-held--in-all"


@pytest.fixture(scope="session", params=["article", "invented"])
def site(request: pytest.FixtureRequest):
    name = request.param
    return request.getfixturevalue(f"{name}_client"), request.getfixturevalue(name)


def answered(dataset: Dataset, every: int = 1) -> dict[str, list[str]]:
    """The claims of every so many questions, withdrawn ones left out."""
    found: dict[str, list[str]] = {}
    for claim in Facts(dataset.quads()).claims():
        if not claim.withdrawn:
            found.setdefault(claim.question, []).append(claim.iri)
    return {q: found[q] for q in sorted(found)[::every]}


def marks(page: str) -> list[str]:
    return re.findall(r'<a class="mark" href="([^"]*)"', page)


def ids(dataset: Dataset, iris: list[str]) -> set[str]:
    return {str(dataset.names.identifier(iri)) for iri in iris}


def test_every_claim_has_one_mark_and_one_row(site) -> None:
    client, dataset = site
    asked = answered(dataset, every=9 if dataset.names.root.startswith("https://w3id") else 1)
    assert len(asked) > 25
    for question, claims in asked.items():
        page = client.get(f"/page/{dataset.names.identifier(question)}").text
        shown = {href.partition("/page/")[2] for href in marks(page)}
        assert len(marks(page)) == len(claims), question
        assert shown == ids(dataset, claims)
        assert len(re.findall(r'<tr id="claim-\d+">', page)) == len(claims)


def test_what_is_gathered_says_what_the_whole_dataset_says(site, request) -> None:
    """One query brings all that disputes, lines and sentences are computed from."""
    _, dataset = site
    kind = "article" if dataset.names.root.startswith("https://w3id") else "invented"
    engine = request.getfixturevalue(f"{kind}_engine")
    pages = Site.of(dataset, "http://127.0.0.1:8000/", engine.answer, dict)
    whole = Chosen(dataset)
    asked = answered(dataset, every=11 if dataset.names.root.startswith("https://w3id") else 1)
    with_parts = [q.iri for q in whole.rivals.questions.values() if q.parts or q.related]
    for question in [*asked, *with_parts[::5]]:
        gathered = gather(pages, [question]).chosen("all", ABOUT)
        for iri in (question, *asked.get(question, [])[:1]):
            there, here = told(whole, iri, dataset.names), told(gathered, iri, dataset.names)
            assert here.text() == there.text(), iri


@pytest.mark.parametrize(
    "policy",
    [*POLICIES, ONE_VOICE, "side:soviet", "without-side:unknown", "not-doubted,archival-only"],
)
def test_each_policy_leaves_what_the_register_leaves(policy: str, site) -> None:
    client, dataset = site
    found = register(dataset, policy=policy)
    some = [d for d in found.disputes if d.dropped][:6] or list(found.disputes[:3])
    for dispute in some:
        path = f"/page/{dataset.names.identifier(dispute.question.iri)}"
        page = client.get(path, query_string={"policy": policy}).text
        assert {m.partition("/page/")[2] for m in marks(page)} == ids(
            dataset, [c.iri for c in dispute.claims]
        )
        for dropped in dispute.dropped:
            assert f"<code>{dropped.policy}</code>" in page
        data = client.get(
            f"/disputes/{dataset.names.identifier(dispute.question.iri)}.json",
            query_string={"policy": policy},
        )
        assert data.get_json()["disputes"] == json.loads(
            json.dumps([d for d in register_json(found) if d["question"] == dispute.question.iri])
        )


def register_json(found):
    return found.as_json()["disputes"]


def test_policies_given_apart_or_together_are_the_same(article_client) -> None:
    apart = article_client.get(
        NARGIN,
        query_string=[
            ("policy", "full-citation-only"),
            ("policy", ""),
            ("policy", ONE_VOICE),
            ("about", "25"),
        ],
    )
    together = article_client.get(f"{NARGIN}?policy=full-citation-only,{ONE_VOICE}&about=25%25")
    assert apart.status_code == together.status_code == 200
    address = f"{NARGIN}?policy=full-citation-only,{ONE_VOICE}&amp;about=25%25"
    assert address in apart.text and address in together.text
    assert marks(apart.text) == marks(together.text)
    # The switch of language keeps the whole choice.
    switch = re.search(r'hreflang="tr" href="([^"]*)"', apart.text)
    assert switch and html.unescape(switch[1]).count("policy=") == 3


def test_the_width_of_about_moves_the_marks(article_client) -> None:
    pages = [article_client.get(f"{NARGIN}?about={n}").text for n in (0, 10, 40)]
    bars = [re.findall(r'class="bar" x="([^"]*)" y="[^"]*" width="([^"]*)"', p) for p in pages]
    assert bars[0] != bars[1] != bars[2]
    assert "13,500" in pages[1] and "9,000" in pages[2]
    assert "(1) and (2) overlap in part." in pages[2]


@pytest.mark.parametrize(
    "query",
    [
        "policy=nonsense",
        "policy=side:mars",
        "policy=side:",
        "policy=all,x",
        "about=x",
        "about=100",
        "about=-1",
        "about=1/0",
        "about=" + "9" * 5000,
        "policy=%3Cscript%3E",
    ],
)
def test_a_choice_that_does_not_exist_is_refused_in_clear_words(query: str, article_client) -> None:
    for path in (NARGIN, NARGIN.replace("/page/", "/disputes/") + ".json"):
        response = article_client.get(f"{path}?{query}", headers=BROWSER)
        assert response.status_code == 400, path
        assert "<script>" not in response.text
        problem = article_client.get(f"{path}?{query}").get_json(force=True)
        assert problem["where"] in ("policy", "about")
        assert problem["hint"]


def test_a_question_is_led_by_its_explanation(
    article_client, article: Dataset, invented_client
) -> None:
    for language in ("en", "tr", "az", "ru"):
        page = html.unescape(article_client.get(f"{NARGIN}?lang={language}").text)
        said = explain(article, "q:nargin-camp--prisoners-held--in-all", language=language)
        lead = page[page.index('<p class="lead') : page.index("</p>", page.index('<p class="lead'))]
        assert {s.kind for s in said.summary} >= {"counts", "stands", "spans", "supported"}
        for sentence in said.summary:
            assert sentence.text in lead
        for sentence in said.sentences:
            assert sentence.text in page or sentence.kind == "opens"
        assert "[en]" not in lead
    # A name from another language says so where it stands, in the lead too.
    for language in ("en", "tr", "az", "ru"):
        page = invented_client.get(f"/page/question/reed-war--place?lang={language}").text
        lead = page[page.index('<p class="lead') : page.index("</p>", page.index('<p class="lead'))]
        assert ("[en]" in lead) == (language != "en")


def test_near_questions_say_what_differs(article_client) -> None:
    page = article_client.get(NARGIN).text
    near = page[page.index("Near questions") :]
    assert "way of counting" in near and "208 persons" in near


def test_a_whole_names_its_parts_and_a_part_its_whole(invented_client) -> None:
    whole = invented_client.get("/page/question/kazhvar-force--strength").text
    assert (
        "add up to" in whole
        and "listed without a number" in whole
        and "perhaps a subtotal" in whole
    )
    part = invented_client.get("/page/question/1st-heron-regiment--strength--kazhvar").text
    assert "This is a part of" in part and "kazhvar-force--strength" in part


@pytest.mark.parametrize(
    ("name", "language", "hedge"),
    [
        ("425", "en", "The work calls it unconfirmed."),
        ("425", "tr", "Eserdeki kesinlik derecesi: doğrulanmamış."),
        ("523", "en", "The work calls it probable."),
        ("523", "tr", "Eserdeki kesinlik derecesi: muhtemel."),
        ("2153", "en", "Only planned: it is not said to have happened."),
        ("2153", "tr", "Bu yalnızca planlanmış bir iştir; gerçekleştiği söylenmiyor."),
    ],
)
def test_no_claim_sounds_surer_than_its_work(
    article_client, article: Dataset, name: str, language: str, hedge: str
) -> None:
    page = html.unescape(
        article_client.get(f"/page/claim/suleymanov-2022/{name}?lang={language}").text
    )
    lead = re.search(r'<p class="lead">(.*?)</p>', page)
    assert lead and lead[1].endswith(hedge) and page.count(f"{hedge}</p>") == 1
    claims = Facts(article.quads()).claims()
    question = next(c.question for c in claims if c.iri.endswith(f"/suleymanov-2022/{name}"))
    asked = article_client.get(f"/page/{article.names.identifier(question)}?lang={language}")
    titles = re.findall(r"<title>(.*?)</title>", html.unescape(asked.text))
    assert any(title.endswith(hedge) for title in titles)


def test_a_claim_page_tells_all(article_client, article: Dataset) -> None:
    for name in ("6", "84", "189"):
        page = html.unescape(article_client.get(f"/page/claim/suleymanov-2022/{name}").text)
        said = explain(article, f"sul:{name}")
        spoken = next(s.text for s in said.sentences if s.kind == "says")
        assert spoken.removeprefix("(1) ") in page
        assert article.names.thing(f"claim/suleymanov-2022/{name}") in page
        for words in (
            "What it rests on",
            "Review and history",
            "Cite this claim",
            "mailto:?subject=",
        ):
            assert words in page


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_objection_and_a_citation_say_what_was_asked(article_client, language: str) -> None:
    page = article_client.get(f"/page/claim/suleymanov-2022/6?lang={language}").text
    asked = re.search(r'<p class="kind">.*?· (.*?)</p>', page)[1]
    title = html.unescape(re.sub(r"<[^>]*>", "", asked))
    objection = re.search(r"<textarea readonly[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    assert html.unescape(objection).splitlines()[0] == title
    english = re.sub(r"<[^>]*>", "", article_client.get("/page/claim/suleymanov-2022/6").text)
    question = re.search(r"Claim sul:6 · (.*)", english)[1]
    cited = re.search(r'<p class="citation" lang="en">(.*?)</p>', page, re.DOTALL)[1]
    assert html.unescape(question) in html.unescape(cited)
    assert page.count('<pre lang="en">') == 2


def test_what_a_claim_is_anchored_by_is_not_called_a_claim(article_client) -> None:
    page = article_client.get("/page/claim/suleymanov-2022/6?lang=tr").text
    assert "6-anchor" in page
    assert "İddia 6-anchor" not in page


def test_a_part_of_a_work_that_is_no_page_is_in_a_language_not_known(article_client) -> None:
    page = article_client.get("/page/suleymanov-2022?lang=az").text
    assert '<h3 lang="">abstract (English)</h3>' in page


def test_rivals_are_named_with_their_kind(article_client) -> None:
    page = article_client.get("/page/claim/suleymanov-2022/6").text
    rivals = page[page.index("Other answers") : page.index("Review and history")]
    assert "disjoint" in rivals and "claim/suleymanov-2022/7" in rivals
    assert "set against it by the author" in rivals


def test_a_withdrawn_claim_stays_and_says_why(invented_client) -> None:
    page = invented_client.get("/page/claim/quillfeather-2001/15").text
    assert "This claim was withdrawn" in page and "Misread: the page has 412" in page
    assert "Withdrawal of a misread figure" in page
    question = invented_client.get("/page/question/battle-of-tushkel--killed--soldiers").text
    assert 'href="https://example.org/kg/page/claim/quillfeather-2001/15"' in question
    assert "claim/quillfeather-2001/15" not in "".join(marks(question))


def test_citations_are_files_too(site) -> None:
    client, dataset = site
    claim = sorted(i for c in answered(dataset).values() for i in c)[0]
    identifier = dataset.names.identifier(claim)
    page = client.get(f"/page/{identifier}").text
    for suffix, media in (
        ("txt", "text/plain"),
        ("bib", "application/x-bibtex"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ):
        assert f"/cite/{identifier}.{suffix}" in page
        file = client.get(f"/cite/{identifier}.{suffix}")
        assert file.status_code == 200 and file.mimetype == media
        assert claim in file.text
    assert json.loads(client.get(f"/cite/{identifier}.csl.json").text)[0]["URL"] == claim


@pytest.mark.parametrize(
    "path",
    [
        "/cite/claim/x/1.bib",
        "/cite/x",
        "/cite/claim/suleymanov-2022/6.exe",
        "/cite/question/nargin-camp--prisoners-held--in-all.bib",
        "/disputes/nargin-camp.json",
        "/disputes/x y.json",
        "/cite/.bib",
    ],
)
def test_what_has_no_citation_or_dispute_is_404(path: str, article_client) -> None:
    assert article_client.get(path).status_code == 404


def most_disputed(dataset: Dataset) -> list[str]:
    """The questions of the front page, ranked by the pairs of what is said to have happened."""
    facts = Facts(dataset.quads())
    ranked = {}
    for d in register(dataset).disputes:
        disjoint = [p for p in d.pairs if p.kind == "disjoint" and not p.a.modality]
        if not disjoint:
            continue
        kind = tail(facts.value(d.question.property, con.valueKind))
        figures = [
            number
            for claim in {c for p in disjoint for c in (p.a, p.b)}
            if claim.figure
            for number in (claim.figure.point, claim.figure.low, claim.figure.high)
            if number is not None
        ]
        ranked[d.question.iri] = (
            {"number": 0, "concept": 2, "text": 2}.get(kind, 1),
            -len(d.support.lines),
            -float(max(figures) / min(figures)) if figures else 0.0,
            -len(disjoint),
            d.question.iri,
        )
    return sorted(ranked, key=ranked.__getitem__)[:SHOWN]


def shown_as_disputed(page: str, dataset: Dataset) -> list[str]:
    shown = re.findall(r'<section class="dispute">\s*<h3><a href="[^"]*/page/([^"]*)"', page)
    return [dataset.names.thing(i) for i in shown]


def test_the_front_page_shows_what_is_most_disputed(site) -> None:
    client, dataset = site
    page = client.get("/").text
    shown = shown_as_disputed(page, dataset)
    assert shown == most_disputed(dataset)
    assert len(marks(page)) >= 2 * len(shown) > 0
    assert "Figures come first" in page


def test_the_front_page_says_what_explains_the_figures(site) -> None:
    client, dataset = site
    page = client.get("/").text
    entries = re.findall(r'<section class="dispute">.*?</section>', page, re.DOTALL)
    explaining = 0
    for entry in entries:
        identifier = re.search(r'<h3><a href="[^"]*/page/([^"]*)"', entry)[1]
        said = explain(dataset, dataset.names.thing(identifier))
        lead = html.unescape(re.search(r"<p>(.*?)</p>", entry, re.DOTALL)[1])
        for sentence in said.sentences:
            if sentence.kind in ("set-against", "contradicts", "width"):
                explaining += 1
                assert sentence.text in lead
    assert explaining and entries


def test_the_example_to_ask_for_is_in_the_language_of_the_page(article_client) -> None:
    """A placeholder can't say that it is in another language."""
    for language in ("tr", "az", "ru"):
        page = article_client.get(f"/?lang={language}").text
        example = re.search(r'id="ask"[^>]* placeholder="([^"]+)"', page).group(1)
        titles = re.findall(rf'<h3><a [^>]*><bdi lang="{language}">([^<]+)</bdi></a></h3>', page)
        assert html.unescape(example) in map(html.unescape, titles)


def test_a_plan_against_a_plan_is_named_as_one(a_copy: Callable, client_of: Callable) -> None:
    """The two strengths of the regiment, both only planned: named as such on the page of the
    question, and on the front page no more.
    """
    folder = a_copy(INVENTED)
    address = "/page/question/1st-heron-regiment--strength--kazhvar"

    def kinds() -> list[str]:
        page = client_of(folder, "http://127.0.0.1:8000/").get(address).text
        shown = page.partition('<dl class="facts kinds">')[2].partition("</dl>")[0]
        parts = re.findall(r"<dt>(.*?)</dt>", shown, re.DOTALL)
        return [" ".join(re.sub(r"<[^>]*>", " ", part).split()) for part in parts]

    def front() -> list[str]:
        dataset = datasets.load(folder)
        page = client_of(folder, "http://127.0.0.1:8000/").get("/").text
        shown = shown_as_disputed(page, dataset)
        assert shown == most_disputed(dataset)
        return [iri.rpartition("/")[2] for iri in shown]

    assert kinds() == ["disjoint 1 pair"]
    before = front()
    assert "1st-heron-regiment--strength--kazhvar" in before
    plan = "con:modality <https://w3id.org/contested/vocab/modality/planned> ;"
    for source, figure in (("quillfeather-2001", 1200), ("trostnikov-1998", 1250)):
        path = folder / "data" / "sources" / source / "claims.ttl"
        old = f"con:answers q:1st-heron-regiment--strength--kazhvar ; con:point {figure} ;"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, f"{old} {plan}"), encoding="utf-8")
    assert kinds() == ["disjoint planned 1 pair"]
    after = front()
    assert [i for i in after if i in before] == [
        i for i in before if i != "1st-heron-regiment--strength--kazhvar"
    ]
    assert len(after) == SHOWN


def test_many_claims_stay_one_page(a_copy: Callable, client_of: Callable) -> None:
    """A hundred rival figures, and one question with more than are paired."""
    folder = a_copy()
    path = folder / "data/sources/quillfeather-2001/claims.ttl"
    first = "\n".join(
        f"""eq:{n} a con:Claim ; con:answers q:reed-band--strength ; con:point {n} ;
    con:comparator comparator:exactly ; con:statedIn id:quillfeather-2001 ; con:page "{n}" ;
    con:wording "{n} <i>men</i>"@en ; con:stance stance:endorses ; con:reviewStatus review:read ."""
        for n in range(1000, 1000 + FEW + 40)
    )
    path.write_text(path.read_text(encoding="utf-8") + first, encoding="utf-8")
    client = client_of(folder, "http://127.0.0.1:8000/")
    page = client.get("/page/question/reed-band--strength").text
    assert len(marks(page)) >= FEW + 40
    assert "<i>men" not in page and "&lt;i&gt;men" in page
    assert "There are too many claims to list each pair" in page
    assert client.get("/page/claim/quillfeather-2001/1000").status_code == 200


def test_a_width_is_read_as_people_write_it() -> None:
    assert trust.Choice("all", Fraction(1, 10)).parameters() == {}
    assert trust.Choice("all", Fraction(1, 4)).parameters() == {"about": "25%"}
    assert trust.Choice("not-doubted,side:x", ABOUT).side("side") == "x"


def test_a_page_that_could_not_read_every_claim_says_so(
    article_client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST", 1)
    for path in (NARGIN, "/page/claim/suleymanov-2022/6"):
        page = article_client.get(f"{path}?fresh=1", headers=BROWSER)  # kept under no address yet
        assert page.status_code == 200
        assert "more claims on this" in page.text
    refused = article_client.get(NARGIN.replace("page", "disputes", 1) + ".json")
    assert refused.status_code == 507
    assert "more than 1 claims" in refused.json["detail"]
    assert "kg disputes" in refused.json["hint"]
    monkeypatch.undo()
    assert "more claims on this" not in article_client.get(NARGIN, headers=BROWSER).text


def test_the_front_page_knows_what_was_not_worked_out(
    client_of: Callable, empty: Path, article: Dataset
) -> None:
    """A dataset without disputes, and a store that lacks the graph in which they would stand."""
    nothing = client_of(empty, "http://127.0.0.1:8000/").get("/", headers=BROWSER)
    assert "No two answers in this dataset exclude each other." in nothing.text

    def ask(request: Request) -> Answer:
        return Answer(b'{"head": {"vars": []}, "results": {"bindings": []}}', request.results)

    app = create_app(Site.of(article, "http://127.0.0.1:8000/", ask, dict))
    assert "holds no graph of disagreements" in app.test_client().get("/").text


def test_plans_that_exclude_each_other_are_no_disagreement_about_what_happened(
    client_of: Callable, a_copy: Callable
) -> None:
    """In a dataset in which every claim was planned, the front page does not say that no two
    answers exclude each other, nor shows plans as what happened.
    """
    folder = a_copy(INVENTED)
    for path in folder.glob("data/sources/*/claims.ttl"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r" con:modality [^;]*;", "", text)
        text = text.replace(" a con:Claim ;", " a con:Claim ; con:modality modality:planned ;")
        path.write_text(text, encoding="utf-8")
    client = client_of(folder, "http://127.0.0.1:8000/")
    said = {
        "en": "No two answers about what happened exclude each other; only plans",
        "tr": "yalnızca planlar, emirler",
        "az": "yalnız planlar, əmrlər",
        "ru": "только планы, приказы",
    }
    for language, words in said.items():
        page = client.get(f"/?lang={language}", headers=BROWSER).text
        assert words in page
        assert "in this dataset exclude" not in page
        assert 'class="dispute"' not in page


def test_no_example_of_one_dataset_stands_on_the_front_page_of_another(
    invented_client, article_client
) -> None:
    for client in (invented_client, article_client):
        page = client.get("/", headers=BROWSER).text
        example = html.unescape(re.search(r'id="ask"[^>]*placeholder="([^"]*)"', page)[1])
        assert example
        assert example in html.unescape(re.sub(r"<form.*?</form>", "", page, flags=re.S))


def test_the_legend_explains_what_is_drawn(article_client) -> None:
    """A claim that its work calls unconfirmed is hatched like one that it doubts."""
    page = article_client.get("/page/question/yusif-cemal-bey--death-date").text
    chart = re.search(
        r'<svg class="chart".*?</svg></figure>|<svg class="chart".*?<figcaption>', page, re.S
    )
    assert chart and "url(#chart-hatch)" in chart[0]
    assert "doubted, rejected or called unconfirmed by the author" in page
    page = article_client.get("/page/question/lankaran-astara-rising--strength").text
    assert "url(#chart-hatch)" not in page and "called unconfirmed" not in page
    assert "the end itself is left out" in page
