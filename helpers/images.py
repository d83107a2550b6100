"""Pictures on their way into a request: base64, small enough for the container."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageOps

from .errors import ImageTooLargeError

# TGI refuses bodies above 2,000,000 bytes. Base64 makes four bytes of three, and the prompt needs
# some room too.
MAX_IMAGE_BYTES = 1_400_000
SMALLEST_SIDE = 16
PLAIN_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
MIME_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def pil_image_to_base64(
    image: Image.Image,
    *,
    format: str = "JPEG",
    quality: int = 90,
    max_bytes: int = MAX_IMAGE_BYTES,
) -> str:
    """Encode a picture, made smaller step by step until it fits.

    Args:
        image: any mode, turned upright as its EXIF data say; transparency becomes white where
            the format has none, sixteen-bit grey is scaled down to eight bits.
        format: ``"JPEG"``, ``"PNG"`` or ``"WEBP"``.
        quality: 1 to 95, for JPEG and WebP.
        max_bytes: most bytes before base64.

    Returns:
        Base64 text without a prefix.

    Raises:
        ValueError: an unknown format.
        ImageTooLargeError: not even a tiny version fits.
    """
    if format not in MIME_TYPES:
        raise ValueError(f"unknown format {format!r}: choose one of {', '.join(MIME_TYPES)}")
    picture = _prepared(image)
    if format == "JPEG":
        picture = _flattened(picture)
    while True:
        buffer = io.BytesIO()
        picture.save(buffer, format=format, quality=quality)
        if buffer.tell() <= max_bytes:
            return base64.b64encode(buffer.getvalue()).decode("ascii")
        width, height = (side * 3 // 4 for side in picture.size)
        if min(width, height) < SMALLEST_SIDE:
            raise ImageTooLargeError(
                f"the picture does not fit into {max_bytes} bytes: allow more, or crop it"
            )
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)


def image_to_data_url(
    image: Image.Image,
    *,
    format: str = "JPEG",
    quality: int = 90,
    max_bytes: int = MAX_IMAGE_BYTES,
) -> str:
    """A picture as ``data:`` URL, as chat messages take it. See ``pil_image_to_base64``."""
    encoded = pil_image_to_base64(image, format=format, quality=quality, max_bytes=max_bytes)
    return f"data:{MIME_TYPES[format]};base64,{encoded}"


def _prepared(image: Image.Image) -> Image.Image:
    """Upright, since EXIF data get lost on the way, and in a mode that every format can store."""
    picture = ImageOps.exif_transpose(image)
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode == "La":
        return picture.convert("LA")
    if picture.mode in PLAIN_MODES:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _flattened(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(white, rgba).convert("RGB")
