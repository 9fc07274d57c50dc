"""Another service's SPARQL 1.1 Protocol, as a client that trusts little.

One kept connection; certificates are verified; no redirect is followed, so that credentials never
reach an address that the operator did not name; an answer that ends early, or has no end that can
be told, is an error. Nothing here says the service's address to whoever asks us.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

from kg.errors import (
    DeadlineExceeded,
    QueryFailed,
    ResultTooLarge,
    SettingsError,
    StoreUnavailable,
)

__all__ = ["Access", "Answered", "Endpoint"]

_CONNECT = 10.0  # seconds
_WORDS = 300  # characters of the service's own words that are passed on
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Access:
    """Where a service is and who we are there. Secrets are kept out of its `repr`."""

    query: str
    update: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, address: str, environ: Mapping[str, str]) -> Access:
        """The service at `address`, with KG_STORE_USER and KG_STORE_PASSWORD or KG_STORE_TOKEN, and
        KG_STORE_UPDATE. Raises SettingsError.
        """

        def value(name: str) -> str | None:
            return environ.get(name) or None

        user, password, token = map(value, ("KG_STORE_USER", "KG_STORE_PASSWORD", "KG_STORE_TOKEN"))
        if token and (user or password):
            raise SettingsError(
                "a token and a password are both given",
                where="KG_STORE_TOKEN",
                hint="the store takes one of them: leave out the other",
            )
        if (user is None) != (password is None):
            missing = "KG_STORE_PASSWORD" if user else "KG_STORE_USER"
            raise SettingsError(
                "a user needs a password, and a password a user",
                where=missing,
                hint=f"set {missing}",
            )
        for text, where in ((token, "KG_STORE_TOKEN"), (user, "KG_STORE_USER")):
            if text and not (text.isascii() and text.isprintable()):
                raise SettingsError("this can't stand in a header", where=where, hint="ASCII only")
        update = value("KG_STORE_UPDATE")
        if update is not None and not update.startswith(("http://", "https://")):
            raise SettingsError(
                f"{update!r} is no address", where="KG_STORE_UPDATE", hint="an http(s) address"
            )
        return cls(address, update, user, password, token)

    @property
    def updates(self) -> tuple[str, ...]:
        """Where updates may be taken: the address that was named, else those that are usual."""
        if self.update:
            return (self.update,)
        stem, _, last = self.query.partition("?")[0].rstrip("/").rpartition("/")
        beside = [f"{stem}/{name}" for name in ("update", "sparql-auth") if last != name]
        return (self.query, *beside, f"{stem}/{last}/statements")

    @property
    def exposed(self) -> bool:
        """Whether credentials travel over a network in a form that others can read."""
        secret = self.token or self.password
        return bool(secret) and any(
            parts.scheme == "http" and not _is_local(parts.hostname or "")
            for parts in map(urlsplit, (self.query, self.update or self.query))
        )


def _is_local(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host == "::1"


class Answered:
    """The body of an answer as a stream of at most `cap` bytes that must come to its end."""

    def __init__(self, response: http.client.HTTPResponse, cap: int) -> None:
        self.kind = (response.headers.get_content_type() or "").lower()
        self.headers = response.headers
        self.bounded = response.chunked or response.length is not None
        self.error: Exception | None = None
        """What broke the stream; whoever parses it may see this as an error of his own."""
        self._response = response
        self._left = cap

    def read(self, size: int = -1) -> bytes:
        """The next piece. Raises ResultTooLarge, StoreUnavailable."""
        try:
            data = self._response.read(size if size and size > 0 else None)
        except (OSError, http.client.HTTPException) as error:
            self.error = _broken(error)
            raise self.error from None
        self._left -= len(data)
        if self._left < 0:
            self.error = ResultTooLarge(
                "the store's answer is larger than any may be, and none of it was sent",
                hint="ask for less: LIMIT with OFFSET, fewer columns, or a count",
            )
            raise self.error
        if not data and not self._response.chunked and self._response.length:
            self.error = _broken(http.client.IncompleteRead(b"", self._response.length))
            raise self.error
        return data

    @property
    def whole(self) -> bool:
        """Whether everything was read."""
        return self._response.isclosed()


class Endpoint:
    """A client of one service, for one process: a connection can't be shared with a fork.

    `seconds` is how long any single wait may take; `cap` is the largest answer in bytes.
    """

    def __init__(self, access: Access, *, seconds: float, cap: int) -> None:
        self._access = access
        self._seconds = seconds
        self._cap = cap
        self._connection: http.client.HTTPConnection | None = None
        self._place = ("", "")
        self._basic = False
        self._challenge: dict[str, str] | None = None
        secrets = HTTPPasswordMgrWithDefaultRealm()
        self._digest = AbstractDigestAuthHandler(secrets)
        for address in (access.query, access.update or access.query):
            secrets.add_password(None, _root(address), access.user or "", access.password or "")
        self._update = access.update

    @property
    def access(self) -> Access:
        """How the service is reached, with the address for updates once it is known."""
        return replace(self._access, update=self._update)

    def close(self) -> None:
        """Hang up. The next question opens a connection again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(
        self,
        text: str,
        accept: str,
        default: Iterable[str] | None = None,
        named: Iterable[str] | None = None,
    ) -> Answered:
        """Ask a query, over a dataset that the protocol names when `default` or `named` is given.

        Raises StoreUnavailable, QueryFailed, DeadlineExceeded.
        """
        fields = [
            ("query", text),
            *(("default-graph-uri", iri) for iri in default or ()),
            *(("named-graph-uri", iri) for iri in named or ()),
        ]
        return self._send(self._access.query, urlencode(fields).encode(), accept)

    def update(self, text: str) -> None:
        """Have an update made. Raises what `ask` raises; then it is not known whether it was."""
        assert self._update is not None, "find_update was not called"
        found = self._send(self._update, urlencode({"update": text}).encode(), "*/*")
        with contextlib.suppress(StoreUnavailable, ResultTooLarge):  # a status was all we wanted
            while found.read(1 << 16):
                pass
        if not found.whole:
            self.close()

    def find_update(self, harmless: str) -> None:
        """Find where the service takes updates, by sending one that changes nothing.

        Raises SettingsError with what each address said.
        """
        if self._update is not None and self._access.update is None:
            return
        said = []
        for address in self._access.updates:
            self._update = address
            try:
                self.update(harmless)
            except (StoreUnavailable, QueryFailed, DeadlineExceeded) as error:
                said.append(f"{urlsplit(address).path}: {error.message}")
            else:
                return
        self._update = self._access.update
        raise SettingsError(
            "the store takes no update from us: " + "; ".join(said),
            where=f"--store {self._access.query}",
            hint="name the address for updates in KG_STORE_UPDATE, and who may write in "
            "KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN",
        )

    # -- HTTP

    def _send(self, address: str, body: bytes, accept: str) -> Answered:
        response = self._round(address, body, accept)
        if response.status == http.client.UNAUTHORIZED and self._learn(response):
            response = self._round(address, body, accept)
        if response.status == http.client.OK or (
            response.status in (http.client.CREATED, http.client.NO_CONTENT)
        ):
            return Answered(response, self._cap)
        try:
            words = response.read(4096).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            words = ""
        retry = response.headers.get("retry-after", "")
        self.close()
        raise _refusal(response.status, words, retry)

    def _round(self, address: str, body: bytes, accept: str) -> http.client.HTTPResponse:
        """One request. A kept connection that the other side has closed is opened once more."""
        parts = urlsplit(address)
        if (parts.scheme, parts.netloc) != self._place:
            self.close()
            self._place = (parts.scheme, parts.netloc)
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        headers = {
            "Content-Type": _FORM,
            "Accept": accept,
            "Accept-Encoding": "identity",
            "User-Agent": "contested",
            **self._authorization(address),
        }
        while True:
            kept = self._connection is not None
            try:
                connection = self._connection or self._connect(parts.scheme, parts.netloc)
                self._connection = connection
                connection.request("POST", target, body, headers)
                return connection.getresponse()
            except TimeoutError as error:
                self.close()
                raise _broken(error) from None
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if not kept:
                    raise _broken(error) from None

    def _connect(self, scheme: str, place: str) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection
        if scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(place, timeout=_CONNECT, context=context)
        else:
            connection = http.client.HTTPConnection(place, timeout=_CONNECT)
        connection.connect()
        connection.sock.settimeout(self._seconds)
        return connection

    # -- who we are

    def _authorization(self, address: str) -> dict[str, str]:
        access = self._access
        if access.token:
            return {"Authorization": f"Bearer {access.token}"}
        if self._challenge is not None:
            # The library counts how often it has used a server's nonce.
            request = Request(_root(address) + _target(address), data=b"", method="POST")  # noqa: S310
            proof = self._digest.get_authorization(request, self._challenge)
            return {"Authorization": f"Digest {proof}"} if proof else {}
        if self._basic:
            pair = f"{access.user}:{access.password}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return {}

    def _learn(self, response: http.client.HTTPResponse) -> bool:
        """Take a challenge (RFC 7616, RFC 7617); whether there is a better answer to give now."""
        offers = response.headers.get_all("www-authenticate") or []
        with contextlib.suppress(OSError, http.client.HTTPException):
            response.read(4096)
        if response.will_close or not response.isclosed():
            self.close()
        if self._access.user is None:
            return False
        for offer in offers:
            scheme, _, rest = offer.partition(" ")
            if scheme.lower() == "digest":
                challenge = parse_keqv_list(parse_http_list(rest))
                before, self._challenge = self._challenge, challenge
                stale = challenge.get("stale", "").lower() == "true"
                fresh = before is None or stale or before.get("nonce") != challenge.get("nonce")
                with contextlib.suppress(ValueError, KeyError):
                    usable = challenge.get("algorithm", "MD5") in ("MD5", "SHA")
                    if usable and fresh:
                        return True
                self._challenge = None
        if not self._basic and any(o.partition(" ")[0].lower() == "basic" for o in offers):
            self._basic = True
            return True
        return False


