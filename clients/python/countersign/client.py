"""The verbs of an agent."""

from __future__ import annotations

import threading
import uuid
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, TypeVar, Union
from urllib.parse import quote

from .calls import Access, Reply, is_visible, pause, retry_after_of, send
from .errors import CountersignError
from .gated import Gated, OnNarrowed, gate
from .limit import Limit, Surroundings

R = TypeVar("R")

#: Seconds for which the server is asked to hold a call: what it, proxies and clients allow.
LONGEST_HOLD = 55
#: Seconds between two looks where the server neither held the call nor said when to look again.
_LOOK_AGAIN_AFTER = 2.0
#: Seconds that a verb may take, and that waiting may: longer than any request waits.
_VERB, _WAITING = 300.0, 8 * 86_400.0


class Asked(NamedTuple):
    """The request, and its grant where that came at once."""

    request: Mapping[str, Any]
    grant: Optional[Mapping[str, Any]]


class Client:
    """What an agent can do (docs/clients.md). Each verb repeats itself while trouble passes, for at most ``limit`` seconds.

    ``stop`` ends everything that this client has begun, once the call that is open has been answered: within
    ``LONGEST_HOLD`` seconds. It may be used by several threads.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        stop: Optional[threading.Event] = None,
        surroundings: Optional[Surroundings] = None,
    ) -> None:
        self._access = Access(url, key, surroundings or Surroundings())
        self._stop = stop

    def begin(self, limit: Optional[float] = None) -> Limit:
        """Begins a time limit; without a figure, longer than any request waits."""
        return Limit.begin(self._access.surroundings, _WAITING if limit is None else limit, self._stop)

    def ask(
        self,
        submission: Mapping[str, Any],
        *,
        idempotency_key: Optional[str] = None,
        hold: int = 0,
        grant: Union[None, bool, Mapping[str, str]] = None,
        limit: float = _VERB,
    ) -> Asked:
        """Asks once under its idempotency key, however often the call is sent. Without one, each ask is a new request."""
        key = str(uuid.uuid4()) if idempotency_key is None else idempotency_key
        if not is_visible(key) or len(key) > 255:
            raise CountersignError("unnamed_call", "The idempotency key must be 1 to 255 visible ASCII characters.")
        reply = send(
            self._access,
            self.begin(limit),
            "POST",
            "/v1/requests",
            headers={"idempotency-key": key},
            body={**submission, **({"grant": grant} if grant else {})},
            hold=min(hold, LONGEST_HOLD) if hold else None,
        )
        request = _request_in(reply, None)
        return Asked(request, _grant_in(reply, reply.body.get("grant"), request["id"]))

    def wait(self, request: str, *, limit: float = _WAITING) -> Mapping[str, Any]:
        """The request when it is pending no more: read ``state``. Without a limit it ends when the request does."""
        begun, etag, looks, now = self.begin(limit), None, 0, self._access.surroundings.now
        while True:
            hold = max(0, min(LONGEST_HOLD, int(begun.left())))
            began = now()
            known: Dict[str, str] = {} if etag is None else {"if-none-match": etag}
            reply = send(self._access, begun, "GET", _path_of(request), headers=known, hold=hold)
            if reply.status != 304:
                shown = _request_in(reply, request)
                if shown["state"] != "pending":
                    return shown
            applied = "preference-applied" in reply.headers
            if applied and reply.headers.get("etag") != etag:
                looks = 0
            etag = reply.headers.get("etag")
            # A server that is about to stop answers early, and so does one that has no seat left.
            if not (applied and now() - began >= hold / 2):
                after = retry_after_of(reply.headers)
                later = _LOOK_AGAIN_AFTER if after is None else after
                pause(self._access.surroundings, begun, tries=looks, retry_after=later)
            looks += 1

    def grant(self, request: str, *, audience: Optional[str] = None, limit: float = _VERB) -> Mapping[str, Any]:
        """The grant of an approved request; the same one while it lives. Its ``token`` belongs in no log."""
        body = None if audience is None else {"audience": audience}
        reply = send(self._access, self.begin(limit), "POST", _path_of(request) + "/grant", body=body)
        grant = _grant_in(reply, reply.body, request)
        if grant is None:
            raise _unexpected(reply, "the grant")
        return grant

    def redeem(
        self,
        token: str,
        *,
        attempt: str,
        action: Optional[Mapping[str, Any]] = None,
        digest: Optional[str] = None,
        limit: float = _VERB,
    ) -> Mapping[str, Any]:
        """Spends a grant for what is about to run; only then run it. ``attempt`` names this one use: never use it twice."""
        if (action is None) == (digest is None):
            raise ValueError("Give either the action or its digest.")
        what = {"digest": digest} if action is None else {"action": action}
        body = {"token": token, "attempt": attempt, **what}
        reply = send(self._access, self.begin(limit), "POST", "/v1/grants/redeem", body=body)
        is_redeemed = all(isinstance(reply.body.get(name), str) for name in ("request", "digest"))
        if not is_redeemed or reply.body.get("attempt") != attempt:
            raise _unexpected(reply, "the redemption")
        return reply.body

    def report(self, request: str, report: Mapping[str, Any], *, limit: float = _VERB) -> Mapping[str, Any]:
        """Says what was done: ``state`` and, where known, ``action`` or ``digest``, ``result``, ``links``, ``note``.

        The same report again is no second one. The request, as it stands then."""
        reply = send(self._access, self.begin(limit), "POST", _path_of(request) + "/executions", body=report)
        return _request_in(reply, request)

    def answer(self, request: str, *, to: str, text: str, limit: float = _VERB) -> Mapping[str, Any]:
        """Answers a note about a pending request, once for each note; the same answer again is no second one.

        The request, as it stands then."""
        body = {"to": to, "text": text}
        reply = send(self._access, self.begin(limit), "POST", _path_of(request) + "/notes", body=body)
        return _request_in(reply, request)

    def cancel(self, request: str, *, limit: float = _VERB) -> Mapping[str, Any]:
        """The request, cancelled."""
        return _request_in(send(self._access, self.begin(limit), "POST", _path_of(request) + "/cancel"), request)

    def gated(
        self,
        describe: Callable[..., Mapping[str, Any]],
        *,
        audience: Optional[str] = None,
        spent_by: str = "agent",
        on_report_lost: Optional[Callable[[CountersignError], None]] = None,
        on_narrowed: Optional[OnNarrowed] = None,
    ) -> Callable[[Callable[..., R]], Gated[R]]:
        """A decorator: the function runs only when its very arguments were approved, and once.

        ``describe(**arguments)`` is the action, the same for the same arguments, with all that makes a difference in it.
        ``spent_by="resource"`` when the function hands the grant to a resource that redeems it. ``on_report_lost`` hears
        that something ran and the server could not be told. ``on_narrowed(left, arguments)`` hears that an approver let less
        through, and returns the arguments for exactly that, or None; without it nothing runs (``narrowed``).
        """
        return gate(
            self,
            describe,
            audience=audience,
            spent_by=spent_by,
            on_report_lost=on_report_lost,
            on_narrowed=on_narrowed,
        )


def _path_of(request: str) -> str:
    return "/v1/requests/" + quote(request, safe="")


def _request_in(reply: Reply, expected: Optional[str]) -> Mapping[str, Any]:
    """A grant that came with it loses its token: a request may be logged. An answer about another request is none."""
    found = dict(reply.body)
    is_request = all(isinstance(found.get(name), str) for name in ("id", "state", "digest"))
    if not is_request or expected not in (None, found["id"]):
        raise _unexpected(reply, "the request")
    if isinstance(found.get("grant"), dict):
        found["grant"] = {name: value for name, value in found["grant"].items() if name != "token"}
    return found


def _grant_in(reply: Reply, grant: Any, request: str) -> Optional[Mapping[str, Any]]:
    if not isinstance(grant, dict) or "token" not in grant:
        return None
    is_grant = all(isinstance(grant.get(name), str) for name in ("id", "token", "spent_by"))
    if not is_grant or grant.get("request") != request or grant["spent_by"] not in ("agent", "resource"):
        raise _unexpected(reply, "a grant for the request")
    return grant


def _unexpected(reply: Reply, what: str) -> CountersignError:
    says = f"The answer ({reply.status}) is not {what} that was asked for."
    return CountersignError("unexpected_answer", says, status=reply.status)
