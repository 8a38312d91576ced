"""The description of the interface, in OpenAPI 3.0: there a whole number is one without a point, as we take it.

In 3.1 it is JSON Schema of 2020, for which 300.0 is whole too. Pydantic writes 3.1, so what it says otherwise is rewritten here.
"""

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from claims.api.bodies import ProblemOut
from claims.api.problems import CONTENT_TYPE

VERSION = "3.0.3"
REFS = "#/components/schemas/"
NULL = {"type": "null"}
# The statuses that every operation may answer with a problem, and those of one that takes a body.
ALWAYS = (400, 401, 403, 404, 429)
WITH_BODY = (409, 413, 415, 422)
REASONS = {
    400: "Unreadable, or without a proper Idempotency-Key",
    401: "No live provider key",
    403: "The key is not for this",
    404: "No such patient, settlement or day",
    409: "The Idempotency-Key was used for another request, or the bill or settlement is in another state",
    413: "The body is larger than 16 KiB",
    415: "The body is not application/json",
    422: "The body does not fit, or the bill is refused: see `code`",
    429: "Too often; Retry-After says how many seconds to wait",
}


class Described(NinjaAPI):
    """Ninja knows one media type for all answers; ours has another for problems."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        parts = schema["components"]["schemas"]
        parts["Problem"] = ProblemOut.model_json_schema(ref_template=REFS + "{model}")
        parts |= parts["Problem"].pop("$defs")
        for operations in schema["paths"].values():
            for operation in operations.values():
                codes = ALWAYS + (WITH_BODY if "requestBody" in operation else ())
                operation["responses"] |= {code: _described(code) for code in sorted(codes)}
        for name in ("paths", "components"):
            schema[name] = _in_3_0(schema[name], parts)
        schema["openapi"] = VERSION
        return schema


def _described(code: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": REASONS[code],
        "content": {CONTENT_TYPE: {"schema": {"$ref": f"{REFS}Problem"}}},
    }
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        made["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    return made


def _in_3_0(node: Any, parts: dict[str, Any]) -> Any:
    """`null` is no type in 3.0 but a property of one, which can't stand beside a reference; of examples there is one."""
    if isinstance(node, list):
        return [_in_3_0(one, parts) for one in node]
    if not isinstance(node, dict):
        return node
    made = dict(node)
    if NULL in made.get("anyOf", ()):
        (real,) = (one for one in made.pop("anyOf") if one != NULL)
        if "$ref" in real:
            real = parts[real["$ref"].removeprefix(REFS)]
        made = {**real, **made, "nullable": True}
    if isinstance(made.get("examples"), list):
        made["example"] = made.pop("examples")[0]
    if "const" in made:
        made["enum"] = [made.pop("const")]
    return {key: _in_3_0(value, parts) for key, value in made.items()}
