"""Trains the judge: a small network that reads from a picture what it shows.

``python -m training.sdxl.judge --out tests/judge/judge.onnx`` trains it on drawn
scenes, made soft, noisy and shifted as a diffusion model's pictures may be, and writes half
precision weights that are cast when the file is loaded. ``judging.Judge`` reads with it.
"""

from __future__ import annotations

import argparse
import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnx import ModelProto, TensorProto, helper, numpy_helper
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from training.files import write_whole
from training.judging import CLASSES, SIDE, truth
from training.world.draw import draw
from training.world.scene import Scene, sample_training_scene

LAYERS = ((3, 32, 6, 4, 1), (32, 32, 3, 1, 1), (32, 64, 3, 2, 1), (64, 64, 3, 1, 1),
          (64, 80, 3, 2, 1), (80, 80, 3, 1, 1), (80, 24, 1, 1, 0))  # fmt: skip
"""Convolutions: channels in and out, kernel, stride, padding. 128 pixels become 32, 16, 8."""
FLAT = 24 * 8 * 8
HIDDEN = 112
OPSET, IR_VERSION = 20, 10
REPLAYED = 0.5
"""Share of each batch that was drawn for earlier batches: drawing is the slowest part."""


class JudgeNet(nn.Module):  # type: ignore[misc]
    """Convolutions with batch norm, one hidden layer over all places, one output per attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv2d(source, target, kernel, stride, padding, bias=False)
            for source, target, kernel, stride, padding in LAYERS
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(layer[1]) for layer in LAYERS)
        self.hidden = nn.Linear(FLAT, HIDDEN)
        self.heads = nn.Linear(HIDDEN, sum(map(len, CLASSES.values())))
        self.drop = nn.Dropout(0.1)

    def forward(self, pixels: Tensor) -> Tensor:
        """Logits ``[n, all classes]`` of pictures ``[n, 3, 128, 128]`` in [0, 1]."""
        values = pixels
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            values = functional.relu(norm(convolution(values)))
        hidden: Tensor = functional.relu(self.hidden(values.flatten(1)))
        logits: Tensor = self.heads(self.drop(hidden))
        return logits


class Pictures:
    """Drawn scenes with their labels, half of every batch new, half from earlier batches."""

    def __init__(self, *, seed: int, kept: int = 12_000) -> None:
        self._rng = random.Random(seed)
        self._kept = kept
        self._pixels: list[Tensor] = []
        self._labels: list[Tensor] = []

    def batch(self, size: int) -> tuple[Tensor, Tensor]:
        """Bytes ``[size, 3, 128, 128]`` and labels ``[size, attributes]`` (-1: nothing to say)."""
        old = min(round(size * REPLAYED), len(self._pixels))
        chosen = self._rng.sample(range(len(self._pixels)), old)
        pixels = [self._pixels[index] for index in chosen]
        labels = [self._labels[index] for index in chosen]
        for _ in range(size - old):
            scene = sample_training_scene(self._rng)
            pixels.append(torch.from_numpy(np.array(draw(scene))).permute(2, 0, 1))
            labels.append(labels_of(scene))
            if len(self._pixels) < self._kept:
                self._pixels.append(pixels[-1])
                self._labels.append(labels[-1])
            else:
                place = self._rng.randrange(self._kept)
                self._pixels[place], self._labels[place] = pixels[-1], labels[-1]
        return torch.stack(pixels), torch.stack(labels)


def labels_of(scene: Scene) -> Tensor:
    """The class of every attribute of ``CLASSES``; -1 for a colour of nothing."""
    values = truth(scene)
    return torch.tensor(
        [classes.index(values[key]) if values[key] else -1 for key, classes in CLASSES.items()]
    )


def disturbed(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures as a diffusion model might have made them, in [0, 1].

    Some go through JPEG; every one is shifted by up to 6 pixels, blurred, lit differently and
    given noise, each to a degree of its own.
    """
    count = len(pixels)
    for index in torch.nonzero(torch.rand(count, generator=generator) < 0.2).flatten().tolist():
        pixels[index] = _through_jpeg(pixels[index], generator)
    images = _shifted(pixels, generator).float() / 255

    def amounts(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)

    soft = functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
    images = torch.lerp(images, soft, amounts(-0.6, 1.3).clamp(0, 1))
    softer = functional.interpolate(
        functional.avg_pool2d(soft, 2), scale_factor=2.0, mode="bilinear", align_corners=False
    )
    images = torch.lerp(images, softer, amounts(-1.5, 1.0).clamp(0, 1))
    grey = images.mean(1, keepdim=True)
    images = torch.lerp(grey, images, amounts(0.7, 1.4))
    images = (images - 0.5) * amounts(0.75, 1.3) + 0.5 + amounts(-0.12, 0.12)
    images += torch.randn(images.shape, generator=generator) * amounts(0, 0.06)
    return images.clamp_(0, 1)


