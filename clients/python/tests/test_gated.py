import threading
import unittest
from typing import Any, List

from countersign import Approved, Call, CountersignError, digest_action

from .test_client import WithDouble

CALL = Call("call_1", session="run-1")


def describe(table: str, rows: int) -> Any:
    return {
        "action": "db.export",
        "resource": {"type": "table", "id": table},
        "params": {"table": table, "rows": rows},
        "environment": "prod",
    }


class Gated(WithDouble):
    def setUp(self) -> None:
        super().setUp()
        self.ran: List[int] = []
        self.export = self.process()

    def process(self, describe: Any = describe, **options: Any) -> Any:
        """Another one is another process of the same agent."""

        @self.another().gated(describe, **options)
        def export(approved: Approved, table: str, rows: int) -> str:
            self.ran.append(rows)
            return f"{rows} rows"

        return export

    def test_runs_with_the_grant_spent_before_and_the_result_reported_after(self) -> None:
        self.double.settle("approved")
        self.assertEqual(self.export(CALL, table="users", rows=10), "10 rows")
        routes = [route.replace("/v1/", "") for route in self.double.routes()]
        self.assertEqual(routes, ["requests", "requests/:id/grant", "grants/redeem", "requests/:id/executions"])
        (report,) = self.double.requests[0]["reports"]
        self.assertEqual((report["state"], report["action"]), ("succeeded", describe("users", 10)))
        self.assertRegex(report["result"], "^sha256:")

    def test_only_asking_is_one_request_however_often_and_the_run_goes_on_from_there(self) -> None:
        first = self.export.ask(CALL, table="users", rows=10)
        again = self.process().ask(CALL, table="users", rows=10)
        self.double.settle("approved")
        self.export(CALL, table="users", rows=10)
        self.assertEqual((first["state"], again["id"]), ("pending", first["id"]))
        self.assertEqual((self.ran, len(self.double.requests)), ([10], 1))

    def test_that_fails_says_so_and_fails_as_it_did(self) -> None:
        self.double.settle("approved")

        @self.client.gated(describe)
        def export(approved: Approved, table: str, rows: int) -> None:
            raise ValueError("disk full\x00 " + "x" * 2_000)

        with self.assertRaisesRegex(ValueError, "disk full"):
            export(CALL, table="users", rows=10)
        (report,) = self.double.requests[0]["reports"]
        self.assertRegex(report["note"], "^ValueError: disk full  x+$")
        self.assertEqual(len(report["note"]), 500)

    def test_nothing_runs_unless_it_is_approved(self) -> None:
        for state, code in (
            ("denied", "denied"),
            ("expired", "expired"),
            ("lapsed", "lapsed"),
            ("executing", "already_used"),
            ("of-a-later-version", "not_approved"),
        ):
            self.double.decided = state
            refused = self.assert_refused(code, lambda: self.export(Call(state), table="users", rows=10))
            assert refused.request is not None
            self.assertEqual(refused.request["state"], state)
        self.assertEqual(self.ran, [])

    def test_nothing_runs_without_a_name_for_the_call(self) -> None:
        self.assert_refused("unnamed_call", lambda: self.export(Call(), table="users", rows=10))
        self.assertEqual(self.double.calls, [])

    def test_a_resource_s_grant_is_handed_on(self) -> None:
        self.double.settle("approved")
        self.double.spent_by = "resource"
        self.assert_refused("spent_by_other", lambda: self.export(CALL, table="users", rows=10))
        self.process(spent_by="resource")(CALL, table="users", rows=10)
        self.assertEqual((self.ran, self.double.bodies("/redeem")), ([10], []))

    def test_edited_arguments_run_nothing(self) -> None:
        self.double.settle("denied")
        self.assert_refused("denied", lambda: self.export(CALL, table="users", rows=10))
        self.double.settle("approved")
        self.assert_refused("idempotency_mismatch", lambda: self.process()(CALL, table="users", rows=1_000_000))
        self.assertEqual(self.ran, [])

    def test_arguments_edited_while_people_decide_do_not_run(self) -> None:
        seen: List[Any] = []

        @self.client.gated(lambda rows: {**describe("users", 1), "params": {"rows": rows}})
        def export(approved: Approved, rows: List[int]) -> None:
            seen.append(rows)

        rows = [10]
        running = threading.Thread(target=lambda: export(CALL, rows=rows))
        running.start()
        self.double.asked(1)
        rows.append(1_000_000)
        self.double.settle("approved")
        running.join()
        self.assertEqual(seen, [[10]])

    def test_what_is_described_as_another_action_at_the_end_runs_nothing(self) -> None:
        self.double.settle("approved")
        times: List[int] = []

        def shifting(table: str, rows: int) -> Any:
            times.append(1)
            return describe(table, len(times))

        changing = self.process(shifting)
        self.assert_refused("digest_mismatch", lambda: changing(CALL, table="users", rows=10))
        self.assertEqual((self.ran, self.double.bodies("/redeem")), ([], []))

    def test_a_replayed_call_runs_nothing_twice(self) -> None:
        self.double.settle("approved")
        self.export(CALL, table="users", rows=10)
        for again in (self.export, self.process()):
            self.assert_refused("already_used", lambda: again(CALL, table="users", rows=10))
        self.assertEqual((self.ran, len(self.double.requests)), ([10], 1))

    def test_control_equal_calls_of_other_names_are_other_actions(self) -> None:
        self.double.settle("approved")
        for call in (CALL, Call("call_2", session="run-1"), Call("call_1", session="run-2"), Call(key="mine")):
            self.export(call, table="users", rows=10)
        self.assertEqual(self.ran, [10, 10, 10, 10])

    def test_calls_at_the_same_time_never_swap(self) -> None:
        results: Any = {}

        def one(rows: int) -> None:
            results[rows] = self.process()(Call(f"call_{rows}"), table="users", rows=rows)

        threads = [threading.Thread(target=one, args=(rows,)) for rows in range(10)]
        for thread in threads:
            thread.start()
        self.double.asked(10)
        self.double.settle("approved")
        for thread in threads:
            thread.join()
        self.assertEqual(results, {rows: f"{rows} rows" for rows in range(10)})

    def test_a_redemption_whose_answer_is_lost_is_the_same_attempt(self) -> None:
        self.double.settle("approved")
        self.double.trouble = lambda _method, route, nth: "after" if route.endswith("redeem") and nth < 2 else None
        self.export(CALL, table="users", rows=10)
        self.assertEqual(len({body["attempt"] for body in self.double.bodies("/redeem")}), 1)
        self.assertEqual((self.ran, len(self.double.bodies("/redeem"))), ([10], 3))

    def test_has_run_although_that_cannot_be_told(self) -> None:
        lost: List[CountersignError] = []
        self.double.settle("approved")
        self.double.trouble = lambda _method, route, _nth: "before" if route.endswith("executions") else None
        export = self.process(on_report_lost=lost.append)
        self.assertEqual(export(CALL, table="users", rows=10), "10 rows")
        self.assertEqual([one.code for one in lost], ["out_of_time"])

    def narrow(self, rows: int) -> str:
        """What is asked next was narrowed to so many rows; the id of the request for those, which is approved."""
        self.double.settle("approved")
        less = self.client.ask(describe("users", rows)).request["id"]

        def twist(_route: str, body: Any) -> Any:
            if body.get("id") in (None, less) or "request" in body:
                return body
            left = {**describe("users", rows), "id": less, "digest": digest_action(describe("users", rows))}
            return {
                **body,
                **{"state": "denied", "outcome_code": "narrowed", "params": {"table": "users", "rows": 10}},
                "narrowed_to": {**left, "by": "per_bob", "reason": None},
            }

        self.double.twist = twist
        return str(less)

    def test_that_was_narrowed_runs_nothing_and_says_what_is_less(self) -> None:
        less = self.narrow(4)
        with self.assertRaises(CountersignError) as raised:
            self.export(CALL, table="users", rows=10)
        self.assertEqual((raised.exception.code, self.ran), ("narrowed", []))
        self.assertIn(f": rows. {less} asks", str(raised.exception))

    def test_that_was_narrowed_runs_with_exactly_what_is_left_where_the_caller_says_how(self) -> None:
        self.narrow(4)
        export = self.process(on_narrowed=lambda left, arguments: {**arguments, "rows": left["params"]["rows"]})
        self.assertEqual(export(CALL, table="users", rows=10), "4 rows")
        self.assertEqual(self.ran, [4])
        (report,) = self.double.requests[0]["reports"]
        self.assertEqual(report["action"], describe("users", 4))

    def test_that_was_narrowed_runs_nothing_with_other_arguments_than_what_is_left(self) -> None:
        for rows in (10, 3):
            self.narrow(4)
            export = self.process(on_narrowed=lambda _, arguments: {**arguments, "rows": rows})
            with self.assertRaises(CountersignError) as raised:
                export(Call(f"call_{rows}"), table="users", rows=10)
            self.assertEqual(raised.exception.code, "digest_mismatch")
        self.assertEqual(self.ran, [])


if __name__ == "__main__":
    unittest.main()
