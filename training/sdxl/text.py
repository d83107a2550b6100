"""Trains the pocket SDXL's two text encoders to tell what a prompt says.

``python -m training.sdxl.text --out DIR [--steps N] [--resume FILE] [--workers N]``

No pictures are needed: small heads read every attribute of the scene, or that the prompt does not
mention it, from exactly what the UNet will see. The heads are thrown away afterwards and the
encoders stay as they are. ``DIR`` receives ``checkpoint.pt``, ``stable.pt``, ``log.jsonl`` and, at
the end, ``text_encoder/`` and ``text_encoder_2/``.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from local_endpoints.repositories import MODELS_DIR
from training.loop import Loop, Worker, in_parallel
from training.options import Options, command, told
from training.sdxl import components
from training.sdxl.pictures import training_scene
from training.sdxl.tokenizer import END
from training.world import scene as world
from training.world.prompts import Prompt
from training.world.prompts_asked import asked_for

SEED = 21
SHIPPED_TOKENIZER = MODELS_DIR / "sdxl" / "tokenizer.json"
YES_NO = ("yes", "no")
VALUES: dict[str, tuple[str, ...]] = {
    "animal": (*world.ANIMALS, world.NOTHING),
    "background": world.BACKGROUNDS,
    "clothing": (*world.CLOTHING, world.NOTHING),
    "clothing_color": world.COLORS,
    "hat": (*world.HATS, world.NOTHING),
    "hat_color": world.COLORS,
    "held": (*world.HELD, world.NOTHING),
    "held_color": world.COLORS,
    "glasses": YES_NO,
    "flowers": YES_NO,
    "treats": YES_NO,
    "tea": YES_NO,
}
UNSAID = 0
"""The class of an attribute that the prompt does not mention; its values count from 1."""


@dataclass(frozen=True)
class Encoded:
    """What the UNet sees of some prompts: ``states`` ``[n, 77, 192]``, ``pooled`` ``[n, 128]``."""

    states: torch.Tensor
    pooled: torch.Tensor


def open_tokenizer(path: Path = SHIPPED_TOKENIZER) -> Tokenizer:
    """The CLIP tokenizer, set to give exactly 77 ids."""
    tokenizer = Tokenizer.from_file(str(path))
    end = tokenizer.token_to_id(END)
    tokenizer.enable_truncation(components.CONTEXT)
    tokenizer.enable_padding(length=components.CONTEXT, pad_id=end, pad_token=END)
    return tokenizer


def token_ids(tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """Ids ``[n, 77]`` of some prompts."""
    return torch.tensor([encoding.ids for encoding in tokenizer.encode_batch(texts)])


def encode(first: CLIPTextModel, second: CLIPTextModelWithProjection, ids: torch.Tensor) -> Encoded:
    """As the SDXL pipeline does it."""
    one = first(ids, output_hidden_states=True)
    two = second(ids, output_hidden_states=True)
    states = torch.cat([one.hidden_states[-2], two.hidden_states[-2]], dim=-1)
    return Encoded(states=states, pooled=two.text_embeds)


class Heads(nn.Module):  # type: ignore[misc]
    """Reads the attributes twice: from the states, as attention would, and from the pooled text."""

    def __init__(self) -> None:
        super().__init__()
        width = components.WIDTH_1 + components.WIDTH_2
        self.norm = nn.LayerNorm(width)
        self.queries = nn.Parameter(torch.randn(len(VALUES), width) * width**-0.5)
        sizes = [len(values) + 1 for values in VALUES.values()]
        self.from_states = nn.ModuleList(nn.Linear(width, size) for size in sizes)
        self.from_pooled = nn.ModuleList(nn.Linear(components.WIDTH_2, size) for size in sizes)

    def forward(self, encoded: Encoded) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Per attribute the logits ``[n, values + 1]`` from the states and from the pooled text."""
        states = self.norm(encoded.states)
        attention = torch.softmax(self.queries @ states.transpose(1, 2), dim=-1)
        read = attention @ states
        return [
            (one(read[:, number]), two(encoded.pooled))
            for number, (one, two) in enumerate(
                zip(self.from_states, self.from_pooled, strict=True)
            )
        ]


def classes_of(prompts: list[Prompt]) -> torch.Tensor:
    """Class numbers ``[n, attributes]``."""
    return torch.tensor(
        [
            [
                values.index(prompt.said[name]) + 1 if name in prompt.said else UNSAID
                for name, values in VALUES.items()
            ]
            for prompt in prompts
        ]
    )


