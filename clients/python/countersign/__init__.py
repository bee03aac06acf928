"""Ask people before an AI agent does something privileged. Only the standard library; Python 3.9 and later."""

from .canonical import digest_action, digest_result, tool_digest
from .client import Asked, Client
from .errors import CountersignError
from .gated import Approved, Call

__all__ = [
    "Approved",
    "Asked",
    "Call",
    "Client",
    "CountersignError",
    "digest_action",
    "digest_result",
    "tool_digest",
]
