"""A function behind an approval."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Protocol, Tuple, TypeVar, cast

from .canonical import canonical, digest_action, digest_of, digest_result
from .errors import CountersignError
from .limit import Limit

if TYPE_CHECKING:
    from .client import Client

R = TypeVar("R")
Result = TypeVar("Result", covariant=True)

#: Gets what is left (``narrowed_to``) and the arguments that were asked for; the arguments for what is left, or None.
OnNarrowed = Callable[[Mapping[str, Any], Dict[str, Any]], Optional[Mapping[str, Any]]]

#: Seconds that telling the server may take: whoever called waits for the result meanwhile.
_REPORTING = 60.0
#: Of an error's message, in characters.
_LONGEST_NOTE = 500
_HOLD = 55


@dataclass(frozen=True)
class Call:
    """Which call this is. Two calls with equal arguments are two actions, so the arguments cannot say it: a framework's id
    of the tool call does, within a ``session`` where ids repeat in others; or a ``key`` of the caller's own."""

    call_id: Optional[str] = None
    session: Optional[str] = None
    key: Optional[str] = None
    #: Seconds for everything up to the run.
    limit: Optional[float] = None

    def idempotency_key(self) -> str:
        """The server takes a key for one body: the same call with other arguments is refused there, and runs nothing."""
        if self.key:
            return self.key
        if not self.call_id:
            raise CountersignError("unnamed_call", "Name the call by call_id, or by a key of your own.")
        digest = digest_of("countersign/call/v1", {"callId": self.call_id, "session": self.session})
        return "call-" + digest[len("sha256:") :]


@dataclass(frozen=True)
class Approved:
    """What the function that runs may want to know of its approval."""

    request: Mapping[str, Any]
    #: Spent by now, or to be handed to the resource that spends it.
    grant: Mapping[str, Any] = field(repr=False)
    #: The name of this one use.
    attempt: str


class Gated(Protocol[Result]):
    """Called with the name of the call and the arguments by name."""

    def __call__(self, call: Call, /, **arguments: Any) -> Result: ...

    def ask(self, call: Call, /, **arguments: Any) -> Mapping[str, Any]:
        """Only asks, and comes back with the request as it is. The run under the same name goes on from there, also in
        another process."""


_REFUSALS: Mapping[str, Tuple[str, str]] = {
    "denied": ("denied", "It was denied."),
    "expired": ("expired", "Nobody approved it in time."),
    "cancelled": ("cancelled", "It was cancelled."),
    "revoked": ("revoked", "The approval was taken back."),
    "lapsed": ("lapsed", "The approval was not used in time."),
    "executing": ("already_used", "The approval was used already."),
    "succeeded": ("already_used", "It was done already."),
    "failed": ("already_used", "It was tried already, and failed."),
    "unreported": ("already_used", "The approval was used already, and nobody said how it went."),
}


def gate(
    client: "Client",
    describe: Callable[..., Mapping[str, Any]],
    *,
    audience: Optional[str],
    spent_by: str,
    on_report_lost: Optional[Callable[[CountersignError], None]],
    on_narrowed: Optional[OnNarrowed],
) -> Callable[[Callable[..., R]], Gated[R]]:
    """The order is what makes it safe: the grant is spent, then the function runs, then that is said. A process that dies
    before the grant is spent has run nothing, and goes on where it was under the same name of the call. One that dies after
    that runs nothing again, because nobody knows how far it came: the request becomes ``unreported``."""

    def tell(request: Mapping[str, Any], report: Mapping[str, Any]) -> None:
        try:
            client.report(request["id"], report, limit=_REPORTING)
        except CountersignError as lost:
            lost.request = lost.request or request
            if on_report_lost is not None:
                on_report_lost(lost)

    def decorate(run: Callable[..., R]) -> Gated[R]:
        @functools.wraps(run)
        def gated(call: Call, /, **arguments: Any) -> R:
            limit = client.begin(call.limit)
            # The text is what was asked for; describing and running each get a fresh copy of it.
            terms = _Terms(describe, audience, spent_by, canonical(arguments), limit)
            approved, action, kept = _approve(client, terms, call, on_narrowed)
            try:
                if limit.stop is not None and limit.stop.is_set():
                    says = "This was given up before it ran."
                    raise CountersignError("stopped_here", says, request=approved.request)
                result = run(approved, **json.loads(kept))
            except BaseException as failed:
                tell(approved.request, {"state": "failed", "action": action, "note": _note_of(failed)})
                raise
            made = digest_result(result)
            report: Dict[str, Any] = {"state": "succeeded", "action": action}
            tell(approved.request, report if made is None else {**report, "result": made})
            return result

        def ask(call: Call, /, **arguments: Any) -> Mapping[str, Any]:
            terms = _Terms(describe, audience, spent_by, canonical(arguments), client.begin(call.limit))
            request, _, _ = _ask(client, terms, call)
            return request

        setattr(gated, "ask", ask)
        return cast("Gated[R]", gated)

    return decorate


