"""A decoder in plain torch, with the names that transformers gives the weights.

It computes what `GemmaForCausalLM` and `Qwen3ForCausalLM` compute, in fewer kernels.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.language.attention import causal
from training.language.forks import Fork, attend, positions


@dataclass(frozen=True)
class Shape:
    """The sizes of a model, and in what its family differs.

    Attributes:
        gemma: norms are stored as the distance from one, the embedding is scaled by the root of
            the width, and the MLP has the tanh form of GELU; otherwise plain norms and SiLU.
        head_norms: queries and keys are normed per head before they are rotated.
    """

    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    mlp: int
    theta: float
    gemma: bool
    head_norms: bool
    epsilon: float = 1e-6


class Norm(nn.Module):  # type: ignore[misc]
    """RMS norm over the last axis."""

    def __init__(self, size: int, shape: Shape) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(size) if shape.gemma else torch.ones(size))
        self.offset = 1.0 if shape.gemma else 0.0
        self.epsilon = shape.epsilon

    def forward(self, states: Tensor) -> Tensor:
        """The same shape, in the type that came in."""
        wide = states.float()
        wide = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)
        return (wide * (self.offset + self.weight)).to(states.dtype)


class Attention(nn.Module):  # type: ignore[misc]
    """Causal attention with grouped heads."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        # Plain attributes of the module: a compiler takes them for constants.
        self.heads, self.kv_heads, self.head_dim = shape.heads, shape.kv_heads, shape.head_dim
        self.head_norms = shape.head_norms
        self.q_proj = nn.Linear(shape.width, shape.heads * shape.head_dim, bias=False)
        self.k_proj = nn.Linear(shape.width, shape.kv_heads * shape.head_dim, bias=False)
        self.v_proj = nn.Linear(shape.width, shape.kv_heads * shape.head_dim, bias=False)
        self.o_proj = nn.Linear(shape.heads * shape.head_dim, shape.width, bias=False)
        if shape.head_norms:
            self.q_norm = Norm(shape.head_dim, shape)
            self.k_norm = Norm(shape.head_dim, shape)

    def forward(
        self, states: Tensor, cos: Tensor, sin: Tensor, parts: tuple[Fork, ...] = ()
    ) -> Tensor:
        """``(batch, length, width)`` to the same; with ``parts`` a token sees less than all
        before it: see `forks`."""
        batch, length, _ = states.shape
        q = self.q_proj(states).view(batch, length, self.heads, self.head_dim)
        k = self.k_proj(states).view(batch, length, self.kv_heads, self.head_dim)
        v = self.v_proj(states).view(batch, length, self.kv_heads, self.head_dim)
        if self.head_norms:
            q, k = self.q_norm(q), self.k_norm(k)
        q, k = _rotate(q, cos, sin).transpose(1, 2), _rotate(k, cos, sin).transpose(1, 2)
        groups = self.heads // self.kv_heads
        k = k.repeat_interleave(groups, dim=1)
        v = v.transpose(1, 2).repeat_interleave(groups, dim=1)
        mixed = attend(q, k, v, parts) if parts else causal(q, k, v)
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, length, -1))


def _rotate(heads: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate by position: heads are (batch, length, heads, size), tables (length, size / 2), with
    the batch before them where chats have positions of their own."""
    first, second = heads.float().chunk(2, dim=-1)
    cos, sin = cos.unsqueeze(-2), sin.unsqueeze(-2)
    turned = torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)
    return turned.to(heads.dtype)


class Mlp(nn.Module):  # type: ignore[misc]
    """Gated feed-forward part."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gemma = shape.gemma
        self.gate_proj = nn.Linear(shape.width, shape.mlp, bias=False)
        self.up_proj = nn.Linear(shape.width, shape.mlp, bias=False)
        self.down_proj = nn.Linear(shape.mlp, shape.width, bias=False)

    def forward(self, states: Tensor) -> Tensor:
        """``(batch, length, width)`` to the same."""
        gate = self.gate_proj(states)
        active = functional.gelu(gate, approximate="tanh") if self.gemma else functional.silu(gate)
        return self.down_proj(active * self.up_proj(states))


class Layer(nn.Module):  # type: ignore[misc]
    """Attention and feed-forward, each normed before and added after."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.self_attn = Attention(shape)
        self.mlp = Mlp(shape)
        self.input_layernorm = Norm(shape.width, shape)
        self.post_attention_layernorm = Norm(shape.width, shape)

    def forward(
        self, states: Tensor, cos: Tensor, sin: Tensor, parts: tuple[Fork, ...] = ()
    ) -> Tensor:
        """``(batch, length, width)`` to the same."""
        states = states + self.self_attn(self.input_layernorm(states), cos, sin, parts)
        return states + self.mlp(self.post_attention_layernorm(states))


class _Body(nn.Module):  # type: ignore[misc]
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape)


class Decoder(nn.Module):  # type: ignore[misc]
    """The whole model; the head is the embedding."""

    cos: Tensor
    sin: Tensor

    def __init__(self, shape: Shape, *, positions: int = 4096, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.shape = shape
        self.model = _Body(shape)
        frequencies = shape.theta ** (-torch.arange(0, shape.head_dim, 2).float() / shape.head_dim)
        angles = torch.arange(positions).float()[:, None] * frequencies[None]
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.ndim > 1:
                # Branches that add to the residual start small, so that depth does no harm.
                last = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(parameter, std=0.02 / ((2 * shape.layers) ** 0.5 if last else 1))

    def states(self, tokens: Tensor, parts: tuple[Fork, ...] = ()) -> Tensor:
        """Hidden states after the last norm: ``(batch, length)`` to ``(batch, length, width)``.

        ``parts`` tell how the chats fork, if they do.
        """
        length = tokens.shape[1]
        places: Tensor | slice = slice(length)
        if parts:
            places = positions(parts, length).to(tokens.device)
        cos, sin = self.cos[places], self.sin[places]
        states = self.model.embed_tokens(tokens)
        if self.shape.gemma:
            states = states * self.shape.width**0.5
        for layer in self.model.layers:
            states = layer(states, cos, sin, parts)
        normed: Tensor = self.model.norm(states)
        return normed

    def logits(self, tokens: Tensor) -> Tensor:
        """``(batch, length)`` to ``(batch, length, vocabulary)``."""
        return functional.linear(self.states(tokens), self.model.embed_tokens.weight)

    def loss(
        self,
        tokens: Tensor,
        positions: Tensor,
        targets: Tensor,
        parts: tuple[Fork, ...] = (),
    ) -> Tensor:
        """Summed cross-entropy at the flat ``positions``; logits are made for no other place."""
        chosen = self.states(tokens, parts).flatten(0, 1)[positions]
        logits = functional.linear(chosen, self.model.embed_tokens.weight)
        return functional.cross_entropy(logits.float(), targets, reduction="sum")
