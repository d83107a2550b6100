"""Refusals before a route sees the request: plain text or nothing, never TGI's JSON."""

from __future__ import annotations

import pytest

from local_endpoints.containers.tgi.container import NOT_SERVED
from tests.local_endpoints.containers.conftest import RunningContainer, StartContainer

POST_ROUTES = ["/", "/generate", "/generate_stream", "/v1/chat/completions"]


@pytest.mark.parametrize("path", POST_ROUTES)
def test_bad_json_is_a_400(container: RunningContainer, path: str) -> None:
    reply = container.post(path, "{nope}")
    assert (reply.status, reply.headers["content-type"]) == (400, "text/plain; charset=utf-8")
    assert reply.text == (
        "Failed to parse the request body as JSON: key must be a string at line 1 column 2"
    )


@pytest.mark.parametrize("path", POST_ROUTES)
@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_is_a_415(
    container: RunningContainer, path: str, content_type: str
) -> None:
    reply = container.send("POST", path, "{}", {"content-type": content_type})
    assert (reply.status, reply.text) == (
        415,
        "Expected request with `Content-Type: application/json`",
    )


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/a+json"]
)
def test_forms_of_the_json_content_type_are_accepted(
    container: RunningContainer, content_type: str
) -> None:
    body = '{"inputs":"a","parameters":{"max_new_tokens":1}}'
    assert container.send("POST", "/generate", body, {"content-type": content_type}).status == 200


@pytest.mark.parametrize("path", POST_ROUTES)
def test_a_large_body_is_a_413(container: RunningContainer, path: str) -> None:
    reply = container.post(path, b" " * 20_001)
    assert (reply.status, reply.text) == (
        413,
        "Failed to buffer the request body: length limit exceeded",
    )


def test_the_size_is_counted_on_what_arrives(container: RunningContainer) -> None:
    headers = {"content-type": "application/json", "transfer-encoding": "chunked"}
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    reply = container.send("POST", "/generate", chunk * 6 + b"0\r\n\r\n", headers)
    assert reply.status == 413


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/generate", "{}", "missing field `inputs` at line 1 column 2"),
        (
            "/generate",
            '{"inputs":["a","b"]}',
            "inputs: invalid type: sequence, expected a string at line 1 column 10",
        ),
        (
            "/",
            '{"inputs":"a","stream":"yes"}',
            'stream: invalid type: string "yes", expected a boolean at line 1 column 28',
        ),
        (
            "/generate",
            '{"inputs":"a","parameters":{"max_new_tokens":-1}}',
            "parameters.max_new_tokens: invalid value: integer `-1`, expected u32 "
            "at line 1 column 47",
        ),
        (
            "/generate",
            '{"inputs":"a","parameters":{"temperature":"hot"}}',
            'parameters.temperature: invalid type: string "hot", expected f32 at line 1 column 47',
        ),
        (
            "/generate",
            '{"inputs":"a","parameters":{"seed":-1}}',
            "parameters.seed: invalid value: integer `-1`, expected u64 at line 1 column 37",
        ),
        (
            "/generate",
            '{"inputs":"a","parameters":null}',
            "parameters: invalid type: null, expected struct GenerateParameters "
            "at line 1 column 31",
        ),
        (
            "/generate",
            '{"inputs":"a","parameters":{"stop":"END"}}',
            'parameters.stop: invalid type: string "END", expected a sequence at line 1 column 40',
        ),
        ("/v1/chat/completions", '{"model":"tgi"}', "missing field `messages` at line 1 column 15"),
        (
            "/v1/chat/completions",
            '{"messages":[{"role":"user","content":null}]}',
            "messages[0]: data did not match any variant of untagged enum MessageBody "
            "at line 1 column 43",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[{"role":"user","content":[{"type":"image"}]}]}',
            "messages[0]: data did not match any variant of untagged enum MessageBody "
            "at line 1 column 57",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[{"content":"a"}]}',
            "messages[0]: missing field `role` at line 1 column 28",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"stop":"END"}',
            'stop: invalid type: string "END", expected a sequence at line 1 column 27',
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"logit_bias":{"5":1}}',
            "logit_bias: invalid type: map, expected a sequence at line 1 column 28",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"stream_options":null}',
            "stream_options: invalid type: null, expected struct StreamOptions at line 1 column 36",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"stream_options":{"include_usage":1}}',
            "stream_options.include_usage: invalid type: integer `1`, expected a boolean "
            "at line 1 column 50",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"tools":[{"type":"function"}]}',
            "tools[0]: missing field `function` at line 1 column 43",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"tools":[{"type":"function","function":{"parameters":{}}}]}',
            "tools[0].function: missing field `name` at line 1 column 71",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"tool_choice":{"function":{"name":"f"}}}',
            "tool_choice: data did not match any variant of untagged enum ToolTypeDeserializer "
            "at line 1 column 54",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"max_tokens":1,"max_completion_tokens":1}',
            "duplicate field `max_tokens` at line 1 column 53",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"response_format":{"type":"json_object"}}',
            "response_format: missing field `value` at line 1 column 55",
        ),
        (
            "/v1/chat/completions",
            '{"messages":[],"response_format":{"type":"text"}}',
            "response_format.type: unknown variant `text`, expected one of `json`, `json_object`, "
            "`regex`, `json_schema` at line 1 column 47",
        ),
    ],
)
def test_a_body_that_does_not_fit_is_a_422_in_serdes_words(
    container: RunningContainer, path: str, body: str, reason: str
) -> None:
    reply = container.post(path, body)
    assert (reply.status, reply.headers["content-type"]) == (422, "text/plain; charset=utf-8")
    assert reply.text == (f"Failed to deserialize the JSON body into the target type: {reason}")


