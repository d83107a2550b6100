"""What the management API and the hub side read and answer, in JSON Schema.

Answers name the fields that clients rely on; there may be more. What a create request may say is
read from the model that checks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from local_endpoints.control_plane.endpoint import State
from local_endpoints.control_plane.spec import EndpointSpec

Schema = Mapping[str, Any]

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number", "minimum": 0}
BOOLEAN: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time", "pattern": "Z$"}
COMMIT: Schema = {"type": "string", "pattern": "^[0-9a-f]{40}$"}


def required(**properties: Schema) -> Schema:
    """An object that has all these, and may have more."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def items(schema: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": schema}


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def named(name: str) -> Schema:
    """A reference to one of `COMPONENTS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def _partial(schema: Any) -> Any:
    """The same with nothing required, as an update takes it."""
    if isinstance(schema, dict):
        return {key: _partial(value) for key, value in schema.items() if key != "required"}
    return [_partial(each) for each in schema] if isinstance(schema, list) else schema


def _inlined(schema: Any, parts: Mapping[str, Any]) -> Any:
    """The same with its ``$defs`` where they are used, and without words for readers of Python."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(parts[schema["$ref"].rpartition("/")[2]], parts)
        return {
            key: _inlined(value, parts)
            for key, value in schema.items()
            if key != "$defs" and not (key in ("title", "description") and isinstance(value, str))
        }
    return [_inlined(each, parts) for each in schema] if isinstance(schema, list) else schema


_WHOLE = EndpointSpec.model_json_schema(by_alias=True)
SPEC: Schema = _inlined(_WHOLE, _WHOLE["$defs"])
CHANGES: Schema = _partial(SPEC)

_WHO = required(id=STRING, name=STRING)
_STATUS = required(
    state={"enum": list(get_args(State))},
    message=STRING,
    url=nullable(STRING),
    readyReplica=INTEGER,
    targetReplica=INTEGER,
    createdAt=TIME,
    createdBy=_WHO,
    updatedAt=TIME,
    updatedBy=_WHO,
)
_SCALING = required(
    minReplica=INTEGER,
    maxReplica=INTEGER,
    scaleToZeroTimeout=nullable(INTEGER),
    measure=nullable({"type": "object", "additionalProperties": nullable({"type": "number"})}),
)
_ENDPOINT = required(
    name=STRING,
    type={"enum": ["public", "authenticated", "private"]},
    compute=required(
        id=STRING, accelerator=STRING, instanceSize=STRING, instanceType=STRING, scaling=_SCALING
    ),
    model=required(
        repository=STRING,
        framework=STRING,
        revision=STRING,
        task=STRING,
        image={"type": "object", "minProperties": 1, "maxProperties": 1},
        env={"type": "object", "additionalProperties": STRING},
        secrets={"type": "object", "additionalProperties": {"const": ""}},
    ),
    provider=required(region=STRING, vendor=STRING),
    tags=items(STRING),
    healthRoute=STRING,
    experimentalFeatures={"type": "object"},
    notifications={"type": "object"},
    status=_STATUS,
)
_COMPUTE = required(
    id=STRING,
    accelerator=STRING,
    instanceType=STRING,
    instanceSize=STRING,
    architecture=STRING,
    numAccelerators=INTEGER,
    memoryGb=NUMBER,
    pricePerHour=NUMBER,
    status=STRING,
    quota=required(maxAccelerators=INTEGER, usedAccelerators=INTEGER),
)
_REGION = required(name=STRING, label=STRING, status=STRING, computes=items(_COMPUTE))
_VENDOR = required(name=STRING, status=STRING, regions=items(_REGION))
_CATALOG_MODEL = required(
    repoId=STRING,
    modelName=STRING,
    authorName=STRING,
    license=STRING,
    task=STRING,
    createdAt=TIME,
    recipes=items(required(publicId=STRING, accelerator=STRING, engineType=STRING)),
)

_GRAPH_HEAD: Mapping[str, Schema] = {
    **{"start": TIME, "stop": TIME},
    "timeWindowSeconds": {"type": "integer", "minimum": 1},
    "replicaIds": items(STRING),
}
_SERIES = required(data=items(required(x=TIME, y=NUMBER)))
_GRAPH = required(**_GRAPH_HEAD, series=items(_SERIES))
_RECORD = required(
    timestamp=TIME, line=STRING, stream=STRING, replica_id=STRING, level=nullable(STRING)
)
_QUOTA = required(
    instanceType=STRING, architecture=STRING, maxAccelerators=INTEGER, usedAccelerators=INTEGER
)

COMPONENTS: Mapping[str, Schema] = {
    "Endpoint": _ENDPOINT,
    "Endpoints": required(
        items=items(named("Endpoint")), nextCursor=nullable(STRING), totalItems=INTEGER
    ),
    "Spec": SPEC,
    "Changes": CHANGES,
    "Catalog": required(items=items(_CATALOG_MODEL)),
    "Wish": {
        "type": "object",
        "required": ["namespace"],
        "properties": {
            "namespace": STRING,
            "config": {"type": "object", "properties": {"name": STRING}},
            "accelerator": STRING,
        },
    },
    "Hardware": required(vendors=items(_VENDOR)),
    "Replicas": required(
        items=items(required(id=STRING, status=required(stage=STRING, live=BOOLEAN)))
    ),
    "Quotas": required(vendors=items(required(name=STRING, quotas=items(_QUOTA)))),
    "Records": items(_RECORD),
    "Period": required(start=TIME, stop=TIME),
    "Graph": _GRAPH,
    "ReplicaIds": items(STRING),
    "AllGraphs": required(
        **_GRAPH_HEAD,
        **dict.fromkeys(
            (
                *("responseStatusCode", "responseStatusCodeGrouped", "responseElapsed"),
                *("pendingRequest", "replicasRunning", "replicasStatus"),
                *("hardwareCpu", "hardwareMem", "hardwareGpu", "hardwareGpuMem"),
            ),
            _GRAPH,
        ),
    ),
    "Refusal": required(error=STRING, code=STRING),
    "WhoAmI": required(
        type={"const": "user"},
        name=STRING,
        orgs=items(required(name=STRING)),
        auth=required(accessToken=required(displayName=STRING, role=STRING)),
    ),
    "Model": required(
        id=STRING,
        sha=COMMIT,
        private=BOOLEAN,
        gated={"enum": ["manual", False]},
        tags=items(STRING),
        pipeline_tag=STRING,
        siblings=items(required(rfilename=STRING)),
    ),
    "Files": items(required(type={"const": "file"}, oid=COMMIT, size=INTEGER, path=STRING)),
}
