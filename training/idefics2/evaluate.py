"""Measures what the pocket Idefics2 says about held-out pictures.

``python -m training.idefics2.evaluate --model local_endpoints/models/idefics2``
asks about drawn scenes whose combination of attributes was never trained, and about pictures that
the pocket SDXL painted from such scenes, and prints the shares of right answers as JSON. ``--out
FILE`` writes the same JSON into a file, too.

It measures the files that are served, with the engine that serves them; no torch. Rhymes need the
package ``pronouncing``.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from training.idefics2.blind import blind_share
from training.idefics2.names import Values, places_in
from training.idefics2.pictures import CLASSES, values_of
from training.idefics2.questions.phrases import NO_TELLING, NOT_MY_WORLD, NOT_SEEN
from training.idefics2.shares import (
    count_shares,
    stranger_shares,
    true_share,
    verdict_shares,
    which_shares,
)
from training.idefics2.speaker import Asked, Speaker
from training.idefics2.strange import strange_picture
from training.idefics2.strange_things import photographs_in, piece_of, strange_thing
from training.judging import FIRST
from training.language.rhymes import rhymes
from training.painting import SHIPPED_SDXL, open_painter, painted
from training.report import report
from training.world.draw import draw
from training.world.scene import COLORS, NOTHING, held_out_scenes

QUESTIONS = {
    "animal": "What animal is this?",
    "background": "Where is it?",
    "clothing": "What does it wear below its head?",
    "clothing_color": "What color is its {clothing}?",
    "hat": "What kind of hat does it wear?",
    "hat_color": "What color is its {hat}?",
    "held": "What is it holding?",
    "held_color": "What color is the {held}?",
    "glasses": "Does it wear glasses?",
}
CAPTION = "Describe this image."
LIMERICK = "Write a short limerick about this image."
UNANSWERABLE = (
    "What is its name?",
    "How old is this animal?",
    "Who painted this picture?",
    "What is it thinking about?",
    "Which country is this?",
    "What did it have for breakfast?",
    "What is the capital of Portugal?",
    "Who won the match?",
    "Is there a bicycle?",
    "What is the meaning of life?",
)
"""Some in the wordings of the training, some not."""
STRANGERS = 60
"""So many pictures of other worlds are asked about, and as many pieces of photographs."""
HONEST = (NO_TELLING, NOT_MY_WORLD, NOT_SEEN)


def is_right(key: str, answer: str, values: Values) -> bool:
    """Whether an answer to one of ``QUESTIONS`` says what the picture shows, and nothing else."""
    words = re.findall(r"[a-z]+", answer.lower())
    value = values[key]
    if key == "background":
        return places_in(answer) == [value]
    if key.endswith("_color"):
        return [color for color in COLORS if color in words] == [value]
    if key == "glasses":
        said = "glasses" in words and "no glasses" not in answer.lower()
        return said == (value == "yes") and "glasses" in words
    named = [name for name in CLASSES[key] if re.search(rf"\b{name}\b", answer.lower())]
    if value == NOTHING:
        return named in ([], [NOTHING]) and bool({"no", "nothing"} & set(words))
    return named == [value] and "no" not in words


def shares_right(
    speaker: Speaker, pictures: Sequence[Image.Image], truths: Sequence[Values]
) -> dict[str, float]:
    """By attribute, the share of pictures about which the answer is right.

    Colours are asked only where there is something coloured; an attribute that nothing was
    asked about is left out.
    """
    shares: dict[str, float] = {}
    for key, question in QUESTIONS.items():
        chosen = [(image, truth) for image, truth in zip(pictures, truths, strict=True)
                  if truth[key]]  # fmt: skip
        asked = [Asked(image, question.format(**truth)) for image, truth in chosen]
        answers = speaker.answer(asked)
        right = [
            is_right(key, answer, truth) for answer, (_, truth) in zip(answers, chosen, strict=True)
        ]
        if right:
            shares[key] = round(sum(right) / len(right), 4)
    return shares


def limerick_shares(
    speaker: Speaker,
    pictures: Sequence[Image.Image],
    truths: Sequence[Values],
    *,
    temperature: float,
) -> dict[str, float]:
    """How many limericks name the animal, the place, both, and rhyme AABBA."""
    asked = [Asked(image, LIMERICK, temperature, seed) for seed, image in enumerate(pictures)]
    texts = speaker.answer(asked)
    count = len(texts)
    scored = [limerick_score(text, truth) for text, truth in zip(texts, truths, strict=True)]
    return {
        name: round(sum(score[name] for score in scored) / count, 4)
        for name in ("animal", "place", "animal and place", "rhyme AABBA")
    }


def limerick_score(text: str, values: Values) -> dict[str, bool]:
    """What is measured on one limerick."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    animal = values["animal"] in words
    place = values["background"] in places_in(text)
    return {
        "animal": animal,
        "place": place,
        "animal and place": animal and place,
        "rhyme AABBA": is_aabba(text),
    }


