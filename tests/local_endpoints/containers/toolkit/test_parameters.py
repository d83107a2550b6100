"""What may be asked for, and how what may not is refused."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

import pytest
from PIL import Image

from tests.local_endpoints.containers.conftest import Reply, RunningContainer

PNG = {"accept": "image/png"}
SHORT = {"num_inference_steps": 2, "seed": 1}
OBJECT_IS_NO_NUMBER = "'>' not supported between instances of 'dict' and 'int'"


def ask(container: RunningContainer, inputs: Any = "a red fox", **parameters: Any) -> Reply:
    body = {"inputs": inputs, "parameters": {**SHORT, **parameters}}
    return container.post("/", body, **PNG)


def drawn(container: RunningContainer, inputs: Any = "a red fox", **parameters: Any) -> bytes:
    reply = ask(container, inputs, **parameters)
    assert reply.status == 200, reply.text
    return reply.content


def refusal(reply: Reply) -> str:
    assert reply.status == 400
    assert list(reply.json()) == ["error"]
    return str(reply.json()["error"])


def without_address(error: str) -> str:
    return re.sub("0x[0-9a-f]+", "0x…", error)


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": "a red owl"},
        {"prompt_2": "snow"},
        {"negative_prompt": "hat"},
        {"negative_prompt_2": "hat"},
        {"num_inference_steps": 3},
        {"guidance_scale": 9.5},
        {"guidance_scale": 1},
        {"guidance_rescale": 0.7},
        {"seed": 2},
        {"height": 64, "width": 64},
        {"target_size": {"height": 64, "width": 64}},
        {"height": 24, "width": 24},
        {
            "negative_original_size": [9, 9],
            "negative_crops_coords_top_left": [1, 0],
            "negative_target_size": [32, 32],
        },
    ],
)
def test_parameters_change_the_picture(toolkit: RunningContainer, change: dict[str, Any]) -> None:
    assert drawn(toolkit, **change) != drawn(toolkit)


@pytest.mark.parametrize(
    "same",
    [
        {"guidance_scale": 5.0},
        {"guidance_rescale": 0},
        {"negative_prompt": ""},
        {"negative_prompt": None, "prompt_2": None, "height": None, "width": None},
        {"height": 32, "width": 32},
        {"seed": "1"},
        {"seed": 1.9},
        {"num_inference_steps": 2.0},
        {"num_images_per_prompt": 4},
        {"output_type": "latent"},
        {"eta": 0.5},
        {"clip_skip": None},
        {"callback_steps": 1, "return_dict": True},
        {"negative_original_size": [9, 9]},
        {"scheduler": "DPMSolverMultistepScheduler"},
        {"sampler": "heun", "steps": 3},
        {"inputs": ["a red fox"]},
        {"inputs": ["a red fox", "an owl"]},
        {"inputs": {"prompt": "a red fox", "guidance_scale": 5}},
    ],
)
def test_parameters_that_the_real_pipeline_ignores_or_understands_otherwise(
    toolkit: RunningContainer, same: dict[str, Any]
) -> None:
    assert drawn(toolkit, **same) == drawn(toolkit)


@pytest.mark.parametrize("side", [64, 1024])
def test_a_picture_larger_than_the_models_own_is_that_one_enlarged(
    toolkit: RunningContainer, caplog: pytest.LogCaptureFixture, side: int
) -> None:
    """One animal, where a larger canvas would be filled with several; the log says so."""
    own = Image.open(io.BytesIO(drawn(toolkit)))
    with caplog.at_level(logging.INFO):
        large = Image.open(io.BytesIO(drawn(toolkit, height=side, width=side)))
    assert large.size == (side, side)
    enlarged = own.resize((side, side), Image.Resampling.LANCZOS)
    assert large.tobytes() == enlarged.tobytes()
    assert f"32 x 32, 2 steps, guidance 5, seed 1, enlarged to {side} x {side}" in caplog.text


def test_ignored_parameters_are_named_in_the_log(
    toolkit: RunningContainer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        drawn(toolkit, scheduler="heun")
    assert "ignored, as the real pipeline does: 'scheduler'" in caplog.text


def test_defaults_are_those_of_the_sdxl_pipeline(
    toolkit: RunningContainer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        reply = toolkit.post("/predict", {"inputs": "a red fox"}, **PNG)
    assert Image.open(io.BytesIO(reply.content)).size == (32, 32)
    assert "POST /predict | Duration:" in caplog.text
    assert "32 x 32, 50 steps, guidance 5, seed " in caplog.text


def test_without_a_seed_the_log_tells_which_one_it_was(
    toolkit: RunningContainer, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"inputs": "a red fox", "parameters": {"num_inference_steps": 2}}
    with caplog.at_level(logging.INFO):
        first = toolkit.post("/", body, **PNG).content
    assert toolkit.post("/", body, **PNG).content != first
    seed = int(caplog.text.rsplit("seed ", 1)[1].split()[0])
    assert drawn(toolkit, seed=seed) == first


def test_the_url_gives_parameters_to_a_body_without(toolkit: RunningContainer) -> None:
    def draw(query: str, body: dict[str, Any]) -> Reply:
        return toolkit.post(f"/{query}", body, **PNG)

    bare = {"inputs": "a red fox"}
    expected = drawn(toolkit, guidance_scale=3)
    query = "?num_inference_steps=2&seed=1&guidance_scale=3"
    assert draw(query, bare).content == expected
    own = {**bare, "parameters": {**SHORT, "guidance_scale": 3}}
    assert draw("?guidance_scale=9", own).content == expected
    error = refusal(draw("?guidance_scale=7.5", bare))
    assert error == "'>' not supported between instances of 'str' and 'int'"


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        (
            {"height": 64, "width": 32},
            "Provided `height=64` and `width=32`, but either both must have a value or both must "
            "be None (or not provided).",
        ),
        (
            {"height": 64},
            "Provided `height=64` and `width=None`, but either both must have a value or both "
            "must be None (or not provided).",
        ),
        (
            {"height": 36, "width": 36},
            "`height` and `width` have to be divisible by 8 but are 36 and 36.",
        ),
        ({"height": "64", "width": "64"}, "not all arguments converted during string formatting"),
        (
            {"height": "%300000000d", "width": "%300000000d"},
            "not all arguments converted during string formatting",
        ),
        ({"negative_prompt": {}, "guidance_scale": {}}, OBJECT_IS_NO_NUMBER),
        ({"target_size": {"height": 64}}, "'width'"),
        ({"target_size": None}, "'NoneType' object has no attribute 'pop'"),
        (
            {"height": -8, "width": -8},
            "Trying to create tensor with negative dimension -1: [1, 4, -1, -1]",
        ),
        ({"num_inference_steps": 0}, "division by zero"),
        (
            {"num_inference_steps": None},
            "Must pass exactly one of `num_inference_steps` or `timesteps` or `sigmas.",
        ),
        ({"guidance_rescale": "1"}, "'>' not supported between instances of 'str' and 'float'"),
        ({"return_dict": False}, "'tuple' object has no attribute 'images'"),
        (
            {"callback_steps": 0},
            "`callback_steps` has to be a positive integer but is 0 of type <class 'int'>.",
        ),
        ({"num_inference_steps": "2"}, "unsupported operand type(s) for /: 'int' and 'str'"),
        ({"guidance_scale": "8"}, "'>' not supported between instances of 'str' and 'int'"),
        ({"guidance_scale": None}, "'>' not supported between instances of 'NoneType' and 'int'"),
        ({"seed": "one"}, "invalid literal for int() with base 10: 'one'"),
        (
            {"seed": None},
            "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
        ),
        ({"seed": 2**64}, "Overflow when unpacking long long"),
        ({"prompt_2": 5}, "`prompt_2` has to be of type `str` or `list` but is <class 'int'>"),
        (
            {"negative_prompt": 5},
            "`negative_prompt` should be the same type to `prompt`, but got <class 'int'> != "
            "<class 'list'>.",
        ),
        (
            {"negative_prompt": ["a", "b"]},
            "`negative_prompt`: ['a', 'b'] has batch size 2, but `prompt`: ['a red fox'] has batch "
            "size 1. Please make sure that passed `negative_prompt` matches the batch size of "
            "`prompt`.",
        ),
        ({"original_size": [32, 32]}, 'can only concatenate list (not "tuple") to list'),
        ({"crops_coords_top_left": [0, 0]}, 'can only concatenate tuple (not "list") to tuple'),
        (
            {"prompt": "twice"},
            "IEAutoPipelineForText2Image.__call__() got multiple values for argument 'prompt'",
        ),
    ],
)
def test_refusals_of_the_toolkit_diffusers_and_python(
    toolkit: RunningContainer, parameters: dict[str, Any], error: str
) -> None:
    assert refusal(ask(toolkit, **parameters)) == error


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        (5, "`prompt` has to be of type `str` or `list` but is <class 'int'>"),
        (
            None,
            "Provide either `prompt` or `prompt_embeds`. Cannot leave both `prompt` and "
            "`prompt_embeds` undefined.",
        ),
        (
            {"text": "fox"},
            "IEAutoPipelineForText2Image.__call__() missing 1 required positional argument: "
            "'prompt'",
        ),
        (
            {"prompt": "fox", "seed": 3},
            "<huggingface_inference_toolkit.diffusers_utils.IEAutoPipelineForText2Image object at "
            "0x…> got multiple values for keyword argument 'seed'",
        ),
        ([], "list index out of range"),
        ([5], "`prompt`: expected a text, or a list of at least one text"),
    ],
)
def test_refusals_of_inputs(toolkit: RunningContainer, inputs: Any, error: str) -> None:
    assert without_address(refusal(ask(toolkit, inputs))) == error


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            {"parameters": {"seed": 1}},
            'Body needs to provide a inputs key, received: b\'{"parameters":{"seed":1}}\'',
        ),
        ([1], "Body needs to provide a inputs key, received: b'[1]'"),
        (
            {"instances": ["a red fox"]},
            "IEAutoPipelineForText2Image.__call__() missing 1 required positional argument: "
            "'prompt'",
        ),
        (
            {"inputs": "fox", "parameters": None},
            "<huggingface_inference_toolkit.diffusers_utils.IEAutoPipelineForText2Image object at "
            "0x…> argument after ** must be a mapping, not NoneType",
        ),
    ],
)
def test_refusals_of_bodies(toolkit: RunningContainer, body: Any, error: str) -> None:
    assert without_address(refusal(toolkit.post("/", body))) == error


def test_instances_in_place_of_inputs_let_the_whole_body_be_the_arguments(
    toolkit: RunningContainer,
) -> None:
    body = {"instances": 1, "prompt": "a red fox", "num_inference_steps": 2, "seed": 1}
    reply = toolkit.post("/", body, **PNG)
    assert (reply.status, reply.content) == (200, drawn(toolkit))


@pytest.mark.parametrize("body", [7, None, True])
def test_bodies_that_hold_nothing_are_refused_in_pythons_words(
    toolkit: RunningContainer, body: Any
) -> None:
    kind = type(body).__name__
    # Python 3.14 goes on in other words than 3.13.
    assert refusal(toolkit.post("/", body)).startswith(f"argument of type '{kind}' is not ")


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"height": 2056, "width": 2056}, "enlarges to at most 2048 x 2048, not 2056 x 2056"),
        ({"num_inference_steps": 1001}, "1 to 1000 num_inference_steps, not 1001"),
        ({"num_inference_steps": -1}, "1 to 1000 num_inference_steps, not -1"),
        ({"num_inference_steps": 2.5}, "1 to 1000 num_inference_steps, not 2.5"),
        ({"clip_skip": 1, "sigmas": [1.0]}, "clip_skip, sigmas: not imitated"),
    ],
)
def test_this_projects_own_limits_say_so(
    toolkit: RunningContainer, parameters: dict[str, Any], text: str
) -> None:
    error = refusal(ask(toolkit, **parameters))
    assert text in error
    assert "pocket model" in error or "local container" in error


def test_a_long_prompt_is_cut_off(toolkit: RunningContainer) -> None:
    assert drawn(toolkit, "owl " * 400) == drawn(toolkit, "owl " * 10)


def test_no_prompt_gets_into_the_log(
    toolkit: RunningContainer, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"inputs": "fox", "parameters": SHORT}
    with caplog.at_level(logging.DEBUG):
        drawn(toolkit, "secretive owl " * 30, negative_prompt="secretive")
        ask(toolkit, "secretive", negative_prompt=["secretive", "x"])
        toolkit.post("/", {"prompt": "secretive"})
        toolkit.post("/", '{"inputs": "secretive')
        ask(toolkit, {"prompt": "fox", "secretive": 1}, secretive=2)
        for name in ("seed", "height", "width", "callback_steps", "num_inference_steps", "prompt"):
            assert ask(toolkit, **{name: "secretive"}).status == 400
        assert ask(toolkit, height="secretive", width="secretive").status == 400
        assert ask(toolkit, callback_steps=["secretive"]).status == 400
        assert toolkit.post("/", body, accept="secretive").status == 400
        assert toolkit.post("/", body, **{"content-type": "secretive"}).status == 400
    assert caplog.records
    assert "secretive" not in caplog.text