def prompts_at(numbers: range, *, seed: int) -> list[Prompt]:
    """The training prompts of those numbers."""
    prompts = []
    for number in numbers:
        rng = random.Random(f"{seed}/{number}")
        prompts.append(asked_for(training_scene(rng), rng))
    return prompts


def accuracy(
    logits: list[tuple[torch.Tensor, torch.Tensor]], wanted: torch.Tensor
) -> dict[str, float]:
    """Share of prompts read rightly from the states, per attribute."""
    return {
        name: round(float((one.argmax(-1) == wanted[:, number]).float().mean()), 4)
        for number, (name, (one, _)) in enumerate(zip(VALUES, logits, strict=True))
    }


def load_weights(model: nn.Module, weights: dict[str, torch.Tensor]) -> None:
    """Give a text encoder all its weights; the table of positions, no weight, may be left out.

    Raises:
        ValueError: a weight is missing, or the model has none of that name.
    """
    found = model.load_state_dict(weights, strict=False)
    missing = [name for name in found.missing_keys if not name.endswith("position_ids")]
    if missing or found.unexpected_keys:
        raise ValueError(
            f"These are not the weights of {type(model).__name__}: missing {missing}, unexpected "
            f"{found.unexpected_keys}. Take a checkpoint of the same classes and sizes."
        )


@dataclass(frozen=True, kw_only=True)
class TextOptions(Options):
    """Also which tokenizer to read prompts with.

    Attributes:
        start: folder of ``served`` or of an earlier training, to go on from its encoders.
    """

    tokenizer: Path = SHIPPED_TOKENIZER
    start: Path | None = None


def open_text_encoders(
    tokenizer: Tokenizer, start: Path | None
) -> tuple[CLIPTextModel, CLIPTextModelWithProjection]:
    """Those of a folder in the format of transformers, or untrained ones."""
    if start is None:
        return components.build_text_encoders(tokenizer)
    return (
        CLIPTextModel.from_pretrained(start / "text_encoder"),
        CLIPTextModelWithProjection.from_pretrained(start / "text_encoder_2"),
    )


def train(worker: Worker, options: TextOptions) -> None:
    """One worker's part."""
    tokenizer = open_tokenizer(options.tokenizer)
    torch.manual_seed(SEED)
    first, second = open_text_encoders(tokenizer, options.start)
    for encoder in (first, second):
        # On a CPU the backward pass of the fused attention takes twice as long for such heads.
        encoder.set_attn_implementation("eager")
    heads = Heads()
    loop = Loop(
        {"text_encoder": first, "text_encoder_2": second, "heads": heads},
        worker=worker,
        schedule=options.schedule(final=2e-5),
        out=options.out,
        average=0.99,
        resume=options.resume,
    )

    def logits_and_classes(
        numbers: range, *, seed: int
    ) -> tuple[list[tuple[torch.Tensor, torch.Tensor]], torch.Tensor]:
        prompts = prompts_at(numbers, seed=seed)
        ids = token_ids(tokenizer, [prompt.text for prompt in prompts])
        return heads(encode(first, second, ids)), classes_of(prompts)

    def losses(step: int) -> torch.Tensor:
        logits, wanted = logits_and_classes(worker.numbers(step, options.batch), seed=SEED)
        parts = [
            functional.cross_entropy(one.float(), wanted[:, number])
            + functional.cross_entropy(two.float(), wanted[:, number])
            for number, (one, two) in enumerate(logits)
        ]
        return torch.stack(parts).mean()

    loop.run(losses)
    if worker.rank == 0:
        with loop.averaged(), torch.no_grad():
            logits, wanted = logits_and_classes(range(1000), seed=SEED + 1_000_000)
        loop.log(**accuracy(logits, wanted))
        final = components.build_text_encoders(tokenizer)
        for name, model in zip(("text_encoder", "text_encoder_2"), final, strict=True):
            load_weights(model, loop.averages_of(name))
            model.save_pretrained(options.out / name)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = command(
        "Train the pocket SDXL's text encoders.",
        examples="prompts",
        steps=900,
        batch=128,
        peak=2e-3,
        decay_from=0.5,
    )
    parser.add_argument("--tokenizer", type=Path, default=TextOptions.tokenizer)
    parser.add_argument("--start", type=Path, metavar="DIR", help="encoders to go on from")
    options = told(parser, TextOptions, arguments)
    in_parallel(train, options, workers=options.workers)


if __name__ == "__main__":
    main()
