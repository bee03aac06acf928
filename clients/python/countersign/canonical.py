"""The canonical form of JSON (RFC 8785) and the digests over it (docs/formats.md#digests)."""

from __future__ import annotations

import hashlib
import json
import math
from decimal import Decimal
from typing import Any, Mapping, Optional

from .errors import CountersignError

#: As deep as the server reads.
_DEEPEST = 32
#: Beyond it, two parsers may read two numbers.
_LARGEST = 2**53 - 1


def canonical(value: Any) -> str:
    """The RFC 8785 text: keys in the order of their UTF-16 code units, no white space, numbers as ECMAScript writes them.

    Raises CountersignError ``not_plain`` for what is not plain JSON; the message names the place, never a value.
    """
    return _text(value, "")


def _text(value: Any, pointer: str) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _string(value, pointer)
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise _not_plain(pointer)
        return str(int(value))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _not_plain(pointer)
        return _number(value)
    if pointer.count("/") >= _DEEPEST:
        raise _not_plain(pointer)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_text(one, f"{pointer}/{index}") for index, one in enumerate(value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ",".join(_members(value, pointer)) + "}"
    raise _not_plain(pointer)


def _members(value: Mapping[Any, Any], pointer: str) -> "list[str]":
    for key in value:
        if not isinstance(key, str) or key == "__proto__":
            raise _not_plain(pointer)
    texts = {key: _string(key, pointer) for key in value}
    ordered = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return [f"{texts[key]}:{_text(value[key], pointer + '/' + _escaped(key))}" for key in ordered]


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _string(text: str, pointer: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _not_plain(pointer) from None
    return json.dumps(text, ensure_ascii=False)


def _number(value: float) -> str:
    """ECMA-262, Number::toString: the shortest digits, which Python's repr has too, in another notation."""
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    shortest = text.rstrip("0")
    if shortest == "":
        return "0"
    point = len(text) + int(exponent)
    return ("-" if sign else "") + _placed(shortest, point)


def _placed(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{mantissa}e{point - 1:+d}"


def _not_plain(pointer: str) -> CountersignError:
    return CountersignError("not_plain", f'Not plain JSON, or nested too deeply, at "{pointer}".')


def digest_action(action: Mapping[str, Any]) -> str:
    """The fingerprint of an action: equal for two actions exactly when all four fields are."""
    resource = action["resource"]
    return digest_of(
        "countersign/action/v1",
        {
            "action": action["action"],
            "resource": {"type": resource["type"], "id": resource["id"]},
            "params": action.get("params", {}),
            "environment": action["environment"],
        },
    )


def digest_result(result: Any) -> Optional[str]:
    """Of what came out of an execution, or None for what is no plain JSON, such as a stream."""
    try:
        return digest_of("countersign/result/v1", {"result": result})
    except CountersignError:
        return None


#: As the server's own list of them (docs/policy.md#mcp).
_COVERED = ("name", "title", "description", "inputSchema", "outputSchema", "annotations")


def tool_digest(definition: Mapping[str, Any]) -> str:
    """Names the definition of an MCP server's tool that the agent saw: pass the entry of ``tools/list`` as it came.

    Raises CountersignError ``not_plain``.
    """
    tool = {name: definition[name] for name in _COVERED if definition.get(name) is not None}
    return digest_of("countersign/mcp-tool/v1", {"tool": tool})


def digest_of(kind: str, value: Mapping[str, Any]) -> str:
    """The type stands inside, so that two kinds of thing never share a digest."""
    text = canonical({"@type": kind, **value})
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()
