"""Second stage: trains the language model to talk about what the vision tower shows.

``python -m training.idefics2.language --vision FILE --tokenizer DIR --out DIR``, or, from the
weights of served files, ``--start DIR`` instead of ``--vision FILE``.

With ``--eyes`` what it sees with learns as well, from the answers and from the small heads of the
first stage. ``DIR`` receives ``checkpoint.pt``, ``stable.pt``, ``log.jsonl`` and, at the end,
``latest/``: the whole model in the format of transformers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import Idefics2ForConditionalGeneration

from training.feeding import Feed
from training.idefics2 import model as pocket
from training.idefics2 import vision
from training.idefics2.names import Values, item, listed, present, sentence, worn
from training.idefics2.painted import Painting, read
from training.idefics2.pictures import values_of
from training.idefics2.questions.describe import json_description, short_description
from training.idefics2.questions.phrases import Exchange, so
from training.idefics2.questions.sights import animal_of
from training.idefics2.rows import DRILL_SHARE, Batch, Row, collate, row_at, row_of
from training.idefics2.served import served_weights
from training.idefics2.strange_things import photographs_in
from training.idefics2.vision import image_states, normalized
from training.language.articles import with_article
from training.loop import Loop, Worker, in_parallel
from training.options import Options, command, told
from training.schedule import Schedule
from training.world.draw import draw
from training.world.scene import ANIMALS, held_out_scenes

SEED = 43
SAVED_EVERY, PROBED_EVERY = 1000, 1000
"""Steps from one checkpoint to the next, and from one look at its answers to the next."""
HEADS_FIRST, HEADS_WEIGHT = 500, 0.5
"""So many steps the heads learn to read what is seen before the eyes learn from them, and how much
that counts."""


def load_vision(model: Idefics2ForConditionalGeneration, checkpoint: Path) -> None:
    """Take over the first stage's averaged weights."""
    average = torch.load(checkpoint, weights_only=True)["average"]
    for label, part in (("vision", model.model.vision_model), ("connector", model.model.connector)):
        weights = {
            name.removeprefix(f"{label}."): value
            for name, value in average.items()
            if name.startswith(f"{label}.")
        }
        part.load_state_dict(weights)


def load_start(model: Idefics2ForConditionalGeneration, options: LanguageOptions) -> None:
    """Put the weights into a model with which its language model begins."""
    if options.start is not None:
        model.load_state_dict(served_weights(options.start), strict=False)
        model.tie_weights()
    elif options.vision is not None:
        load_vision(model, options.vision)
    else:
        raise ValueError("say where to begin: --vision CHECKPOINT or --start FOLDER")


def seen_in(model: Idefics2ForConditionalGeneration, batch: Batch) -> torch.Tensor | None:
    """Image tokens of a batch's pictures; None where there is no picture."""
    return image_states(model, normalized(batch.pixels)) if len(batch.pixels) else None


def hidden_states(
    model: Idefics2ForConditionalGeneration, batch: Batch, seen: torch.Tensor | None
) -> torch.Tensor:
    """The last hidden states ``[rows, length, width]`` of a batch, with its image tokens."""
    embedded = model.model.text_model.embed_tokens(batch.ids)
    if seen is not None:
        places = (batch.ids == model.config.image_token_id)[..., None].expand_as(embedded)
        embedded = embedded.masked_scatter(places, seen.to(embedded.dtype))
    hidden = batch.hidden
    mask = torch.zeros(hidden.shape, dtype=embedded.dtype, device=embedded.device)
    mask.masked_fill_(hidden, torch.finfo(embedded.dtype).min)
    states = model.model.text_model(
        inputs_embeds=embedded, attention_mask=mask, position_ids=batch.positions, use_cache=False
    ).last_hidden_state
    return states


def logits_of(
    model: Idefics2ForConditionalGeneration, batch: Batch, seen: torch.Tensor | None = None
) -> torch.Tensor:
    """Logits ``[targets, vocabulary]`` at the learned places, and at no other.

    ``seen`` are the batch's image tokens where they are known already.
    """
    seen = seen_in(model, batch) if seen is None else seen
    chosen = hidden_states(model, batch, seen).flatten(0, 1)[batch.targets]
    logits: torch.Tensor = functional.linear(chosen, model.model.text_model.embed_tokens.weight)
    return logits.float()


