"""Reads what a picture of the pocket world shows, without torch.

``judge.onnx`` is written by ``python -m training.sdxl.judge``. Its input is
``pixels``, float32 ``[n, 3, 128, 128]``, RGB in [0, 1]; it has one output of logits for every
attribute of ``judging.CLASSES``, by that name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import Image

from training.judging import Judge

PATH = Path(__file__).with_name("judge.onnx")


@cache
def _opened() -> Judge:
    return Judge(PATH)


def judge(image: Image.Image) -> dict[str, str]:
    """Animal, background, clothing, hat, held object, their colours, and glasses.

    Values are those of ``Scene``; "nothing" or "" where there is nothing; glasses "yes" or "no".
    """
    return _opened()(image)
