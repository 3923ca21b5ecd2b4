"""What scripts/contract-test adds to schemathesis: it reads the contract's x-fields, and judges who is admitted.

HONE_CONTRACT_CALLER says who asks: `open` (a server without tokens), `admin`, `reader` (the scope read alone) or
`nobody` (no token, though one is needed). HONE_CONTRACT_TOKEN is the id of the token that must not be revoked.
"""

import os
import re
import zlib

import schemathesis

CALLER = os.environ.get("HONE_CONTRACT_CALLER", "open")
TOKEN = os.environ.get("HONE_CONTRACT_TOKEN", "")
STUDIES = ("resnet", "quadratic")
ENTITY_TAGS = re.compile(r'^(\*|(W/)?"[!#-+.-~-]*"( *, *(W/)?"[!#-+.-~-]*")*)$')
# Of definitions that are drawn few are sound, and only a sound one leads on.
DEFINITION = {
    "parameters": [{"name": "x", "type": "float", "low": -1, "high": 1}],
    "objectives": [{"metric": "loss", "goal": "minimize"}], "tuner": {"name": "random", "seed": 1}}
METHODS = ("get", "post", "patch", "delete", "put")


def transport_answer(description):
    return {
        "description": description,
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def applies(answer, operation):
    """Whether an answer of `x-transport-answers` may come from an operation."""
    if answer["code"] == "key_reused":
        references = [parameter.get("$ref", "") for parameter in operation.get("parameters", [])]
        return any(reference.endswith("/IdempotencyKey") for reference in references)
    if answer["code"] in ("unauthenticated", "forbidden"):
        return CALLER != "open" and operation.get("security") != []
    # None of the studies here is of another version; and the server's own failures are what is looked for.
    return answer["code"] not in ("study_unreadable", "internal_error", "unavailable")


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for path in raw_schema["paths"].values():
        for method, operation in path.items():
            if method not in METHODS:
                continue
            for answer in raw_schema["x-transport-answers"]:
                if applies(answer, operation):
                    operation["responses"].setdefault(str(answer["status"]), transport_answer(answer["description"]))
            # A server error is a finding even where it is documented.
            operation["responses"].pop("500", None)
    # The contract's own answer is read as YAML, so it is no string any more.
    raw_schema["paths"]["/openapi.yaml"]["get"]["responses"]["200"]["content"]["application/yaml"].pop("schema")
    if CALLER != "open":
        # Once there are tokens, going without is no alternative.
        raw_schema["security"] = [{"accessToken": []}]


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.path_parameters or {}
    operation = case.operation.definition.raw["operationId"]
    # Whoever revokes the token in use is done for; another id takes its place.
    if TOKEN and path.get("token") == TOKEN:
        path["token"] = "0" * 16
    # The studies that the examples speak of stay, so that there is something to ask for.
    if operation == "deleteStudy" and path.get("study") in STUDIES:
        path["study"] = "spare"
    if case.meta is None or case.meta.generation.mode.value != "positive":
        return
    coin = zlib.crc32(repr((path, case.body)).encode())
    if operation == "createStudy" and coin % 2 and isinstance(case.body, dict) and "name" in case.body:
        case.body = {**DEFINITION, "name": case.body["name"]}
    phase = case.meta.phase.name.value
    if phase == "fuzzing" and "study" in path and coin % 4:
        path["study"] = STUDIES[coin % 2]
    if phase in ("fuzzing", "stateful") and coin % 4:
        # Without a token a result is taken as the holder's.
        ground(case.body, phase == "fuzzing" and coin % 3 and operation in ("tell", "tellMany", "requeue"))


def ground(value, untold):
    """Names the metric and the parameter that the studies have, in place of one that was drawn."""
    if isinstance(value, list):
        for element in value:
            ground(element, untold)
    if not isinstance(value, dict):
        return
    for field, name in (("metrics", "loss"), ("standard_errors", "loss"), ("parameters", "x")):
        if isinstance(value.get(field), dict) and value[field]:
            value[field] = {name: next(iter(value[field].values()))}
    if untold:
        value.pop("lease_token", None)
    for part in value.values():
        ground(part, untold)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure counts: the coverage phase takes "0" for sound in header fields whatever their pattern says."""
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    fields = [response.request.headers.get(name) for name in ("If-Match", "If-None-Match")]
    return all(field is None or ENTITY_TAGS.match(field) for field in fields)


@schemathesis.check
def admission(ctx, response, case):
    """Whoever lacks the token or the scope that an operation asks for is refused, and nobody else is."""
    definition = case.operation.definition.raw
    status = response.status_code
    # Other methods, and what the HTTP layer refuses, are no operations.
    if case.method.upper() != case.operation.method.upper() or status in (405, 413, 414, 431) or CALLER == "open":
        return
    if status == 400 and response.json()["code"] == "bad_request":
        return
    if definition.get("security") == []:
        assert status not in (401, 403), f"an open operation was refused with {status}"
        return
    if CALLER == "nobody":
        assert status == 401, f"{status} without a token"
    elif CALLER == "reader":
        if "read" in definition["x-scopes"]:
            assert status not in (401, 403), f"a token with the scope was refused with {status}"
        else:
            assert status == 403, f"{status} without the scope"
    elif "Authorization" in response.request.headers and not is_replaced(response):
        assert status not in (401, 403), f"a token with every scope was refused with {status}"


def is_replaced(response):
    """Whether the check for ignored authorisation has put another token in its place."""
    return f"hone_{TOKEN}_" not in response.request.headers["Authorization"]
