"""First stage: trains the vision tower and the connector to show what is in a picture.

``python -m training.idefics2.vision --out DIR [--paintings FILE ...] [--resume F]``

Small heads read every attribute from the image tokens in the way in which a language model will:
each with a query that attends to all of them. The heads are thrown away afterwards. ``DIR``
receives ``checkpoint.pt``, ``stable.pt`` (before the rate decays) and ``log.jsonl``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from transformers import Idefics2ForConditionalGeneration

from training.feeding import Feed
from training.idefics2 import model as pocket
from training.idefics2.painted import Painting, read
from training.idefics2.pictures import CLASSES, classes_of, sample_at, tiles, values_of
from training.idefics2.sizes import LATENTS, PATCH, TILE, TILES
from training.loop import Loop, Worker, in_parallel
from training.options import Options, command, told
from training.world.draw import draw
from training.world.scene import held_out_scenes

SEED = 41


class Heads(nn.Module):  # type: ignore[misc]
    """Reads the attributes from image tokens ``[n, 5 * 64, width]``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        count = len(CLASSES)
        self.norm = nn.LayerNorm(width)
        self.place = nn.Parameter(torch.randn(TILES, 1, width) * 0.1)
        self.queries = nn.Parameter(torch.randn(count, width) * width**-0.5)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.ModuleList(nn.Linear(width, len(names)) for names in CLASSES.values())

    def forward(self, states: torch.Tensor) -> list[torch.Tensor]:
        """Per attribute the logits ``[n, classes]``."""
        width = states.shape[-1]
        place = self.place.expand(-1, LATENTS, -1).reshape(1, -1, width)
        states = self.norm(states)
        keys, values = self.key(states + place), self.value(states)
        attention = torch.softmax(self.queries @ keys.transpose(1, 2), dim=-1)
        read_out = functional.gelu(attention @ values)
        return [head(read_out[:, number]) for number, head in enumerate(self.out)]


def image_states(model: Idefics2ForConditionalGeneration, pixels: torch.Tensor) -> torch.Tensor:
    """Image tokens ``[n, 5 * 64, width]`` of tiles ``[n, 5, 3, 64, 64]`` in [-1, 1].

    What ``get_image_features`` computes, without its search for padding.
    """
    count = pixels.shape[0]
    side = TILE // PATCH
    flat = pixels.flatten(0, 1)
    mask = torch.ones(flat.shape[0], side, side, dtype=torch.bool, device=pixels.device)
    hidden = model.model.vision_model(flat, patch_attention_mask=mask).last_hidden_state
    states: torch.Tensor = model.model.connector(hidden, attention_mask=mask.flatten(1))
    return states.reshape(count, -1, states.shape[-1])


def normalized(pixels: torch.Tensor) -> torch.Tensor:
    """Bytes as the vision tower takes them: bf16 in [-1, 1]."""
    return (pixels.float() / 127.5 - 1).to(torch.bfloat16)


def loss_of(logits: Sequence[torch.Tensor], classes: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of the attributes that have a value."""
    # None is asked whether it has a value: a GPU would be waited for.
    sums = [
        functional.cross_entropy(part.float(), classes[:, number], ignore_index=-1, reduction="sum")
        for number, part in enumerate(logits)
    ]
    known = (classes >= 0).sum(0).clamp(min=1)
    return (torch.stack(sums) / known).mean()


def batch_of(numbers: range, paintings: Sequence[Painting]) -> tuple[torch.Tensor, torch.Tensor]:
    """Tiles and classes of the training pictures of those numbers."""
    samples = [sample_at(number, seed=SEED, paintings=paintings) for number in numbers]
    pixels = [torch.from_numpy(tiles(sample.image, side=TILE)) for sample in samples]
    classes = torch.tensor([classes_of(sample.values) for sample in samples])
    return torch.stack(pixels), classes


@dataclass(frozen=True)
class Source:
    """What a process needs that draws a worker's batches."""

    paintings: Sequence[Painting]
    worker: Worker
    batch: int


def batch_at(source: Source, step: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What a worker learns from in a step."""
    return batch_of(source.worker.numbers(step, source.batch), source.paintings)


def held_out_batch(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Tiles and classes of tidy drawings of held-out scenes."""
    scenes = held_out_scenes(count, seed=SEED)
    pixels = [torch.from_numpy(tiles(draw(scene), side=TILE)) for scene in scenes]
    return torch.stack(pixels), torch.tensor([classes_of(values_of(scene)) for scene in scenes])


def shares_right(logits: Sequence[torch.Tensor], classes: torch.Tensor) -> dict[str, float]:
    """By attribute, the share of pictures read rightly."""
    shares = {}
    for number, key in enumerate(CLASSES):
        known = classes[:, number] >= 0
        if bool(known.any()):
            right = logits[number].argmax(1)[known] == classes[known, number]
            shares[key] = round(float(right.float().mean()), 3)
    return shares


@dataclass(frozen=True, kw_only=True)
class VisionOptions(Options):
    """Also the files of paintings to learn from."""

    paintings: Sequence[Path] = ()


def train(worker: Worker, options: VisionOptions) -> None:
    """One worker's part."""
    sample, wanted = (part.to(options.device) for part in held_out_batch(160))
    model = pocket.build(seed=SEED)
    # On a CPU, for so few tokens, a third faster than the fused kernel.
    model.set_attn_implementation("eager")
    heads = Heads(model.config.text_config.hidden_size)
    model.to(options.device)
    heads.to(options.device)
    vision, connector = model.model.vision_model, model.model.connector
    loop = Loop(
        {"vision": vision, "connector": connector, "heads": heads},
        worker=worker,
        schedule=options.schedule(final=2e-5),
        out=options.out,
        average=0.995,
        resume=options.resume,
        ends=options.ends,
    )
    source = Source(read(options.paintings), worker, options.batch)
    feed = Feed(batch_at, source, feeders=options.feeders, first=loop.step)

    def losses(step: int) -> torch.Tensor:
        if step and step % 250 == 0 and worker.rank == 0:
            with loop.averaged(), torch.no_grad():
                found = heads(image_states(model, normalized(sample)))
            loop.log(step=step, right=shares_right(found, wanted))
        pixels, classes = (part.to(options.device) for part in feed(step))
        return loss_of(heads(image_states(model, normalized(pixels))), classes)

    try:
        loop.run(losses, every=50)
    finally:
        feed.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = command(
        "Train the pocket Idefics2's vision.",
        examples="pictures",
        steps=2600,
        batch=24,
        peak=1.5e-3,
        decay_from=0.6,
    )
    parser.add_argument("--paintings", type=Path, nargs="*", default=(), metavar="FILE.npz")
    options = told(parser, VisionOptions, arguments)
    in_parallel(train, options, workers=options.workers)


if __name__ == "__main__":
    main()
