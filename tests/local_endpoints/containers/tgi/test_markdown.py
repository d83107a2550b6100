"""Which images there are in a prompt."""

from __future__ import annotations

from tests.local_endpoints.containers.images import markdown, noise, same, saved
from tests.local_endpoints.containers.tgi.prompts import Prompt, read


def test_a_prompt_without_images_stays_as_it_is() -> None:
    for inputs in ("", "Hi", "![](", "![] (x)", "!\\[](data:a)", "[](http://a)", "![]((", "é 🦙"):
        prompt = read(inputs)
        assert (prompt.text, prompt.images) == (inputs, ())


def test_an_image_with_a_description_is_text() -> None:
    inputs = "![x](http://example.com/a.png) ![ ](data:,) ![a llama](ftp://x)"
    assert read(inputs) == Prompt(inputs, ())


def test_text_and_order_are_kept() -> None:
    first, second = noise(seed=1), noise(2, (5, 9))
    one, other = (markdown(saved(image, "PNG")) for image in (first, second))
    prompt = read(f"User: {one} and\n{other}){one}!")
    assert prompt.text == "User: <P> and\n<P>)<P>!"
    assert len(prompt.images) == 3
    assert all(map(same, prompt.images, (first, second, first)))


def test_many_beginnings_without_an_end_take_no_time() -> None:
    inputs = "![](" * 500_000
    assert read(inputs).text == inputs
