"""Content types in and out."""

from __future__ import annotations

import base64
import io
import json

import pytest
from PIL import Image

from tests.local_endpoints.containers.conftest import Reply, RunningContainer

BODY = {"inputs": "a red fox", "parameters": {"num_inference_steps": 2, "seed": 1}}


def post(container: RunningContainer, **headers: str) -> Reply:
    return container.post("/", BODY, **headers)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("accept", [{}, {"accept": "*/*"}, {"accept": "application/json"}])
def test_without_a_wish_the_answer_is_a_json_string_of_a_png(
    toolkit: RunningContainer, accept: dict[str, str]
) -> None:
    reply = post(toolkit, **accept)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    image = opened(base64.b64decode(reply.json(), validate=True))
    assert (image.format, image.size) == ("PNG", (32, 32))


@pytest.mark.parametrize("name", ["png", "jpeg", "tiff", "bmp", "gif", "webp"])
def test_pictures_come_in_the_format_asked_for(toolkit: RunningContainer, name: str) -> None:
    reply = post(toolkit, accept=f"image/{name}")
    assert (reply.status, reply.headers["content-type"]) == (200, f"image/{name}")
    assert opened(reply.content).format == name.upper()


@pytest.mark.parametrize(
    ("accept", "error"),
    [
        ("image/jpg", "'JPG'"),
        ("image/x-image", "'X-IMAGE'"),
        ("text/plain", "'NoneType' object has no attribute 'serialize'"),
        ("audio/wav", "Audio serialization not implemented"),
    ],
)
def test_formats_that_no_picture_has_are_refused(
    toolkit: RunningContainer, accept: str, error: str
) -> None:
    reply = post(toolkit, accept=accept)
    assert (reply.status, reply.json()) == (400, {"error": error})


@pytest.mark.parametrize("accept", ["image/svg+xml", "image/png, */*", "IMAGE/PNG", "image/*"])
def test_other_wishes_are_refused_with_the_list(toolkit: RunningContainer, accept: str) -> None:
    reply = post(toolkit, accept=accept)
    error = reply.json()["error"]
    assert (reply.status, reply.headers["content-type"]) == (400, "application/json")
    assert f'Accept type "{accept}" not supported.\n' in error
    assert "Supported accept types are:\n" in error
    assert "application/json, application/json; charset=UTF-8" in error


def test_the_body_may_name_its_character_set(toolkit: RunningContainer) -> None:
    reply = post(toolkit, **{"content-type": "application/json; charset=UTF-8"})
    assert reply.status == 200


@pytest.mark.parametrize(
    ("content_type", "error"),
    [
        ("application/json;charset=utf-8", "not supported"),
        ("application/x-www-form-urlencoded", "not supported"),
        ("text/csv", "'NoneType' object has no attribute 'deserialize'"),
        ("image/png", "cannot identify image file <_io.BytesIO object at 0x"),
        ("image/x-image", "cannot identify image file <_io.BytesIO object at 0x"),
        ("audio/wav", "but is <class 'bytes'>"),
    ],
)
def test_other_bodies_are_refused(toolkit: RunningContainer, content_type: str, error: str) -> None:
    reply = post(toolkit, **{"content-type": content_type})
    assert reply.status == 400
    assert error in reply.json()["error"]


@pytest.mark.parametrize("name", ["png", "jpeg", "tiff", "bmp", "gif", "webp"])
def test_a_picture_is_no_prompt(toolkit: RunningContainer, name: str) -> None:
    with io.BytesIO() as file:
        Image.new("RGB", (8, 8), "teal").save(file, format=name)
        reply = toolkit.post("/", file.getvalue(), **{"content-type": f"image/{name}"})
    kind = "<class 'PIL.Image.Image'>"
    error = f"`prompt` has to be of type `str` or `list` but is {kind}"
    assert (reply.status, reply.json()) == (400, {"error": error})


def test_a_body_without_a_type_is_refused(toolkit: RunningContainer) -> None:
    reply = toolkit.send("POST", "/", json.dumps(BODY))
    assert reply.status == 400
    assert 'Content type "None" not supported.' in reply.json()["error"]


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", '{"inputs": NaN}', b"\xff", "[" * 100_000),
        '{"inputs": "\\ud800"}',
        '{"inputs": "fox", "parameters": {"height": "\\ud800"}}',
        '{"inputs": "fox", "parameters": {"guidance_scale": 1e999}}',
        "[" * 992 + "]" * 992,
    ],
)
def test_malformed_json_is_refused(toolkit: RunningContainer, body: str | bytes) -> None:
    reply = toolkit.post("/", body)
    assert reply.status == 400
    assert reply.json()["error"]


def test_a_body_that_is_too_large_is_refused(toolkit: RunningContainer) -> None:
    reply = toolkit.post("/", {"inputs": "a" * 128_000})
    assert reply.status == 400
    assert "up to 128000 bytes" in reply.json()["error"]
