"""The management API, the catalog and the proxy: the rows of the table, and a value of every field.

Rows of refusals are made of the table in ``tests.local_endpoints.test_wire``, which holds each of
them against the service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_endpoints.control_plane.images import IMAGE_FIELDS
from local_endpoints.control_plane.spec import NOT_IMITATED
from tests.fakes import TGI_IMAGE
from tests.imitation.row import Example, Row
from tests.local_endpoints import test_wire

ONE = "/v2/endpoint/{namespace}/{name}"
RECORDS = "/v3/endpoint/{namespace}/{name}/logs"
SERVED_IMAGES = ("huggingface", "custom", "tgi", "vLLM", "llamacpp")
"""Variants of ``model.image`` of which there is a container here."""

ROUTES = [
    Row(
        "routes",
        [
            *("GET /v2/endpoint/{namespace}", "POST /v2/endpoint/{namespace}"),
            *(f"GET {ONE}", f"PUT {ONE}", f"DELETE {ONE}"),
            *(f"POST {ONE}/pause", f"POST {ONE}/resume", f"POST {ONE}/scale-to-zero"),
            *("GET /v2/provider", "GET /v2/provider/{namespace}"),
            "GET /v2/provider/quotas/{namespace}",
        ],
        "same",
        "200 for every success, `{}` after a deletion",
    ),
    Row(
        "routes",
        [f"GET {ONE}/replica"],
        "approximated",
        "how the real one spells the stages was not written down: here `pending`, `running`, "
        "`failed`",
    ),
    Row(
        "routes",
        [f"GET {ONE}/logs", f"GET {ONE}/logs/sse"],
        "approximated",
        "lines `- <time> <line>`, of the present replicas; at most the last 1,000 of each, "
        "and none from before the service's start. The form of an event is inferred",
    ),
    Row(
        "routes",
        [f"GET {RECORDS}", f"GET {RECORDS}/sse"],
        "approximated",
        "also of the last three replicas that are gone, not of 30 days; `stream` is always "
        "`stdout`, `level` the first word of the line that names one",
    ),
    Row(
        "routes",
        [
            f"POST {ONE}/metrics",
            *(f"POST {ONE}/metrics/response-status-code", f"POST {ONE}/metrics/response-elapsed"),
            *(f"POST {ONE}/metrics/pending-request", f"POST {ONE}/metrics/replica-running"),
            *(f"POST {ONE}/metrics/replica-status", f"POST {ONE}/metrics/replica-ids"),
        ],
        "approximated",
        "measured here, since the service's start: percentiles to 2 percent, 120 points, the words "
        "of `status` ours. Graphs of hardware are empty and a header says so, `inference` is "
        "missing",
    ),
    Row(
        "routes",
        [
            "GET /api/v1/catalog/list",
            "POST /api/v1/catalog/model/{owner}/{model}/deploy",
            "POST /api/v1/catalog/recipe/{recipe_id}/deploy",
        ],
        "approximated",
        "the served models, one recipe each; names of recipes and texts of refusals are ours",
    ),
    Row(
        "routes",
        ["GET /openapi.json", "GET /api/openapi.json"],
        "approximated",
        "what is imitated and no more",
    ),
    Row(
        "routes",
        [
            *(f"POST {ONE}/metrics/hardware-cpu", f"POST {ONE}/metrics/vllm/requests"),
            *(f"POST {ONE}/metrics/vllm/prefix-cache", f"GET {ONE}/open-metrics"),
            *("GET /v2/audit-logs/{namespace}", "POST /mcp", "GET /v2/catalog"),
        ],
        "refused",
        "501",
    ),
]

QUERY_ROWS = [
    Row(
        "query of the list",
        ["search", "cursor"],
        "same",
        "a part of the name",
    ),
    Row(
        "query of the list",
        ["tags", "limit"],
        "approximated",
        "that several tags, joined by commas, must all be there is inferred; 20 endpoints unless "
        "`limit` says otherwise, and at most 100, which is ours",
    ),
    Row("query of logs as text", ["replica", "line_max_length", "follow"], "same"),
    Row(
        "query of logs as text",
        ["tail"],
        "approximated",
        "that it is 100 by default is ours",
    ),
    Row(
        "query of logs as records",
        [
            *("replica", "search", "since", "until", "tail", "limit", "order"),
            "line_max_length",
        ],
        "same",
        "1,000 records unless `limit` says otherwise, at most 5,000",
    ),
    Row(
        "query of logs as records",
        ["level", "cursor"],
        "approximated",
        "in either case; the cursor's name is ours, clients follow the `Link`",
    ),
    Row(
        "query of the catalog",
        ["accelerator", "engine", "license", "task", "search", "limit"],
        "same",
    ),
]

SPEC_ROWS = [
    Row(
        "create and update",
        [
            *("name", "type", "tags", "provider.vendor", "provider.region"),
            *("compute.accelerator", "compute.instanceType", "compute.instanceSize"),
            *("compute.scaling.minReplica", "compute.scaling.scaleToZeroTimeout"),
            *("compute.scaling.measure", "model.repository", "model.revision", "model.task"),
            *("model.env", "model.secrets", "model.image"),
        ],
        "same",
        "`type` `protected` is taken for `private`, as on the real service; `task` null is "
        "refused; of `secrets` only the names come back",
    ),
    Row(
        "create and update",
        ["compute.scaling.maxReplica"],
        "approximated",
        "at most 8",
    ),
    Row("create and update", ["model.framework"], "ignored", "kept and shown"),
    Row(
        "create and update",
        ["model.args"],
        "approximated",
        "arguments of vLLM's command line; refused for other containers",
    ),
    Row(
        "create and update",
        ["model.command", "cacheHttpResponses", *NOT_IMITATED],
        "refused",
        "400; what asks for nothing (`{}`, false, null) passes",
    ),
    Row(
        "`model.image`",
        list(SERVED_IMAGES),
        "approximated",
        "where the model can be served with it; `custom` by what its `url` names; `llamacpp` for "
        "GGUF models of one's own; which of its fields the real service demands was not seen",
    ),
    Row(
        "`model.image`",
        [variant for variant in IMAGE_FIELDS if variant not in SERVED_IMAGES],
        "refused",
        "400, with what to use instead",
    ),
    Row(
        "fields of an image",
        ["url", "healthRoute"],
        "same",
        "a field that the variant does not know (`health_route`, `env`) is dropped: the real "
        "service says nothing, here the log and a header do",
    ),
    Row(
        "fields of an image",
        ["port", "credentials"],
        "ignored",
        "kept and shown, credentials without their values",
    ),
    Row(
        "fields of an image",
        [
            *("maxInputLength", "maxTotalTokens", "maxBatchPrefillTokens", "maxBatchTotalTokens"),
            *("quantize", "disableCustomKernels", "tensorParallelSize", "dataParallelSize"),
        ],
        "approximated",
        "of `tgi` as variables of the container, of `vLLM` as its options, which is an assumption",
    ),
    Row(
        "fields of an image",
        ["modelPath", "ctxSize", "nParallel", "threadsHttp", "nGpuLayers"],
        "approximated",
        "of `llamacpp`, as options of its server; there is no GPU",
    ),
    Row(
        "fields of an image",
        ["mode", "pooling", "variant", "embeddings"],
        "refused",
        "of `llamacpp`: it writes texts here, and no embeddings",
    ),
]

ANSWER_ROWS = [
    Row(
        "the endpoint in an answer",
        [
            *("name", "type", "tags", "healthRoute", "provider.vendor", "provider.region"),
            *("compute.id", "compute.accelerator", "compute.instanceType", "compute.instanceSize"),
            *("compute.scaling.minReplica", "compute.scaling.maxReplica"),
            *("compute.scaling.scaleToZeroTimeout", "compute.scaling.measure"),
            *("model.repository", "model.framework", "model.revision", "model.task"),
            *("model.image", "model.env", "model.secrets", "model.command", "model.args"),
            *("status.state", "status.url", "status.readyReplica", "status.targetReplica"),
            *("status.createdAt", "status.createdBy", "status.updatedAt", "status.updatedBy"),
            *("status.lastUsedAt", "status.errorMessage"),
        ],
        "same",
        "times in UTC with `Z`; `revision` and `task` resolved",
    ),
    Row(
        "the endpoint in an answer",
        ["status.message"],
        "approximated",
        "two of its eight texts were seen on the real service",
    ),
    Row(
        "the endpoint in an answer",
        ["accountId", "notifications", "experimentalFeatures", "cacheHttpResponses"],
        "approximated",
        "as if nothing was asked for. Left out: `status.private`, "
        "`status.inferenceMetricsEnabled`, `scaling.metric`, `scaling.threshold`",
    ),
]

STATES = Row(
    "states",
    [
        *("pending", "initializing", "running", "updating", "updateFailed", "paused", "failed"),
        "scaledToZero",
    ],
    "same",
    "a second where the real service takes minutes. That `failed` takes an update, and that "
    "`updateFailed` goes on serving, is inferred",
)


def _refusals(part: str, rows: Sequence[test_wire.Row]) -> Iterator[Row]:
    """One row for each text, with the situations in which it was seen, or must be."""
    texts: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        text = row.error if row.error[:3].isdecimal() else f"{row.status} {row.error}"
        texts.setdefault(text.replace("...", "…"), {}).setdefault(row.mark, []).append(row.name)
    for text, situations in texts.items():
        seen = "; ".join(situations.get(test_wire.SEEN, []))
        inferred = "; ".join(situations.get(test_wire.INFERRED, []))
        remark = ". ".join(filter(None, [seen, inferred and f"Inferred: {inferred}"]))
        yield Row(part, [text], "same" if seen else "approximated", remark)


REFUSALS = [
    *_refusals("refusals of the management API", test_wire.MANAGEMENT),
    *_refusals("refusals of the proxy", test_wire.GATEWAY),
]
PROXY = [
    Row(
        "headers of the proxy",
        ["Authorization", "X-Scale-Up-Timeout"],
        "same",
        "what the container is sent is the replica's key and not the token; at most 600 s",
    ),
    Row("answers through the proxy", ["429"], "same", "`Model is overloaded`, the container's own"),
    Row(
        "answers through the proxy",
        ["200"],
        "approximated",
        "right after scale-to-zero: for five seconds of a real minute, whose number was not seen",
    ),
]

ROWS = [*ROUTES, *QUERY_ROWS, *SPEC_ROWS, *ANSWER_ROWS, STATES, *REFUSALS, *PROXY]

SPEC: Mapping[str, Example] = {
    "name": Example("another-name"),
    "type": Example("private"),
    "tags": Example(["a", "b"]),
    "provider.vendor": Example("gcp", {"provider.region": "us-east4"}),
    "provider.region": Example("us-east-1"),
    "compute.accelerator": Example("gpu"),
    "compute.instanceType": Example("nvidia-a10g"),
    "compute.instanceSize": Example("x4"),
    "compute.scaling.minReplica": Example(1),
    "compute.scaling.maxReplica": Example(2),
    "compute.scaling.scaleToZeroTimeout": Example(60),
    "compute.scaling.measure": Example({"pendingRequests": 2.0}),
    "model.repository": Example("open-models/tiny"),
    "model.revision": Example("main"),
    "model.task": Example("text-generation"),
    "model.framework": Example("custom"),
    "model.env": Example({"A": "1"}),
    "model.secrets": Example({"B": "2"}),
    "model.image": Example({"custom": {"url": TGI_IMAGE["tgi"]["url"], "healthRoute": "/health"}}),
    "model.args": Example(["--max-model-len=96"], refusal="model.args: not imitated"),
    "model.command": Example(["sh"], refusal="model.command: not imitated"),
    "cacheHttpResponses": Example(True, refusal="cacheHttpResponses: not imitated"),
    **{name: Example({"a": "b"}, refusal=f"{name}: not imitated") for name in NOT_IMITATED},
}
IMAGES: Mapping[str, dict[str, Any]] = {
    "huggingface": {},
    "custom": {"url": TGI_IMAGE["tgi"]["url"]},
    "tgi": {"url": TGI_IMAGE["tgi"]["url"]},
    "vLLM": {"url": "vllm/vllm-openai:latest", "port": 8000, "healthRoute": "/health"},
    "huggingfaceNeuron": {"batchSize": 1},
    "tgiNeuron": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7-neuron"},
    "tei": {"url": "ghcr.io/huggingface/text-embeddings-inference:1.8", "pooling": "mean"},
    "llamacpp": {
        **{"url": "ghcr.io/ggml-org/llama.cpp:server", "modelPath": "a.gguf", "ctxSize": 512},
        **{"nParallel": 1, "threadsHttp": 2},
    },
    "sGLang": {"url": "lmsysorg/sglang:latest"},
    "vLLMOmni": {"url": "vllm/vllm-omni:latest"},
    "vLLMNeuron": {"url": "vllm/vllm-neuron:latest"},
    "hfServe": {"url": "ghcr.io/huggingface/hf-serve:0.1.3"},
}
IMAGE_VALUES: Mapping[str, tuple[str, Any]] = {
    "url": ("tgi", TGI_IMAGE["tgi"]["url"]),
    "healthRoute": ("tgi", "/health"),
    "port": ("tgi", 8080),
    "credentials": ("custom", {"username": "a", "password": "b"}),
    **dict.fromkeys(
        ("maxInputLength", "maxTotalTokens", "maxBatchPrefillTokens", "maxBatchTotalTokens"),
        ("tgi", 64),
    ),
    "quantize": ("tgi", "eetq"),
    "disableCustomKernels": ("tgi", True),
    **dict.fromkeys(("tensorParallelSize", "dataParallelSize"), ("vLLM", 1)),
    "modelPath": ("llamacpp", "b.gguf"),
    **dict.fromkeys(("ctxSize", "nParallel", "threadsHttp", "nGpuLayers"), ("llamacpp", 64)),
    **dict.fromkeys(("mode", "pooling", "variant"), ("llamacpp", "rerank")),
    "embeddings": ("llamacpp", True),
}
