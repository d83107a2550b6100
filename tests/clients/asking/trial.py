"""What the programs of this folder share: the endpoint, and how a result is told.

Only the standard library is imported here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

URL = os.environ["ENDPOINT_URL"]
TOKEN = os.environ["ENDPOINT_TOKEN"]
MODEL = os.environ["ENDPOINT_MODEL"]
OPENAI_URL = f"{URL}/v1"


def is_person(document: Any) -> None:
    """Raises: AssertionError unless it fits the schema that was asked for."""
    if isinstance(document, str):
        document = json.loads(document)
    assert isinstance(document, dict) and set(document) == {"who", "years"}, (
        f"other keys: {document}"
    )
    assert isinstance(document["who"], str) and isinstance(document["years"], int), (
        f"other types: {document}"
    )


def is_call(name: str, arguments: Any) -> None:
    """Raises: AssertionError unless the weather is asked for in some city."""
    if isinstance(arguments, str):
        arguments = json.loads(arguments)
    assert name == "get_weather", name
    assert isinstance(arguments, dict) and set(arguments) == {"city"}, (
        f"other arguments: {arguments}"
    )
    assert isinstance(arguments["city"], str), arguments


def report(features: Mapping[str, Callable[[], object]]) -> None:
    """Try each feature, and print one line of JSON for it.

    A feature works when its function returns; it is refused when the server's status says so; all
    else is wrong.
    """
    for name, feature in features.items():
        verdict, text = "works", ""
        try:
            feature()
        except Exception as error:
            status = next(_statuses(error), None)
            verdict = "wrong" if status is None else f"refused {status}"
            text = f"{type(error).__name__}: {error} {_body(error)}".strip()
        print(json.dumps({"feature": name, "verdict": verdict, "text": text}), flush=True)


def _body(error: Any) -> str:
    """The server's words, where a client keeps them to itself."""
    body = str(getattr(error, "body", None) or "")
    return "" if body in str(error) else body


def _statuses(error: BaseException | None) -> Iterator[int]:
    """Statuses of HTTP that an error, or one behind it, tells."""
    while error is not None:
        response = getattr(error, "response", None)
        for holder in (error, response):
            status = getattr(holder, "status_code", None)
            if isinstance(status, int):
                yield status
        error = error.__cause__ or error.__context__