def _root(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _target(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _broken(error: Exception) -> StoreUnavailable:
    if isinstance(error, TimeoutError):
        why = "it did not answer in time"
    elif isinstance(error, ssl.SSLCertVerificationError):
        why = f"its certificate is not to be trusted: {error.verify_message}"
    elif isinstance(error, http.client.IncompleteRead | http.client.RemoteDisconnected):
        why = "it hung up before its answer was whole"
    elif isinstance(error, http.client.HTTPException):
        why = "it does not speak HTTP as it should"
    else:
        why = getattr(error, "strerror", None) or type(error).__name__
    return StoreUnavailable(
        f"the store behind this server can't be reached: {why}",
        hint="ask again in a moment",
        retry_after=5,
    )


def _refusal(
    status: int, words: str, retry: str
) -> StoreUnavailable | QueryFailed | DeadlineExceeded:
    """What a status other than success means for whoever asked us."""
    said = " ".join(words.partition("SPARQL query:")[0].split())
    said = said if len(said) <= _WORDS else said[:_WORDS] + "…"
    if status in (401, 403, 407) or "SECURITY" in said:
        return StoreUnavailable(
            f"the store behind this server refuses us ({status})",
            hint="its operator: look at KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN",
            retry_after=60,
        )
    if 300 <= status < 400:
        return StoreUnavailable(
            f"the store behind this server redirects ({status}), and nothing here follows",
            hint="its operator: name the address that it redirects to in --store",
            retry_after=60,
        )
    if status in (408, 504) or ("time" in said and "exceeds the limit" in said):
        return DeadlineExceeded(
            "the store behind this server stopped the query at a deadline of its own",
            hint="ask for less at once: narrower patterns, LIMIT, fewer OPTIONAL",
        )
    if 400 <= status < 500 and status not in (404, 405, 429):
        return QueryFailed(
            f"the store behind this server could not evaluate this: {said or status}",
            hint="it may not know every function and pattern; write it otherwise",
        )
    wait = int(retry) if retry.isdigit() else 5
    return StoreUnavailable(
        f"the store behind this server failed ({status}): {said or 'it does not say why'}",
        hint="ask again in a moment",
        retry_after=min(wait, 3600),
    )
