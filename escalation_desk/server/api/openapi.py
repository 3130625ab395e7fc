"""What the description of the API says of bodies that are read by hand, because they are packed and limited."""

from __future__ import annotations

from typing import Any, Final

_ID: Final = {"type": "string", "format": "uuid"}
_TEXT: Final = {"type": "string", "maxLength": 10_000}
_NUMBER: Final = {"type": "integer", "minimum": 0}


def _body(required: str, **members: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": members, "required": required.split()}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _said(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _ERROR}}}


_ERROR: Final = {
    "type": "object",
    "properties": {"error": {"type": "string"}, "why": {"type": "string"}},
    "required": ["error", "why"],
}
_CHANGE: Final = {"type": "array", "minItems": 6, "maxItems": 6, "items": {}}
_MUTATION: Final = {
    "type": "object",
    "properties": {
        "mid": {"type": "integer", "minimum": 1},
        "entry": _ID,
        "title": _TEXT,
        "places": {"type": "object", "additionalProperties": _TEXT},
        "kind": _TEXT,
        "at": {"type": "string", "format": "date-time"},
        "changes": {"type": "array", "items": _CHANGE},
        "part": _NUMBER,
        "parts": _NUMBER,
    },
    "required": ["mid", "entry", "title", "places", "kind", "at", "changes"],
}

ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    400: _said("Not readable"),
    401: _said("Not signed in"),
    403: _said("Not allowed, or the workstation was revoked"),
    404: _said("Not there, or not yours"),
    409: _said("Does not fit what is there"),
    410: _said("Too old; begin these scopes anew"),
    413: _said("Too large"),
    415: _said("Packed in an unknown way"),
    422: _said("Refused"),
    426: _said("The program is too old to push"),
    429: _said("Too often"),
    503: _said("The database cannot be reached"),
}
SIGN_IN: Final = _body("login password device client", login=_TEXT, password=_TEXT, device=_TEXT, client=_ID)
REFRESH: Final = _body("refresh", refresh=_TEXT)
PUSH: Final = _body(
    "client schema mutations",
    client=_ID,
    schema=_NUMBER,
    at={"type": "string", "format": "date-time"},
    mutations={"type": "array", "items": _MUTATION},
)
PULL: Final = _body(
    "client schema cursors",
    client=_ID,
    schema=_NUMBER,
    epoch={**_ID, "type": ["string", "null"]},
    cursors={"type": "object", "additionalProperties": _NUMBER},
    limit=_NUMBER,
    entries={"type": "boolean"},
    mid=_NUMBER,
)
BYTES: Final = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}}
PRESENCE: Final = _body("case", case={**_ID, "type": ["string", "null"]})
