"""One call of the API, repeated as it stands while no answer comes or trouble passes by itself."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any, Dict, Mapping, Optional
from urllib.parse import urlsplit

from .canonical import canonical
from .errors import CountersignError
from .limit import Limit, Surroundings

#: Seconds after which a call that the server does not hold has been lost.
_PATIENCE = 15.0
#: The first pause, and the longest: between them each is twice the one before.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 30.0
#: What passes by itself. Retry-After says when, if the server knows.
_PASSING = frozenset({408, 429, 502, 503, 504})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Nobody else is shown what was meant for one server."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Access:
    """Where the server is, and the key, which no representation shows."""

    url: str
    key: str = field(repr=False)
    surroundings: Surroundings = field(default_factory=Surroundings, repr=False)
    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(_NoRedirect), repr=False
    )

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
        if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
            raise ValueError("The url must be an http or https address without user name, query and fragment.")
        if not is_visible(self.key):
            raise ValueError("The key must be visible ASCII: csk_…")


def is_visible(text: str) -> bool:
    """What could not travel in a header would otherwise look like a connection that fails again and again."""
    return text != "" and all("\x21" <= one <= "\x7e" for one in text)


def send(
    access: Access,
    limit: Limit,
    method: str,
    path: str,
    *,
    headers: Optional[Mapping[str, str]] = None,
    body: Any = None,
    hold: Optional[int] = None,
) -> Reply:
    """Raises CountersignError with the server's code for what it refuses; ``not_plain``, ``unexpected_answer``,
    ``out_of_time``, ``stopped_here``. ``hold`` is in seconds: how long the server may wait before it answers."""
    data = None if body is None else canonical(body).encode("utf-8")
    all_headers: Dict[str, str] = {
        "accept": "application/json",
        "authorization": f"Bearer {access.key}",
        **({} if data is None else {"content-type": "application/json"}),
        **({} if hold is None else {"prefer": f"wait={hold}"}),
        **(headers or {}),
    }
    bugs = tries = 0
    while True:
        limit.check()
        patience = min(_PATIENCE + (hold or 0), max(limit.left(), 0.001))
        cause: Optional[BaseException] = None
        retry_after: Optional[float] = None
        try:
            request = urllib.request.Request(access.url.rstrip("/") + path, data, all_headers, method=method)
            heard = _once(access, request, patience)
        except (OSError, http.client.HTTPException) as lost:
            cause = lost
        else:
            if heard.status == 304 or 200 <= heard.status < 300:
                return heard
            refused = _refusal_in(heard)
            # A bug of the server's may be one of that moment; the second time it is not.
            if heard.status == 500 and bugs == 0:
                bugs += 1
            elif heard.status not in _PASSING:
                raise refused
            cause, retry_after = refused, retry_after_of(heard.headers)
        pause(access.surroundings, limit, tries=tries, retry_after=retry_after, cause=cause)
        tries += 1


def _once(access: Access, request: urllib.request.Request, patience: float) -> Reply:
    try:
        with access.opener.open(request, timeout=patience) as response:
            return Reply(response.status, response.headers, _object_in(response.read()))
    except urllib.error.HTTPError as answered:
        with answered:
            return Reply(answered.code, answered.headers, _object_in(answered.read()))


def _object_in(raw: bytes) -> Mapping[str, Any]:
    """What is no object is left to whoever looks for a property: it is not there."""
    try:
        body = json.loads(raw)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def pause(
    surroundings: Surroundings,
    limit: Limit,
    *,
    tries: int,
    retry_after: Optional[float],
    cause: Optional[BaseException] = None,
) -> None:
    """Waits as long as the server says, or ever longer; never as long as everybody else who was turned away."""
    limit.check()
    backoff = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(tries, 20))
    if retry_after is None:
        seconds = backoff / 2 + surroundings.random() * backoff / 2
    else:
        seconds = retry_after + surroundings.random() * _FIRST_PAUSE * 4
    if seconds >= limit.left():
        raise limit.out_of_time() from cause
    surroundings.sleep(seconds, limit.stop)


def retry_after_of(headers: Message) -> Optional[float]:
    """Seconds that Retry-After (RFC 9110 10.2.3) asks for, or None when it says nothing that can be understood."""
    said = headers.get("retry-after")
    if said is None:
        return None
    if said.isascii() and said.isdigit() and len(said) < 10:
        return float(said)
    try:
        at, sent = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("date") or "")
        return max(0.0, (at - sent).total_seconds())
    except (TypeError, ValueError):
        return None


def _refusal_in(reply: Reply) -> CountersignError:
    code, title, detail = (reply.body.get(name) for name in ("code", "title", "detail"))
    if not isinstance(code, str) or not isinstance(title, str):
        says = f"The server answered {reply.status} without a problem."
        return CountersignError("unexpected_answer", says, status=reply.status)
    says = f"{title} {detail}" if isinstance(detail, str) else title
    return CountersignError(code, says, status=reply.status, problem=reply.body)
