"""Requests made from the OpenAPI documents by schemathesis: sound ones, broken ones, half broken
ones. Nothing may answer with a status from 500 that its document does not tell of, nor hang."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from local_endpoints.access import ORGANIZATION
from tests.fakes import spec_body
from tests.patience import eventually
from tests.reliability.report import Report
from tests.reliability.sizes import Sizes
from tests.reliability.stand import CHAT, DEADLINE, KINDS, QWEN, Stand, standing

VICTIM = "victim"
OWNER, MODEL = QWEN.split("/")
LIKELY: Mapping[str, str] = {
    **{"namespace": ORGANIZATION, "name": VICTIM, "owner": OWNER, "revision": "main"},
    "file": "config.json",
}
"""Parameters of a path that lead further than what is drawn does."""
COMPLETION = {"prompt": "A fox", "max_tokens": 5}
SOUND: Mapping[str, Any] = {
    "/v2/endpoint/{namespace}": spec_body(VICTIM, model=dict(KINDS["tgi-text"])),
    "/v2/endpoint/{namespace}/{name}": {"compute": {"scaling": {"minReplica": 0}}},
    **{
        f"/v2/endpoint/{{namespace}}/{{name}}/metrics{graph}": {
            "start": "2026-01-01T00:00:00Z",
            "stop": "2027-01-01T00:00:00Z",
        }
        for graph in ("", "/replica-ids")
    },
    "/generate": {"inputs": "A fox", "parameters": {"max_new_tokens": 5}},
    "/generate_stream": {"inputs": "A fox", "parameters": {"max_new_tokens": 5}},
    "/v1/chat/completions": {**CHAT, "max_tokens": 5},
    "/v1/completions": COMPLETION,
    "/invocations": COMPLETION,
    "/tokenize": {"prompt": "A fox", "inputs": "A fox"},
    "/detokenize": {"tokens": [1, 2, 3]},
    "/chat_tokenize": CHAT,
    "/predict": {"inputs": "a fox", "parameters": {"height": 64, "width": 64}},
    "/": {"inputs": "a fox", "parameters": {"num_inference_steps": 2, "max_new_tokens": 5}},
}
"""Bodies that work; of some, one field is replaced by what is drawn."""


LIMITS: Mapping[str, Mapping[str, Any]] = {
    "tgi-text": {"env": {"MAX_TOTAL_TOKENS": "96", "MAX_INPUT_TOKENS": "64"}},
    "vllm-text": {"args": ["--max-model-len=96"]},
    "toolkit-picture": {},
    "tgi-vision": {"env": {"MAX_TOTAL_TOKENS": "448", "MAX_INPUT_TOKENS": "400"}},
}
"""What an endpoint is created with: an answer that nobody has limited shall not take minutes."""


@dataclass(frozen=True)
class Door:
    """A document and what it describes."""

    name: str
    base: str
    path: str


def fuzz(folder: Path, sizes: Sizes, report: Report) -> None:
    """All documents, those of the containers through the gateway."""
    with standing(folder, report) as stand:
        urls = {
            kind: stand.add(kind, **limits)
            for kind, limits in LIMITS.items()
            # Its document is that of the other TGI container.
            if sizes.is_patient or kind != "tgi-vision"
        }
        doors = [Door("service", stand.info.url, "/openapi.json")]
        for kind, url in urls.items():
            path = "/api-doc/openapi.json" if kind.startswith("tgi") else "/openapi.json"
            doors.append(Door(kind, url, path))
        # Half of the cases for the service, which has the most routes. One after the other: its
        # recursion limit makes hypothesis a thing of one thread.
        for door in doors:
            share = 2 if door is doors[0] else 2 * (len(doors) - 1)
            _through(door, sizes.cases // share, stand, sizes)
        for endpoint in stand.info.status()["endpoints"]:
            if endpoint["name"] not in KINDS:
                path = f"/v2/endpoint/{endpoint['namespace']}/{endpoint['name']}"
                stand.info.call("DELETE", path)
                report.counts["endpoints that were made"] += 1
        for kind, url in urls.items():
            answer = stand.ask("GET", f"{url}/health")
            report.expect(answer is not None and answer.ok, f"{kind} is not well afterwards")
        wanted = 1 + len(urls)
        report.expect(eventually(lambda: len(stand.family()) == wanted), "too many or few replicas")


def _through(door: Door, cases: int, stand: Stand, sizes: Sizes) -> None:
    report = stand.report
    document = requests.get(door.base + door.path, headers=stand.headers, timeout=DEADLINE).json()
    schema = schemathesis.openapi.from_dict(document)
    operations = [each.ok() for each in schema.get_all_operations()]
    # What goes on until its client goes would hang by right.
    operations = [each for each in operations if not each.path.endswith("/sse")]
    heavy = [each for each in operations if each.method.upper() in ("POST", "PUT")]
    # What takes a body is worth more than what takes none.
    for operation in operations:
        share = cases * (4 if operation in heavy else 1) // (len(operations) + 3 * len(heavy))
        _try(door, operation, max(1, share), stand, sizes)
    report.say(f"{door.name}: {report.counts['cases']} cases")


def _try(door: Door, operation: Any, cases: int, stand: Stand, sizes: Sizes) -> None:
    drawn = random.Random(sizes.seed)
    modes = [GenerationMode.POSITIVE]
    if operation.query or operation.body:  # whatever is in a path, it fits
        modes.append(GenerationMode.NEGATIVE)

    for mode in modes:

        @seed(sizes.seed)
        @settings(
            max_examples=max(1, cases // len(modes)), database=None, deadline=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: Any) -> None:
            _send(door, case, drawn, stand)

        with contextlib.suppress(Unsatisfiable):  # whatever is sent, it fits
            run()


def _send(door: Door, case: Any, drawn: random.Random, stand: Stand) -> None:
    report = stand.report
    likely = {**LIKELY, "name": MODEL} if "{owner}" in case.operation.path else LIKELY
    for name in case.path_parameters or {}:
        if name in likely and drawn.random() < 0.7:
            case.path_parameters[name] = likely[name]
    sound = SOUND.get(case.operation.path)
    if isinstance(case.body, dict) and sound is not None and drawn.random() < 0.6:
        case.body = {**sound, **dict(_some(case.body, drawn))}
    if case.query:
        case.query.pop("follow", None)
    headers = {} if drawn.random() < 0.05 else dict(stand.headers)
    report.counts["cases"] += 1
    begun = time.monotonic()
    try:
        answer = case.call(base_url=door.base, headers=headers, timeout=DEADLINE)
    except requests.Timeout:
        report.fault(f"no answer within {DEADLINE:g} s: {_shown(door, case)}")
        return
    except requests.RequestException as error:
        report.fault(f"{type(error).__name__} {error}: {_shown(door, case)}")
        return
    report.longest("longest answer, s", time.monotonic() - begun)
    report.counts[f"answers {answer.status_code // 100}xx"] += 1
    told = case.operation.responses.find_by_status_code(answer.status_code)
    if answer.status_code >= 500 and told is None:
        report.fault(f"{answer.status_code} {answer.text[:200]}: {_shown(door, case)}")


def _some(body: dict[str, Any], drawn: random.Random) -> Iterator[tuple[str, Any]]:
    names = list(body)
    for name in drawn.sample(names, min(len(names), drawn.randint(0, 2))):
        yield name, body[name]


def _shown(door: Door, case: Any) -> str:
    sent = f"{case.formatted_path} {case.query or ''} {case.body!r}"
    return f"{door.name}: {case.method} {sent}"[:2000]
