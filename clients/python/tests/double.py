"""The wire of an agent's verbs and nothing behind it: who decides is the test, and so is what breaks."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional, Tuple

from countersign import digest_action
from countersign.limit import Surroundings

KEY = "csk_of-this-test"


class Double:
    """``calls`` are (method, route, headers, body); ``trouble(method, route, nth)`` says what breaks: ``before`` or
    ``after`` for the connection, or (status, code, retry_after)."""

    def __init__(self) -> None:
        self.calls: List[Tuple[str, str, Dict[str, str], Dict[str, Any]]] = []
        self.requests: List[Dict[str, Any]] = []
        self.decided = "pending"
        self.spent_by = "agent"
        self.trouble: Callable[[str, str, int], Any] = lambda *_: None
        self.twist: Callable[[str, Dict[str, Any]], Any] = lambda _, body: body
        self.changed = threading.Condition()
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                double._answer(self)

            do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def settle(self, state: str) -> None:
        """Every request ends so, those that are asked from now on too."""
        with self.changed:
            self.decided = state
            for one in self.requests:
                if one["state"] == "pending":
                    one["state"] = state
            self.changed.notify_all()

    def asked(self, count: int) -> None:
        """Returns when so many requests are there."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.requests) >= count)

    def routes(self) -> List[str]:
        return [route for _, route, _, _ in self.calls]

    def bodies(self, ending: str) -> List[Dict[str, Any]]:
        return [body for _, route, _, body in self.calls if route.endswith(ending)]

    def _answer(self, call: BaseHTTPRequestHandler) -> None:
        raw = call.rfile.read(int(call.headers.get("content-length") or 0))
        body = json.loads(raw) if raw else {}
        found = re.search(r"req_\w+", call.path)
        route = re.sub(r"req_\w+", ":id", call.path)
        headers = {name.lower(): value for name, value in call.headers.items()}
        with self.changed:
            nth = self.routes().count(route)
            self.calls.append((call.command, route, headers, body))
            trouble = self.trouble(call.command, route, nth)
            if trouble == "before":
                return call.connection.close()
            if isinstance(trouble, tuple):
                status, code, retry_after = trouble
                return self._write(call, status, _problem(status, code), {"retry-after": retry_after})
            request = next((one for one in self.requests if found and one["id"] == found[0]), None)
            status, answer = self._act(call.command, route, request, headers, body)
            if trouble == "after":
                return call.connection.close()
            tag = {"etag": f'"{answer.get("state")}"', "preference-applied": headers.get("prefer")}
            self._write(call, status, self.twist(route, answer), tag)

    def _act(
        self, method: str, route: str, request: Any, headers: Dict[str, str], body: Dict[str, Any]
    ) -> Tuple[int, Dict[str, Any]]:
        if route == "/v1/requests":
            return self._ask(headers, body)
        if route == "/v1/grants/redeem":
            return self._redeem(body)
        if request is None:
            return 404, _problem(404, "unknown_request")
        if method == "GET":
            self._hold(request, headers)
            return 200, _shown(request)
        if route.endswith("/grant"):
            return (201, self._grant(request)) if request["state"] == "approved" else (409, _problem(409, "wrong_state"))
        if route.endswith("/executions"):
            request["reports"].append(body)
            request["state"] = body["state"]
            return 201, _shown(request)
        if route.endswith("/notes"):
            return 201, {**_shown(request), "notes": [{"kind": "answer", "by": "agent", **body}]}
        request["state"] = "cancelled"
        return 200, _shown(request)

    def _ask(self, headers: Dict[str, str], body: Dict[str, Any]) -> Tuple[int, Dict[str, Any]]:
        key = headers["idempotency-key"]
        request = next((one for one in self.requests if one["key"] == key), None)
        if request is not None and request["body"] != body:
            return 422, _problem(422, "idempotency_mismatch")
        if request is None:
            request = {
                "id": f"req_{len(self.requests):026d}",
                "key": key,
                "body": body,
                "state": "approved" if body["action"] == "repo.read" else self.decided,
                "digest": digest_action(body),
                "attempt": None,
                "reports": [],
            }
            self.requests.append(request)
            self.changed.notify_all()
        self._hold(request, headers)
        at_once = body.get("grant") and body["action"] == "repo.read" and request["state"] == "approved"
        return 201, {**_shown(request), **({"grant": self._grant(request)} if at_once else {})}

    def _redeem(self, body: Dict[str, Any]) -> Tuple[int, Dict[str, Any]]:
        request = next((one for one in self.requests if "token-of-" + one["id"] == body["token"]), None)
        if request is None:
            return 403, _problem(403, "invalid_grant")
        if request["attempt"] not in (None, body["attempt"]):
            return 409, _problem(409, "grant_spent")
        if digest_action(body["action"]) != request["digest"]:
            return 403, _problem(403, "digest_mismatch")
        request.update(attempt=body["attempt"], state="executing")
        return 200, {"request": request["id"], "digest": request["digest"], "attempt": body["attempt"]}

    def _hold(self, request: Dict[str, Any], headers: Dict[str, str]) -> None:
        if "prefer" in headers:
            self.changed.wait_for(lambda: request["state"] != "pending")

    def _grant(self, request: Dict[str, Any]) -> Dict[str, Any]:
        identifier = request["id"]
        return {
            "id": identifier.replace("req_", "grt_"),
            "request": identifier,
            "token": "token-of-" + identifier,
            "spent_by": self.spent_by,
        }

    @staticmethod
    def _write(call: BaseHTTPRequestHandler, status: int, body: Any, headers: Dict[str, Optional[str]]) -> None:
        call.send_response(status)
        for name, value in headers.items():
            if value is not None:
                call.send_header(name, value)
        call.end_headers()
        call.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode())


def _shown(request: Dict[str, Any]) -> Dict[str, Any]:
    return {"id": request["id"], "state": request["state"], "digest": request["digest"], "outcome": None, "grant": None}


def _problem(status: int, code: str) -> Dict[str, Any]:
    return {"type": f"/errors#{code}", "title": f"Refused: {code}.", "status": status, "detail": "Why.", "code": code}


class Sleepless:
    """Surroundings in which sleeping takes no time and moves the clock. Jitter is a half."""

    def __init__(self) -> None:
        self.slept: List[float] = []
        self.surroundings = Surroundings(now=lambda: sum(self.slept), random=lambda: 0.5, sleep=self._sleep)

    def _sleep(self, seconds: float, _: Any) -> None:
        self.slept.append(seconds)
