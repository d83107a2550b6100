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
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from local_endpoints.engine.text.delivery import ThreadInbox
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Request, TokenEvent
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.engine.text.vision import VisionEncoder
from training.idefics2.names import Values, places_in
from training.idefics2.pictures import CLASSES, values_of
from training.idefics2.questions.phrases import NO_TELLING, NOT_MY_WORLD, NOT_SEEN
from training.judging import FIRST
from training.language.rhymes import rhymes
from training.painting import SHIPPED_SDXL, open_painter, painted
from training.report import report
from training.world.draw import draw
from training.world.scene import COLORS, NOTHING, held_out_scenes

TOKENS = 640
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
HONEST = (NO_TELLING, NOT_MY_WORLD, NOT_SEEN)


@dataclass(frozen=True)
class Asked:
    """A question about a picture."""

    image: Image.Image
    question: str
    temperature: float = 0.0
    seed: int = 0


class Speaker:
    """The engine on a model folder, in this process."""

    def __init__(self, folder: Path) -> None:
        self._codec = TextCodec(folder)
        self._vision = VisionEncoder(folder)
        model = TextModel(folder, slots=16, max_total_tokens=TOKENS)
        self._engine = Engine(model, self._codec, vision=self._vision, max_requests=100_000)
        self._engine.start()

    def answer(self, asked: Sequence[Asked]) -> list[str]:
        """One answer per question; temperature 0 takes the likeliest token at every step."""
        answers: list[str] = []
        # Not all at once: prepared pictures take memory.
        for start in range(0, len(asked), 64):
            requests = [self._request(each) for each in asked[start : start + 64]]
            for request in requests:
                self._engine.submit(request)
            answers += [_text(request) for request in requests]
        return answers

    def stop(self) -> None:
        """End the engine's thread."""
        self._engine.stop()

    def _request(self, asked: Asked) -> Request:
        config = self._vision.config
        fake, image = "<fake_token_around_image>", "<image>"
        picture = f"{fake}{image * config.latents}" * config.tiles_per_image + fake
        prompt = f"User:{picture}{asked.question}<end_of_utterance>\nAssistant:"
        sampling = (
            SamplingParameters(temperature=asked.temperature, do_sample=True, seed=asked.seed)
            if asked.temperature
            else SamplingParameters(seed=asked.seed)
        )
        return Request(
            prompt=self._codec.encode(prompt, add_special_tokens=True),
            inbox=ThreadInbox(),
            max_new_tokens=120,
            sampling=sampling,
            tiles=self._vision.tiles(asked.image.convert("RGB")),
        )


def _text(request: Request) -> str:
    assert isinstance(request.inbox, ThreadInbox)
    events = [event for event in request.inbox if isinstance(event, TokenEvent)]
    finish = events[-1].finish
    assert finish is not None
    return finish.text.strip()


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


def evaluate(
    folder: Path, *, scenes: int, paintings: int, sdxl: Path = SHIPPED_SDXL
) -> dict[str, object]:
    """All figures of a model folder."""
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
        }
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
    options = parser.parse_args(arguments)
    measures = evaluate(options.model, scenes=options.scenes, paintings=options.paintings)
    report(measures, options.out)


if __name__ == "__main__":
    main()