@pytest.mark.parametrize(
    "path",
    [
        *("/nope", "/generate/", "/v1/completions/", "/v1/embeddings", "/vertex"),
    ],
)
def test_an_unknown_path_is_an_empty_404(container: RunningContainer, path: str) -> None:
    reply = container.post(path, {})
    assert (reply.status, reply.text) == (404, "")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        *((path, "known to TGI, not served here") for path in sorted(NOT_SERVED)),
        ("/v1/embeddings", "no route of TGI"),
        ("/generate/", "no route of TGI"),
        ("/%0Aforged%20line", "no route of TGI"),
    ],
)
def test_the_log_says_whether_tgi_knows_the_path(
    container: RunningContainer, caplog: pytest.LogCaptureFixture, path: str, text: str
) -> None:
    for method in ("GET", "POST"):
        caplog.clear()
        reply = container.send(method, path)
        assert (reply.status, reply.text) == (404, "")
        (line,) = [record.getMessage() for record in caplog.records if "TGI" in record.getMessage()]
        assert line.startswith(f"{method} '/") and line.endswith(text)
        assert "\n" not in line


def test_every_route_that_is_named_as_missing_is_missing(container: RunningContainer) -> None:
    documented = container.get("/api-doc/openapi.json").json()["paths"]
    assert not NOT_SERVED & set(documented)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/generate"), ("PUT", "/"), ("POST", "/health"), ("DELETE", "/info")],
)
def test_a_wrong_method_is_an_empty_405(
    container: RunningContainer, method: str, path: str
) -> None:
    reply = container.send(method, path)
    assert (reply.status, reply.text) == (405, "")
    assert method not in reply.headers["allow"]


def test_an_api_key_is_asked_for_where_tgi_asks_for_it(start_container: StartContainer) -> None:
    locked = start_container(API_KEY="Abc")
    body = '{"inputs":"a","parameters":{"max_new_tokens":1}}'
    for path in POST_ROUTES:
        reply = locked.post(path, body, authorization="Bearer wrong")
        assert (reply.status, reply.text) == (401, "")
        assert locked.post(path, body).status == 401
    assert locked.post("/generate", body, authorization="bearer ABC").status == 200
    for path in ("/", "/health", "/info", "/v1/models"):
        assert locked.get(path).status == 200


@pytest.mark.parametrize("path", ["/", "/health", "/info", "/generate", "/docs"])
def test_every_route_asks_for_the_replicas_key(container: RunningContainer, path: str) -> None:
    reply = container.send("GET", path, headers={"x-replica-key": "wrong"})
    assert (reply.status, reply.text) == (403, "The replica's key is missing or wrong.")