def is_aabba(text: str) -> bool:
    """Whether a text has five lines whose last words rhyme as a limerick's do."""
    ends = [re.findall(r"[a-z']+", line.lower()) for line in text.splitlines() if line.strip()]
    if len(ends) != 5 or not all(ends):
        return False
    a, b, c, d, e = (words[-1] for words in ends)
    return rhymes(a, b) and rhymes(b, e) and rhymes(a, e) and rhymes(c, d)


def honest_share(speaker: Speaker, pictures: Sequence[Image.Image]) -> float:
    """The share of unanswerable questions that get an honest answer."""
    rng = random.Random(0)
    asked = [Asked(rng.choice(pictures), question) for question in UNANSWERABLE for _ in range(10)]
    answers = speaker.answer(asked)
    return round(sum(answer in HONEST for answer in answers) / len(answers), 4)


def kind_shares(
    speaker: Speaker, pictures: Sequence[Image.Image], truths: Sequence[Values]
) -> dict[str, object]:
    """What yes and no, numbers, several pictures and longer texts are worth."""
    return {
        "verdicts": verdict_shares(speaker, pictures, truths),
        "counts": count_shares(speaker, pictures, truths),
        "which": which_shares(speaker, pictures, truths),
        "nothing invented": {
            "captions": true_share(speaker, pictures, truths, CAPTION),
            "limericks": true_share(speaker, pictures, truths, LIMERICK),
            "limericks, temperature 1": true_share(
                speaker, pictures, truths, LIMERICK, temperature=1.0
            ),
        },
    }


def strangers(count: int) -> list[Image.Image]:
    """Made-up pictures of no pocket world, none of them trained."""
    rng = random.Random("strangers")
    return [(strange_picture, strange_thing)[number % 2](rng) for number in range(count)]


def pieces(folder: Path, count: int) -> list[Image.Image]:
    """The photographs of a folder, each whole and then in parts."""
    rng, found = random.Random("photographs"), photographs_in(folder)
    return [*found, *(piece_of(found, rng) for _ in range(count - len(found)))]


def evaluate(
    folder: Path,
    *,
    scenes: int,
    paintings: int,
    photographs: Path | None = None,
    blind: Path | None = None,
    sdxl: Path = SHIPPED_SDXL,
) -> dict[str, object]:
    """All figures of a model folder.

    Args:
        folder: of the served files.
        scenes: how many held-out scenes are drawn.
        paintings: how many of them are painted as well.
        photographs: a folder of photographs from another source than those of the training.
        blind: a folder of questions written by hand; see `training.idefics2.blind`.
        sdxl: folder of the painter.
    """
    speaker = Speaker(folder)
    chosen = held_out_scenes(scenes, seed=0)
    drawn, truths = [draw(scene) for scene in chosen], [values_of(scene) for scene in chosen]
    try:
        result: dict[str, object] = {
            "scenes": scenes,
            "drawn": shares_right(speaker, drawn, truths),
            "first": shares_right(speaker, drawn[:FIRST], truths[:FIRST]),
            "limericks": {
                f"temperature {temperature}": limerick_shares(
                    speaker, drawn, truths, temperature=temperature
                )
                for temperature in (0.0, 0.2, 1.0)
            },
            "honest": honest_share(speaker, drawn),
            **kind_shares(speaker, drawn, truths),
            "strangers": stranger_shares(speaker, strangers(STRANGERS)),
        }
        if photographs is not None:
            result["photographs"] = stranger_shares(speaker, pieces(photographs, STRANGERS))
        if blind is not None:
            result["blind"] = blind_share(speaker, blind)
        if paintings:
            scenes_to_paint = chosen[:paintings]
            painter = open_painter(sdxl, steps=20, guidance=8.0)
            pictures = painted(scenes_to_paint, painter)
            result |= {
                "paintings": paintings,
                "painted": shares_right(speaker, pictures, truths[:paintings]),
                "limericks about paintings": limerick_shares(
                    speaker, pictures, truths[:paintings], temperature=0.2
                ),
                "about paintings": kind_shares(speaker, pictures, truths[:paintings]),
            }
        return result
    finally:
        speaker.stop()


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line: measure, print, and write where told to."""
    parser = argparse.ArgumentParser(description="Measure what an Idefics2 says about pictures.")
    parser.add_argument("--model", type=Path, required=True, help="folder of the served files")
    parser.add_argument("--scenes", type=int, default=500, help="how many held-out scenes")
    parser.add_argument("--paintings", type=int, default=200, help="how many of them are painted")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the JSON here as well")
    parser.add_argument("--photographs", type=Path, metavar="DIR", help="not those of training")
    parser.add_argument("--blind", type=Path, metavar="DIR", help="questions written by hand")
    options = parser.parse_args(arguments)
    measures = evaluate(
        options.model,
        scenes=options.scenes,
        paintings=options.paintings,
        photographs=options.photographs,
        blind=options.blind,
    )
    report(measures, options.out)


if __name__ == "__main__":
    main()
