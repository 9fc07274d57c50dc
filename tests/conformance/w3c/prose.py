"""The 18 Graph Store tests that the suite tells in prose, written out as requests.

They are one story: each begins with the graphs that the one before it left. The prose has slips
that no server can satisfy (bodies without their last dot, an answer that forgets what an earlier
request wrote); what is sent and expected here is what its sentences mean by the SPARQL 1.1 Graph
Store HTTP Protocol. Graphs are named by the address of the server, directly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyoxigraph as ox
from live import TURTLE, Client, Reply

from w3c import answers
from w3c.evaluation import FAILED, PASSED, Miss, Outcome, empty, expect
from w3c.messages import check_content_type

FOLDER = "http-rdf-update"
PREFIXES = (
    "@prefix f: <http://xmlns.com/foaf/0.1/> . @prefix v: <http://www.w3.org/2006/vcard/ns#> ."
)
STORE = "/graph-store"
FIRST, SECOND, ABSENT = (f"{STORE}/person/{n}.ttl" for n in (1, 2, 4))
CONTENT_TYPE = "text/turtle; charset=utf-8"
BOUNDARY = "an-edge-between-two-parts"


@dataclass
class Story:
    """The server, and what the tests so far have made of it."""

    client: Client
    made: str = ""  # the target of the graph that the store named itself
    held: list[str] = field(default_factory=list)  # what the first graph holds, as Turtle

    @property
    def person(self) -> str:
        return f"<{self.client.url(STORE)}/person/1>"

    def card(self, name: str) -> str:
        return f'{self.person} a f:Person ; f:businessCard [ a v:VCard ; v:fn "{name}" ] .'

    def write(self, method: str, target: str, turtle: str) -> Reply:
        headers = {"Content-Type": CONTENT_TYPE}
        return self.client.send(method, target, f"{PREFIXES}\n{turtle}", headers, signed=True)

    def read(self, target: str, turtle: str) -> None:
        reply = expect(self.client.get(target, TURTLE), 200)
        check_content_type(f"GET {target}", CONTENT_TYPE, reply)
        if reply.headers.get("Content-Length") != str(len(reply.body)):
            raise Miss(f"Content-Length {reply.headers.get('Content-Length')}")
        form, base = ox.RdfFormat.TURTLE, self.client.address
        wanted = answers.from_graph(f"{PREFIXES}\n{turtle}".encode(), form, base)
        if not answers.same(wanted, answers.from_graph(reply.body, form, base)):
            raise Miss(f"GET {target}: expected {turtle}, got {reply.body!r}")


ALICE = '[] a f:Person ; f:businessCard [ a v:VCard ; v:given-name "Alice" ] .'
Step = Callable[[Story], None]
STEPS: dict[str, Step] = {}


def step(name: str) -> Callable[[Step], Step]:
    def add(function: Step) -> Step:
        STEPS[name] = function
        return function

    return add


@step("put__initial_state")
def put_creates(story: Story) -> None:
    story.held = [story.card("John Doe")]
    expect(story.write("PUT", FIRST, story.held[0]), 201)


@step("get_of_put__initial_state")
def get_by_the_query_parameter(story: Story) -> None:
    """Asked indirectly: what was put by its address is the graph of that name."""
    story.read(f"{STORE}?graph={story.client.url(FIRST)}", "\n".join(story.held))


@step("put__graph_already_in_store")
def put_replaces(story: Story) -> None:
    story.held = [story.card("Jane Doe")]
    expect(story.write("PUT", FIRST, story.held[0]), 200, 204)


@step("get_of_put__graph_already_in_store")
def get_what_replaced(story: Story) -> None:
    story.read(FIRST, "\n".join(story.held))


@step("put__default_graph")
def put_the_default_graph(story: Story) -> None:
    expect(story.write("PUT", f"{STORE}?default", ALICE), 200, 201, 204)


@step("get_of_put__default_graph")
def get_the_default_graph(story: Story) -> None:
    story.read(f"{STORE}?default", ALICE)


@step("delete__existing_graph")
def delete_what_is_there(story: Story) -> None:
    expect(story.write("PUT", SECOND, ALICE), 201)
    expect(story.client.send("DELETE", SECOND, signed=True), 200, 202, 204)


@step("get_of_delete__existing_graph")
def get_what_is_gone(story: Story) -> None:
    expect(story.client.get(SECOND), 404)


@step("delete__nonexistent_graph")
def delete_what_is_not_there(story: Story) -> None:
    expect(story.client.send("DELETE", SECOND, signed=True), 404)


@step("post__existing_graph")
def post_adds(story: Story) -> None:
    story.held.append(f'{story.person} f:name "Jane Doe" .')
    expect(story.write("POST", FIRST, story.held[-1]), 200, 204)


@step("get_of_post__existing_graph")
def get_what_was_added(story: Story) -> None:
    story.read(FIRST, "\n".join(story.held))


@step("post__multipart_formdata")
def post_two_documents(story: Story) -> None:
    names = {"lastName": "familyName", "firstName": "givenName"}
    values = {"lastName": "Doe", "firstName": "Jane"}
    body = ""
    for part, predicate in names.items():
        turtle = f'{story.person} f:{predicate} "{values[part]}" .'
        story.held.append(turtle)
        body += (
            f"--{BOUNDARY}\r\n"
            f'Content-Disposition: form-data; name="{part}.ttl"; filename="{part}.ttl"\r\n'
            f"Content-Type: {CONTENT_TYPE}\r\n\r\n{PREFIXES}\n{turtle}\n\r\n"
        )
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    body += f"--{BOUNDARY}--\r\n"
    expect(story.client.send("POST", FIRST, body, headers, signed=True), 200, 204)


@step("get_of_post__multipart_formdata")
def get_both_documents(story: Story) -> None:
    story.read(FIRST, "\n".join(story.held))


@step("post__create__new_graph")
def post_to_the_store(story: Story) -> None:
    reply = expect(story.write("POST", STORE, ALICE), 201)
    location = reply.headers.get("Location")
    if location is None:
        raise Miss("no Location")
    story.made = story.client.target(story.client.absolute(location))


@step("get_of_post__create__new_graph")
def get_the_new_graph(story: Story) -> None:
    story.read(story.made, ALICE)


@step("get_of_post__after_noop")
def post_nothing(story: Story) -> None:
    """A POST without triples changes nothing (section 5.5)."""
    expect(story.write("POST", story.made, ""), 200, 204)
    story.read(story.made, ALICE)


@step("head_on_an_existing_graph")
def head_of_what_is_there(story: Story) -> None:
    got = expect(story.client.get(FIRST, TURTLE), 200)
    head = expect(story.client.send("HEAD", FIRST, None, {"Accept": TURTLE}), 200)
    check_content_type(f"HEAD {FIRST}", CONTENT_TYPE, head)
    if head.body or head.headers.get("Content-Length") != got.headers.get("Content-Length"):
        raise Miss(f"HEAD {FIRST}: {head!r}")


@step("head_on_a_nonexisting_graph")
def head_of_what_is_not_there(story: Story) -> None:
    reply = expect(story.client.send("HEAD", ABSENT), 404)
    if reply.body:
        raise Miss("HEAD with a body")


def outcomes(client: Client) -> list[Outcome]:
    """The story from its beginning. A step that fails does not stop those after it."""
    empty(client)
    story, found = Story(client), []
    for name, run in STEPS.items():
        try:
            run(story)
        except Miss as miss:
            found.append(Outcome(f"{FOLDER}/{name}", FAILED, str(miss)))
        else:
            found.append(Outcome(f"{FOLDER}/{name}", PASSED))
    return found