def _through_jpeg(picture: Tensor, generator: torch.Generator) -> Tensor:
    stream = io.BytesIO()
    quality = int(torch.randint(35, 95, (), generator=generator))
    Image.fromarray(picture.permute(1, 2, 0).numpy()).save(stream, "JPEG", quality=quality)
    return torch.from_numpy(np.array(Image.open(stream))).permute(2, 0, 1)


def _shifted(pixels: Tensor, generator: torch.Generator) -> Tensor:
    padded = functional.pad(pixels.float(), (6, 6, 6, 6), mode="replicate").to(torch.uint8)
    places = torch.randint(0, 13, (len(pixels), 2), generator=generator).tolist()
    return torch.stack(
        [
            picture[:, y : y + SIDE, x : x + SIDE]
            for picture, (y, x) in zip(padded, places, strict=True)
        ]
    )


def loss_of(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy of the attributes; colours count where there is something to colour."""
    parts = logits.float().split([len(classes) for classes in CLASSES.values()], 1)
    losses = [
        functional.cross_entropy(part, labels[:, index], ignore_index=-1, label_smoothing=0.02)
        for index, part in enumerate(parts)
        if bool((labels[:, index] >= 0).any())
    ]
    return torch.stack(losses).mean()


def train(*, steps: int, batch: int, seed: int = 1, rate: float = 3e-3) -> JudgeNet:
    """Train a judge from scratch; prints the loss every 25 steps."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    net, pictures = JudgeNet(), Pictures(seed=seed)
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rate, total_steps=steps, pct_start=0.15
    )
    seen: list[float] = []
    for step in range(1, steps + 1):
        pixels, labels = pictures.batch(batch)
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(disturbed(pixels, generator))
        loss = loss_of(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        seen.append(float(loss.detach()))
        if step % 25 == 0 or step == steps:
            print(f"step {step}: loss {sum(seen) / len(seen):.4f}", flush=True)
            seen = []
    settle(net, pictures, generator, batch=batch)
    net.eval()
    return net


def settle(
    net: JudgeNet, pictures: Pictures, generator: torch.Generator, *, batch: int, batches: int = 16
) -> None:
    """Measure the norms' means and variances anew, with the final weights and in float32."""
    net.train()
    for norm in net.norms:
        assert isinstance(norm, nn.BatchNorm2d)
        norm.reset_running_stats()
        norm.momentum = None
    with torch.no_grad():
        for _ in range(batches):
            net(disturbed(pictures.batch(batch)[0], generator))


def graph(net: JudgeNet) -> ModelProto:
    """The network as ONNX: norms folded into the convolutions, weights in half precision.

    See ``judging.Judge`` for its input and outputs.
    """
    nodes: list[Any] = []
    initializers: list[Any] = []

    def half(name: str, values: Tensor) -> str:
        array = values.detach().numpy().astype(np.float16)
        initializers.append(numpy_helper.from_array(array, f"{name}.half"))
        nodes.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
        return name

    def node(operator: str, inputs: list[str], outputs: list[str], **attributes: Any) -> str:
        nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[0], **attributes))
        return outputs[0]

    values = "pixels"
    for index, (layer, convolution, norm) in enumerate(
        zip(LAYERS, net.convolutions, net.norms, strict=True)
    ):
        assert isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
        weight, bias = folded(convolution, norm)
        inputs = [values, half(f"{index}.weight", weight), half(f"{index}.bias", bias)]
        values = node("Conv", inputs, [f"{index}"], strides=[layer[3]] * 2, pads=[layer[4]] * 4)
        values = node("Relu", [values], [f"{index}.active"])
    values = node("Flatten", [values], ["flat"])
    for name, linear in (("hidden", net.hidden), ("heads", net.heads)):
        inputs = [values, half(f"{name}.weight", linear.weight), half(f"{name}.bias", linear.bias)]
        values = node("Gemm", inputs, [name], transB=1)
        if name == "hidden":
            values = node("Relu", [values], ["hidden.active"])
    sizes = np.array([len(classes) for classes in CLASSES.values()], np.int64)
    initializers.append(numpy_helper.from_array(sizes, "sizes"))
    node("Split", [values, "sizes"], list(CLASSES), axis=1)
    info = helper.make_tensor_value_info
    shown = helper.make_graph(
        nodes,
        "judge",
        [info("pixels", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
        [info(key, TensorProto.FLOAT, ["n", len(names)]) for key, names in CLASSES.items()],
        initializers,
    )
    return helper.make_model(
        shown,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="local_endpoints",
    )


def folded(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weight and bias of the one convolution that does the work of both layers."""
    assert norm.running_mean is not None and norm.running_var is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return convolution.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def write(model: ModelProto, path: Path) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, model.SerializeToString(deterministic=True))


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line: train, export, print the size."""
    parser = argparse.ArgumentParser(description="Train the judge of the pocket SDXL's pictures.")
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--steps", type=int, default=750)
    parser.add_argument("--batch", type=int, default=64)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    net = train(steps=options.steps, batch=options.batch)
    write(graph(net), options.out)
    count = sum(parameter.numel() for parameter in net.parameters())
    print(f"{options.out.name}: {count} parameters, {options.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
