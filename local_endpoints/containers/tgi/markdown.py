"""Images as Markdown writes them: how the router looks for images in a prompt.

A description makes it text: only ``![](URL)`` is an image. Source: TGI 3.3,
router/src/validation.rs, ``prepare_input``.
"""

from __future__ import annotations

_OPENING = "![]("


def markdown_image(url: str) -> str:
    """An image without a description."""
    return f"{_OPENING}{url})"


def split_images(inputs: str) -> tuple[list[str], list[str]]:
    """The URLs of a prompt's images, and the text before, between and after them.

    Finds what ``!\\[\\]\\([^\\)]*\\)`` matches. Rust's expressions take linear time; Python's would
    look for the end once per beginning.
    """
    urls: list[str] = []
    between: list[str] = []
    done, start = 0, inputs.find(_OPENING)
    while start >= 0:
        end = inputs.find(")", start)
        if end < 0:
            break
        between.append(inputs[done:start])
        urls.append(inputs[start + len(_OPENING) : end])
        done = end + 1
        start = inputs.find(_OPENING, done)
    return urls, [*between, inputs[done:]]
