"""The shapes of the pocket SDXL's parts, all of them true diffusers and transformers classes."""

from __future__ import annotations

from typing import Any

from diffusers import AutoencoderKL, EulerDiscreteScheduler, UNet2DConditionModel
from tokenizers import Tokenizer
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from training.sdxl.tokenizer import END, START

IMAGE_SIZE = 128
LATENT_CHANNELS = 8
LATENT_SIZE = IMAGE_SIZE // 8
CONTEXT = 77
"""Tokens per prompt, as in CLIP."""
WIDTH_1, WIDTH_2 = 64, 128
"""Hidden sizes of the two text encoders; the UNet attends to both side by side."""
TIME_IDS = (IMAGE_SIZE, IMAGE_SIZE, 0, 0, IMAGE_SIZE, IMAGE_SIZE)
"""Original size, crop and target size, as the SDXL pipeline passes them."""
SCHEDULE: dict[str, Any] = {
    "num_train_timesteps": 1000,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "prediction_type": "v_prediction",
    "rescale_betas_zero_snr": True,
    "timestep_spacing": "trailing",
}


def build_vae() -> AutoencoderKL:
    """The autoencoder: 3 x 128 x 128 pixels in [-1, 1] to 8 x 16 x 16 latents and back."""
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(24, 32, 64, 96),
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=8,
        sample_size=IMAGE_SIZE,
        scaling_factor=1.0,
    )


def text_config(width: int, *, layers: int, tokenizer: Tokenizer) -> CLIPTextConfig:
    """CLIP's text tower at pocket size."""
    end = tokenizer.token_to_id(END)
    return CLIPTextConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=width,
        intermediate_size=3 * width,
        projection_dim=width,
        num_hidden_layers=layers,
        num_attention_heads=width // 32,
        max_position_embeddings=CONTEXT,
        hidden_act="gelu",
        bos_token_id=tokenizer.token_to_id(START),
        eos_token_id=end,
        pad_token_id=end,
    )


def build_text_encoders(
    tokenizer: Tokenizer,
) -> tuple[CLIPTextModel, CLIPTextModelWithProjection]:
    """The two text encoders. The UNet sees the hidden states before the last layer of each, and
    the projection of the second one's last state."""
    return (
        CLIPTextModel(text_config(WIDTH_1, layers=2, tokenizer=tokenizer)),
        CLIPTextModelWithProjection(text_config(WIDTH_2, layers=3, tokenizer=tokenizer)),
    )


def build_unet() -> UNet2DConditionModel:
    """The UNet: predicts v from noisy latents, a timestep, the prompt and the sizes."""
    return UNet2DConditionModel(
        sample_size=LATENT_SIZE,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(96, 128, 128),
        layers_per_block=1,
        transformer_layers_per_block=(1, 1, 1),
        attention_head_dim=(2, 2, 2),  # the number of heads, as SDXL's own configuration has it
        norm_num_groups=16,
        cross_attention_dim=WIDTH_1 + WIDTH_2,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=16,
        projection_class_embeddings_input_dim=WIDTH_2 + 6 * 16,
    )


def build_scheduler() -> EulerDiscreteScheduler:
    """Euler steps over the zero-terminal-SNR schedule that the UNet is trained on."""
    return EulerDiscreteScheduler(**SCHEDULE)