@dataclass(frozen=True)
class _Terms:
    describe: Callable[..., Mapping[str, Any]]
    audience: Optional[str]
    spent_by: str
    kept: str
    limit: Limit

    def described(self) -> Mapping[str, Any]:
        return self.describe(**json.loads(self.kept))


def _ask(
    client: "Client", terms: _Terms, call: Call, *, hold: int = 0
) -> Tuple[Mapping[str, Any], Optional[Mapping[str, Any]], str]:
    """What it asks is the same each time, so that it is one request however often it is asked."""
    key = call.idempotency_key()
    submission = terms.described()
    digest = digest_action(submission)
    wish = True if terms.audience is None else {"audience": terms.audience}
    request, grant = client.ask(submission, idempotency_key=key, hold=hold, grant=wish, limit=terms.limit.left())
    if request["digest"] != digest:
        raise _changed("The server knows another action under the name of this call.")
    return request, grant, digest


def _approve(
    client: "Client", terms: _Terms, call: Call, on_narrowed: Optional[OnNarrowed]
) -> Tuple[Approved, Mapping[str, Any], str]:
    """Approved, and its grant spent for what is about to run or left to the resource that spends it; and the arguments."""
    request, grant, digest = _ask(client, terms, call, hold=_HOLD)
    try:
        while True:
            if request["state"] == "pending":
                request = client.wait(request["id"], limit=terms.limit.left())
            if request["digest"] != digest:
                raise _changed("The server shows another action than the one that was asked.")
            left = _left_of(request)
            if left is None:
                break
            terms, digest = _narrowed(terms, request, left, on_narrowed)
            request, grant = client.wait(left["id"], limit=terms.limit.left()), None
        _refuse_unless_approved(request)
        if grant is None:
            grant = client.grant(request["id"], audience=terms.audience, limit=terms.limit.left())
        if grant["spent_by"] != terms.spent_by:
            raise CountersignError("spent_by_other", f"It is for the {grant['spent_by']} to redeem this grant.")
        action = _action_in(terms.described())
        if digest_action(action) != digest:
            raise _changed("The same arguments were described as another action than the one that was approved.")
        attempt = str(uuid.uuid4())
        if terms.spent_by == "agent":
            redeemed = client.redeem(grant["token"], attempt=attempt, action=action, limit=terms.limit.left())
            if (redeemed["request"], redeemed["digest"]) != (request["id"], digest):
                raise _changed("What was redeemed is the grant of another action.")
    except CountersignError as failed:
        failed.request = failed.request or request
        raise
    return Approved(request, grant, attempt), action, terms.kept


def _left_of(request: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
    """What an approver left of a request, where one narrowed it (docs/api.md#narrowed)."""
    is_narrowed = request["state"] == "denied" and request.get("outcome_code") == "narrowed"
    return request.get("narrowed_to") if is_narrowed else None


def _narrowed(
    terms: _Terms, request: Mapping[str, Any], left: Mapping[str, Any], on_narrowed: Optional[OnNarrowed]
) -> Tuple[_Terms, str]:
    """The terms of what is left, where the caller said with which arguments that is done."""
    arguments = None if on_narrowed is None else on_narrowed(left, json.loads(terms.kept))
    if arguments is None:
        asked, params = request["params"], left["params"]
        less = [name for name in params if name not in asked or canonical(params[name]) != canonical(asked[name])]
        says = f"An approver let less through than was asked: {', '.join(less)}. {left['id']} asks for that instead."
        raise CountersignError("narrowed", says, request=request)
    lowered = dataclasses.replace(terms, kept=canonical(arguments))
    digest = digest_action(lowered.described())
    if digest != left["digest"]:
        raise _changed("The arguments for what is left were described as another action than that.")
    return lowered, digest


def _refuse_unless_approved(request: Mapping[str, Any]) -> None:
    state = request["state"]
    if state == "approved":
        return
    code, says = _REFUSALS.get(state, ("not_approved", "It is not approved."))
    outcome = request.get("outcome")
    raise CountersignError(code, f"{says} {outcome}" if outcome else says, request=request)


def _action_in(submission: Mapping[str, Any]) -> Mapping[str, Any]:
    action = {name: submission[name] for name in ("action", "resource", "environment")}
    return {**action, "params": submission.get("params", {})}


def _changed(says: str) -> CountersignError:
    return CountersignError("digest_mismatch", says)


def _note_of(failed: BaseException) -> str:
    """One that a server takes: bounded, and without control characters."""
    text = f"{type(failed).__name__}: {failed}"
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", " ", text)
    return plain[:_LONGEST_NOTE]
