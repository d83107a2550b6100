"""The order of a UNet's modules, read from its configuration: both of its graphs follow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


class UnknownUnet(ValueError):
    """A configuration that the graphs cannot express."""


@dataclass(frozen=True)
class Part:
    """One step on the way through the UNet.

    Attributes:
        kind: ``resnet``, ``attention``, ``down`` or ``up``.
        name: of the module.
        level: how often the picture's sides were halved before it.
        skip: whether it first takes in what a step on the way down kept.
        kept: whether a step on the way up takes in its result.
        heads: of an attention.
    """

    kind: str
    name: str
    level: int
    skip: bool = False
    kept: bool = False
    heads: int = 0


def parts_of(config: Mapping[str, Any]) -> list[Part]:
    """All parts in order.

    Raises:
        UnknownUnet: it has blocks or settings that SDXL's UNet has not.
    """
    _check(config)
    return [*_down(config), *_middle(config), *_up(config)]


def _check(config: Mapping[str, Any]) -> None:
    expected = {
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "act_fn": "silu",
        "center_input_sample": False,
        "resnet_time_scale_shift": "default",
        "flip_sin_to_cos": True,
        "freq_shift": 0,
        "num_attention_heads": None,
    }
    for name, value in expected.items():
        if config[name] != value:
            raise UnknownUnet(f"{name} must be {value!r}, not {config[name]!r}")
    known = {"DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"}
    found = {*config["down_block_types"], *config["up_block_types"]}
    if not found <= known or config["mid_block_type"] not in (None, "UNetMidBlock2DCrossAttn"):
        raise UnknownUnet(f"unknown blocks: {sorted(found - known) or config['mid_block_type']}")


def _per_block(config: Mapping[str, Any], name: str) -> list[int]:
    value = config[name]
    blocks = len(config["down_block_types"])
    return [value] * blocks if isinstance(value, int) else list(value)


def _down(config: Mapping[str, Any]) -> Iterator[Part]:
    heads, layers = _per_block(config, "attention_head_dim"), _per_block(config, "layers_per_block")
    last = len(heads) - 1
    for block, kind in enumerate(config["down_block_types"]):
        name = f"down_blocks.{block}"
        attends = kind.startswith("CrossAttn")
        for layer in range(layers[block]):
            yield Part("resnet", f"{name}.resnets.{layer}", block, kept=not attends)
            if attends:
                attention = f"{name}.attentions.{layer}"
                yield Part("attention", attention, block, kept=True, heads=heads[block])
        if block < last:
            yield Part("down", f"{name}.downsamplers.0.conv", block, kept=True)


def _middle(config: Mapping[str, Any]) -> Iterator[Part]:
    if config["mid_block_type"] is None:
        return
    heads = _per_block(config, "attention_head_dim")
    level = len(heads) - 1
    yield Part("resnet", "mid_block.resnets.0", level)
    yield Part("attention", "mid_block.attentions.0", level, heads=heads[-1])
    yield Part("resnet", "mid_block.resnets.1", level)


def _up(config: Mapping[str, Any]) -> Iterator[Part]:
    heads, layers = _per_block(config, "attention_head_dim"), _per_block(config, "layers_per_block")
    for block, kind in enumerate(config["up_block_types"]):
        name, level = f"up_blocks.{block}", len(heads) - 1 - block
        for layer in range(layers[level] + 1):
            yield Part("resnet", f"{name}.resnets.{layer}", level, skip=True)
            if kind.startswith("CrossAttn"):
                yield Part("attention", f"{name}.attentions.{layer}", level, heads=heads[level])
        if level:
            yield Part("up", f"{name}.upsamplers.0.conv", level)
