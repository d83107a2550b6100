"""Export of a pipeline, where torch and diffusers are installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("transformers")
pytest.importorskip("onnxscript")

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline  # noqa: E402
from local_endpoints.engine.diffusion.request import ImageRequest  # noqa: E402
from tests.local_endpoints.engine.diffusion.tiny_pipeline import WORDS, write_tokenizer  # noqa: E402
from training.sdxl.export import EXACT, Exported, export, picture_error  # noqa: E402
from training.sdxl.graphs import ExportError, check, graphs_of, to_onnx  # noqa: E402

CONTEXT = 12
VOCABULARY = len(WORDS) + 3
REQUEST = ImageRequest("a red fox", num_inference_steps=3, guidance_scale=4.0, seed=1)


def modules() -> dict[str, Any]:
    """The parts of a pipeline with random weights, as small as the true classes can be."""
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(0)
    text = CLIPTextConfig(
        vocab_size=VOCABULARY,
        hidden_size=16,
        intermediate_size=16,
        projection_dim=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=CONTEXT,
        bos_token_id=VOCABULARY - 2,
        eos_token_id=VOCABULARY - 1,
    )
    return {
        "text_encoder": CLIPTextModel(text),
        "text_encoder_2": CLIPTextModelWithProjection(text),
        "vae": AutoencoderKL(
            block_out_channels=(8, 8),
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            latent_channels=4,
            norm_num_groups=4,
            scaling_factor=0.7,
        ),
        "unet": UNet2DConditionModel(
            sample_size=8,
            in_channels=4,
            out_channels=4,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            mid_block_type=None,
            block_out_channels=(16, 16),
            layers_per_block=1,
            attention_head_dim=2,
            norm_num_groups=4,
            cross_attention_dim=32,
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=4,
            projection_class_embeddings_input_dim=16 + 6 * 4,
        ),
        "scheduler": EulerDiscreteScheduler(
            beta_schedule="scaled_linear",
            beta_start=0.00085,
            beta_end=0.012,
            prediction_type="v_prediction",
            rescale_betas_zero_snr=True,
            timestep_spacing="trailing",
        ),
    }


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    for name, module in modules().items():
        module.save_pretrained(folder / name)
    write_tokenizer(folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="module")
def exported(model_dir: Path) -> Exported:
    return export(model_dir)


def from_diffusers(model_dir: Path, request: ImageRequest, size: int) -> np.ndarray:
    """The picture of the real pipeline, from the same noise."""
    from diffusers import StableDiffusionXLPipeline
    from transformers import PreTrainedTokenizerFast

    from training.sdxl.export import load_modules

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(model_dir / "tokenizer.json"),
        model_max_length=CONTEXT,
        pad_token="<|endoftext|>",
    )
    pipeline = StableDiffusionXLPipeline(
        **load_modules(model_dir),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        force_zeros_for_empty_prompt=False,
        add_watermarker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    noise = np.random.default_rng(request.seed).standard_normal(
        (4, size // 2, size // 2), dtype=np.float32
    )
    (image,) = pipeline(
        request.prompt,
        latents=torch.from_numpy(noise)[None],
        num_inference_steps=request.num_inference_steps,
        guidance_scale=request.guidance_scale,
        height=size,
        width=size,
        output_type="np",
    ).images
    return np.asarray(image) * 255


@pytest.mark.parametrize("size", [16, 24])
def test_the_engine_draws_what_diffusers_draws(
    exported: Exported, model_dir: Path, tmp_path: Path, size: int
) -> None:
    exported.write(tmp_path, EXACT)
    request = ImageRequest(**{**vars(REQUEST), "height": size, "width": size})
    (image,) = DiffusionPipeline(tmp_path, threads=1).generate([request])
    expected = from_diffusers(model_dir, request, size)
    assert expected.std() > 1
    assert np.abs(np.asarray(image) - expected).max() < 1


def test_the_shipped_files_are_small_and_close(exported: Exported, tmp_path: Path) -> None:
    exported.write(tmp_path / "exact", EXACT)
    exported.write(tmp_path / "shipped")
    assert sorted(path.name for path in (tmp_path / "shipped").iterdir()) == [
        "conditions.onnx",
        "config.json",
        "text_encoders.onnx",
        "tokenizer.json",
        "unet.onnx",
        "vae_decoder.onnx",
    ]
    error = picture_error(tmp_path / "exact", tmp_path / "shipped", REQUEST)
    assert error.largest <= 4
    config = json.loads((tmp_path / "shipped" / "config.json").read_text())
    assert (config["image_size"], config["scaling_factor"]) == (16, 0.7)
    assert config["scheduler"]["prediction_type"] == "v_prediction"
    content = b"".join(path.read_bytes() for path in (tmp_path / "shipped").glob("*.onnx"))
    assert b".py" not in content, "no path of a source file"


def test_the_same_module_gives_the_same_bytes_and_a_changed_one_is_refused() -> None:
    graph, again = (graphs_of(modules())[2] for _ in range(2))
    model = to_onnx(graph)
    assert model.SerializeToString(deterministic=True) == to_onnx(again).SerializeToString(
        deterministic=True
    )
    check(graph, model)
    with torch.no_grad():
        graph.module.vae.decoder.conv_out.bias += 1
    with pytest.raises(ExportError, match="vae_decoder: sample differs from torch"):
        check(graph, model)


def test_a_tokenizer_of_another_model_is_refused(model_dir: Path, tmp_path: Path) -> None:
    other = tmp_path / "tokenizer.json"
    write_tokenizer(other)
    vocabulary = json.loads(other.read_text())
    del vocabulary["model"]["vocab"]["fox"]
    other.write_text(json.dumps(vocabulary))
    with pytest.raises(ExportError, match="the tokenizer has"):
        export(model_dir, other)
    with pytest.raises(FileNotFoundError, match="--tokenizer"):
        export(model_dir, tmp_path / "missing.json")
