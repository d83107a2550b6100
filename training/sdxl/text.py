"""Trains the pocket SDXL's two text encoders to tell what a prompt says.

``python -m training.sdxl.text --out DIR [--steps N] [--resume FILE] [--workers N]
[--device cuda --feeders N]``

No pictures are needed: small heads read every attribute of the scene, or that the prompt does not
mention it, from exactly what the UNet will see. The heads are thrown away afterwards and the
encoders stay as they are. ``DIR`` receives ``checkpoint.pt``, ``stable.pt``, ``log.jsonl`` and, at
the end, ``text_encoder/`` and ``text_encoder_2/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from training.feeding import Feed
from training.loop import Loop, Worker, in_parallel
from training.options import Options, command, told
from training.sdxl import components
from training.sdxl.examples import (
    SHIPPED_TOKENIZER,
    VALUES,
    Integers,
    Prompts,
    open_tokenizer,
    prompts,
)

SEED = 21
LOOKED_AT = 1000
"""Prompts whose reading is measured at the end."""


@dataclass(frozen=True)
class Encoded:
    """What the UNet sees of some prompts: ``states`` ``[n, 77, 192]``, ``pooled`` ``[n, 128]``."""

    states: torch.Tensor
    pooled: torch.Tensor


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
    if options.device == "cpu":
        for encoder in (first, second):
            # Here the backward pass of the fused attention takes twice as long for such heads.
            encoder.set_attn_implementation("eager")
    heads = Heads()
    for model in (first, second, heads):
        model.to(options.device)
    loop = Loop(
        {"text_encoder": first, "text_encoder_2": second, "heads": heads},
        worker=worker,
        schedule=options.schedule(final=2e-5),
        out=options.out,
        average=0.99,
        resume=options.resume,
        ends=options.ends,
    )

    taken = Prompts(
        seed=SEED,
        batch=options.batch,
        rank=worker.rank,
        count=worker.count,
        tokenizer=options.tokenizer,
    )

    def logits_and_classes(
        drawn: tuple[Integers, Integers],
    ) -> tuple[list[tuple[torch.Tensor, torch.Tensor]], torch.Tensor]:
        ids, wanted = (
            torch.from_numpy(part).to(options.device, non_blocking=True) for part in drawn
        )
        return heads(encode(first, second, ids)), wanted

    with closing(Feed(prompts, taken, feeders=options.feeders, first=loop.step)) as feed:

        def losses(step: int) -> torch.Tensor:
            logits, wanted = logits_and_classes(feed(step))
            parts = [
                functional.cross_entropy(one.float(), wanted[:, number])
                + functional.cross_entropy(two.float(), wanted[:, number])
                for number, (one, two) in enumerate(logits)
            ]
            return torch.stack(parts).mean()

        loop.run(losses)
    if worker.rank == 0:
        unseen = replace(taken, seed=SEED + 1_000_000, batch=LOOKED_AT, rank=0)
        with loop.averaged(), torch.no_grad():
            logits, wanted = logits_and_classes(prompts(unseen, 0))
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