def loss_of(
    model: Idefics2ForConditionalGeneration, batch: Batch, seen: torch.Tensor | None = None
) -> torch.Tensor:
    """Weighted mean of the cross-entropy over the learned places; ``seen`` as ``logits_of``."""
    losses = functional.cross_entropy(logits_of(model, batch, seen), batch.labels, reduction="none")
    return (losses * batch.weights).mean()


def probes(tokenizer: Tokenizer, count: int) -> list[tuple[list[str], Row]]:
    """Held-out scenes with questions that have exactly one right answer, and their names."""
    found = []
    for scene in held_out_scenes(count, seed=SEED):
        asked = _probed(values_of(scene))
        found.append(([*asked], row_of(tokenizer, draw(scene), [*asked.values()])))
    return found


def _probed(values: Values) -> dict[str, Exchange]:
    caption, as_json = short_description(values), json_description(values)
    assert caption is not None and as_json is not None, "all of a drawn scene is certain"
    hat = item(values, "hat") if present(values, "hat") else "It wears no hat"
    held = item(values, "held") if present(values, "held") else "It holds nothing"
    wearing = listed(worn(values)) if worn(values) else "It wears nothing"
    clothing = sentence(item(values, "clothing"))
    other = ANIMALS[ANIMALS.index(values["animal"]) - 1]
    return {
        "caption": Exchange("Give a short caption.", caption),
        "clothing": Exchange("What does it wear below its head?", clothing),
        "hat": Exchange("What kind of hat does it wear?", sentence(hat)),
        "held": Exchange("What is it holding?", sentence(held)),
        "wearing": Exchange("What is it wearing?", sentence(wearing)),
        "verdict": Exchange(f"Is this {with_article(other)}?", so(animal_of(values), "no")),
        "json": Exchange("Describe this image as JSON.", as_json),
    }


def shares_right(
    model: Idefics2ForConditionalGeneration, asked: Sequence[tuple[list[str], Row]]
) -> dict[str, float]:
    """By question, the share of answers of which every token is the most likely one."""
    right: dict[str, list[bool]] = {}
    for names, row in asked:
        batch = collate([row])
        with torch.no_grad():
            found = logits_of(model, batch.to(model.device)).argmax(-1).cpu() == batch.labels
        segments = torch.tensor(row.segment)[batch.targets]
        for segment, name in enumerate(names, 1):
            right.setdefault(name, []).append(bool(found[segments == segment].all()))
    return {name: round(sum(each) / len(each), 3) for name, each in right.items()}


def seen_right(model: Idefics2ForConditionalGeneration, heads: vision.Heads) -> dict[str, float]:
    """By attribute, the share of held-out scenes whose value the heads read from what is seen."""
    pixels, classes = (part.to(model.device) for part in vision.held_out_batch(160))
    with torch.no_grad():
        return vision.shares_right(heads(image_states(model, normalized(pixels))), classes)


@dataclass(frozen=True, kw_only=True)
class LanguageOptions(Options):
    """Also what it builds on.

    Attributes:
        tokenizer: folder written by ``tokenizer``.
        vision: the first stage's checkpoint file.
        start: folder of served files to go on from, instead of ``vision``.
        paintings: files of paintings to talk about.
        photographs: folder of photographs that show nothing of the pocket world.
        eyes: vision tower and connector learn, too; otherwise they stay as they are.
        drills: share of the rows without a picture that train conclusions alone.
    """

    tokenizer: Path
    vision: Path | None = None
    start: Path | None = None
    paintings: Sequence[Path] = ()
    photographs: Path | None = None
    eyes: bool = False
    drills: float = DRILL_SHARE


@dataclass(frozen=True)
class Source:
    """What a process needs that draws a worker's batches."""

    tokenizer: Tokenizer
    paintings: Sequence[Painting]
    photographs: Sequence[Image.Image]
    worker: Worker
    batch: int
    drills: float = DRILL_SHARE


def batch_at(source: Source, step: int) -> Batch:
    """What a worker learns from in a step."""
    return collate(
        [
            row_at(
                number,
                source.tokenizer,
                paintings=source.paintings,
                photographs=source.photographs,
                drills=source.drills,
            )
            for number in source.worker.numbers(step, source.batch)
        ]
    )


