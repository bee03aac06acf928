"""What this client raises on purpose."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class CountersignError(Exception):
    """Branch on ``code``; nothing in it holds a key or a token.

    Codes of the client itself: ``denied``, ``expired``, ``cancelled``, ``revoked``, ``lapsed``, ``narrowed``,
    ``already_used``, ``not_approved``, ``spent_by_other``, ``not_plain``, ``unnamed_call``, ``out_of_time``, ``stopped_here``,
    ``unexpected_answer``. Every other code is the server's (docs/errors.md).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: Optional[int] = None,
        problem: Optional[Mapping[str, Any]] = None,
        request: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        #: Of the HTTP answer; None where there was none.
        self.status = status
        #: What the server refused with (RFC 9457).
        self.problem = problem
        #: The request it is about, as it was last seen.
        self.request = request
