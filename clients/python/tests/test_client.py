import threading
import unittest
from email.message import Message
from typing import Any

from countersign import Client, CountersignError
from countersign.calls import retry_after_of

from .double import KEY, Double, Sleepless

EXPORT = {
    "action": "db.export",
    "resource": {"type": "table", "id": "warehouse.users"},
    "params": {"rows": 10},
    "environment": "prod",
}


class WithDouble(unittest.TestCase):
    def setUp(self) -> None:
        self.double = Double()
        self.addCleanup(self.double.close)
        self.sleepless = Sleepless()
        self.client = self.another()

    def another(self, **more: Any) -> Client:
        return Client(self.double.url, KEY, surroundings=self.sleepless.surroundings, **more)

    def assert_refused(self, code: str, work: Any) -> CountersignError:
        with self.assertRaises(CountersignError) as caught:
            work()
        self.assertEqual(caught.exception.code, code)
        return caught.exception


class Verbs(WithDouble):
    def test_ask_wait_grant_redeem_and_report_in_turn(self) -> None:
        request, grant = self.client.ask(EXPORT, idempotency_key="run-1-export")
        self.assertEqual((request["state"], grant), ("pending", None))
        threading.Timer(0, self.double.settle, ["approved"]).start()
        self.assertEqual(self.client.wait(request["id"])["state"], "approved")
        token = self.client.grant(request["id"])["token"]
        self.client.redeem(token, attempt="a-1", action=EXPORT)
        self.client.report(request["id"], {"state": "succeeded"})
        self.assertEqual(self.double.requests[0]["state"], "succeeded")
        for _, _, headers, _ in self.double.calls:
            self.assertEqual(headers["authorization"], f"Bearer {KEY}")

    def test_the_grant_comes_with_the_answer_and_is_no_part_of_the_request(self) -> None:
        request, grant = self.client.ask({**EXPORT, "action": "repo.read"}, grant=True)
        assert grant is not None
        self.assertNotIn(grant["token"], str(request))

    def test_cancel(self) -> None:
        request, _ = self.client.ask(EXPORT)
        self.assertEqual(self.client.cancel(request["id"])["state"], "cancelled")

    def test_answer(self) -> None:
        request, _ = self.client.ask(EXPORT)
        answered = self.client.answer(request["id"], to="note_1", text="The counts will do.")
        self.assertEqual(answered["state"], "pending")
        self.assertEqual(
            answered["notes"], [{"kind": "answer", "by": "agent", "to": "note_1", "text": "The counts will do."}]
        )

    def test_a_refusal_has_its_code_and_neither_key_nor_token(self) -> None:
        token = "nobody-may-see"
        refused = self.assert_refused("invalid_grant", lambda: self.client.redeem(token, attempt="a", action=EXPORT))
        self.assertEqual(refused.status, 403)
        self.assertNotRegex(repr(vars(refused)) + str(refused) + repr(vars(self.client)), "csk_|nobody-may-see")

    def test_an_answer_about_another_request_is_none(self) -> None:
        request, _ = self.client.ask(EXPORT)
        self.double.settle("approved")
        self.double.twist = lambda route, body: {**body, "id": "req_other", "request": "req_other"}
        self.assert_refused("unexpected_answer", lambda: self.client.wait(request["id"]))
        self.double.twist = lambda route, body: {**body, "request": "req_other"}
        self.assert_refused("unexpected_answer", lambda: self.client.grant(request["id"]))

    def test_a_page_of_somebody_else_is_no_answer(self) -> None:
        self.double.twist = lambda route, body: "<html>Log in to the guest network</html>"
        self.assert_refused("unexpected_answer", lambda: self.client.ask(EXPORT))

    def test_a_redirect_is_not_followed(self) -> None:
        self.double.trouble = lambda *_: (307, "moved", None)
        self.assertEqual(self.assert_refused("moved", lambda: self.client.ask(EXPORT)).status, 307)
        self.assertEqual(len(self.double.calls), 1)

    def test_addresses_and_keys_that_cannot_be_one(self) -> None:
        for url, key in (("ftp://a", "csk_x"), ("https://csk_x@a", "csk_x"), ("https://a", "csk_x\n"), ("https://a", "")):
            with self.assertRaises(ValueError):
                Client(url, key)
        self.assert_refused("unnamed_call", lambda: self.client.ask(EXPORT, idempotency_key="a\nb"))


class Trouble(WithDouble):
    def test_an_ask_whose_connection_breaks_is_repeated_and_is_one_request(self) -> None:
        for when in ("before", "after"):
            with self.subTest(when):
                self.double.calls.clear()
                self.double.requests.clear()
                self.double.trouble = lambda _method, _route, nth, when=when: when if nth < 30 else None
                self.client.ask(EXPORT, limit=10_000)
                self.assertEqual((len(self.double.requests), len(self.double.calls)), (1, 31))

    def test_retry_after_is_obeyed(self) -> None:
        self.double.trouble = lambda _method, _route, nth: (503, "store_unavailable", "7") if nth == 0 else None
        self.client.ask(EXPORT)
        self.assertEqual(self.sleepless.slept, [7.5])

    def test_pauses_grow_to_half_a_minute(self) -> None:
        self.double.trouble = lambda _method, _route, nth: "before" if nth < 10 else None
        self.client.ask(EXPORT)
        self.assertEqual(self.sleepless.slept, sorted(self.sleepless.slept))
        self.assertEqual(self.sleepless.slept[-1], 22.5)

    def test_500_is_repeated_once_and_a_refusal_never(self) -> None:
        self.double.trouble = lambda *_: (500, "internal", None)
        self.assert_refused("internal", lambda: self.client.ask(EXPORT))
        self.assertEqual(len(self.double.calls), 2)
        self.double.trouble = lambda *_: (403, "stopped", None)
        self.assert_refused("stopped", lambda: self.client.ask(EXPORT))
        self.assertEqual(len(self.double.calls), 3)

    def test_it_ends_at_its_limit_before_a_pause_that_would_be_longer(self) -> None:
        self.double.trouble = lambda *_: (503, "store_unavailable", "3600")
        self.assert_refused("out_of_time", lambda: self.client.ask(EXPORT, limit=60))
        self.assertEqual(self.sleepless.slept, [])

    def test_it_ends_when_somebody_stops_it(self) -> None:
        stop = threading.Event()
        stop.set()
        self.assert_refused("stopped_here", lambda: self.another(stop=stop).ask(EXPORT))
        self.assertEqual(self.double.calls, [])

    def test_retry_after(self) -> None:
        for said, date, seconds in (
            ("3", None, 3.0),
            ("Wed, 02 Dec 2026 10:00:05 GMT", "Wed, 02 Dec 2026 10:00:00 GMT", 5.0),
            ("Wed, 02 Dec 2026 09:00:00 GMT", "Wed, 02 Dec 2026 10:00:00 GMT", 0.0),
            ("Wed, 02 Dec 2026 10:00:05 GMT", None, None),
            ("soon", None, None),
            (None, None, None),
        ):
            headers = Message()
            for name, value in (("Retry-After", said), ("Date", date)):
                if value is not None:
                    headers[name] = value
            self.assertEqual(retry_after_of(headers), seconds)


if __name__ == "__main__":
    unittest.main()