def learning(
    model: Idefics2ForConditionalGeneration, options: LanguageOptions
) -> dict[str, torch.nn.Module]:
    """The parts that learn, on their device; the others stand still beside them in bf16."""
    # On a CPU the fused kernel is faster for these long rows, and slower for short tiles.
    model.set_attn_implementation("eager")
    model.model.text_model.set_attn_implementation("sdpa")
    model.to(options.device)
    eyes = {"vision": model.model.vision_model, "connector": model.model.connector}
    for part in eyes.values():
        part.to(torch.bfloat16).requires_grad_(options.eyes)
    text = {"text": model.model.text_model}
    return {**text, **eyes} if options.eyes else text


def train(worker: Worker, options: LanguageOptions) -> None:
    """One worker's part."""
    tokenizer = Tokenizer.from_file(str(options.tokenizer / "tokenizer.json"))
    photographs = photographs_in(options.photographs) if options.photographs else []
    source = Source(
        tokenizer,
        read(options.paintings),
        photographs,
        worker,
        options.batch,
        options.drills,
    )
    goes_on = options.start is not None
    model = pocket.build(seed=SEED)
    load_start(model, options)
    heads = vision.Heads(model.config.text_config.hidden_size).to(options.device)
    parts = learning(model, options)
    loop = Loop(
        {**parts, "heads": heads} if options.eyes else parts,
        worker=worker,
        schedule=options.schedule(
            final=2e-5, warm_up=min(100, options.steps // 8) if goes_on else Schedule.warm_up
        ),
        out=options.out,
        average=0.995,
        weight_decay=0.05,
        save_every=SAVED_EVERY,
        resume=options.resume,
        ends=options.ends,
    )
    feed = Feed(batch_at, source, feeders=options.feeders, first=loop.step)
    asked = probes(tokenizer, 60) if worker.rank == 0 else []

    def losses(step: int) -> torch.Tensor:
        if step and step % PROBED_EVERY == 0 and worker.rank == 0:
            with loop.averaged():
                right = shares_right(model, asked)
                seen = seen_right(model, heads) if options.eyes else {}
            loop.log(step=step, right=right, seen=seen)
        batch = feed(step).to(model.device)
        states = seen_in(model, batch)
        loss = loss_of(model, batch, states)
        if not options.eyes or states is None:
            return loss
        read_out = heads(states if step >= HEADS_FIRST else states.detach())
        return loss + HEADS_WEIGHT * vision.loss_of(read_out, batch.classes)

    try:
        loop.run(losses, every=50)
    finally:
        feed.close()
    if worker.rank == 0:
        finish(loop, options)


def finish(loop: Loop, options: LanguageOptions) -> None:
    """Write the whole model with averaged weights in float32."""
    model = pocket.build(seed=SEED)
    load_start(model, options)
    model.model.text_model.load_state_dict(loop.averages_of("text"))
    if options.eyes:
        model.model.vision_model.load_state_dict(loop.averages_of("vision"))
        model.model.connector.load_state_dict(loop.averages_of("connector"))
    model.tie_weights()
    model.save_pretrained(options.out / "latest")


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = command(
        "Train the pocket Idefics2's language model.",
        examples="rows",
        steps=1800,
        batch=8,
        peak=2.5e-3,
        decay_from=0.75,
    )
    begin = parser.add_mutually_exclusive_group(required=True)
    begin.add_argument("--vision", type=Path, metavar="CHECKPOINT")
    begin.add_argument("--start", type=Path, metavar="DIR", help="served files to go on from")
    parser.add_argument("--tokenizer", type=Path, required=True, metavar="DIR")
    parser.add_argument("--paintings", type=Path, nargs="*", default=(), metavar="FILE.npz")
    parser.add_argument("--photographs", type=Path, metavar="DIR")
    parser.add_argument("--eyes", action="store_true", help="what it sees with learns as well")
    parser.add_argument("--drills", type=float, default=DRILL_SHARE, help="rows of conclusions")
    options = told(parser, LanguageOptions, arguments)
    in_parallel(train, options, workers=options.workers)


if __name__ == "__main__":
    main()
