"""What must hold of an image file before Pillow decodes it.

Pillow is kind to files that stricter libraries refuse, and some of its decoders are slow enough
to be used against us. The reasons resemble the texts of the Rust library image 0.25.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_COMMENT = re.compile(rb"#[^\r\n]*")
# DXGI formats of BC1, BC2 and BC3, which are DXT1, DXT3 and DXT5.
_DXGI = frozenset(range(70, 79))


class BadImageError(Exception):
    """The file is broken, or of a kind that is not read here."""


def guard(name: str, data: bytes) -> bytes:
    """The file as Pillow may have it.

    Args:
        name: the format's name in Pillow.
        data: the file, whose signature is that of the format.

    Raises:
        BadImageError: with the reason.
    """
    if name == "ICO":
        _check_icon(data)
    elif name == "DDS":
        _check_dds(data)
    elif name == "PPM" and data[1] in b"123":
        # Pillow takes quadratic time for comments among the numbers.
        return _COMMENT.sub(b"", data)
    return data


def _check_icon(data: bytes) -> None:
    """Every image of an icon must have the size that the directory says, at most 256."""
    for entry, kind, size in _icon_sizes(data):
        if entry != size:
            raise BadImageError(f"Entry{entry} and {kind}{size} dimensions do not match!")


def _icon_sizes(data: bytes) -> Iterator[tuple[tuple[int, int], str, tuple[int, int]]]:
    try:
        (count,) = struct.unpack_from("<H", data, 4)
        for index in range(count):
            width, height, offset = struct.unpack_from("<BB10xI", data, 6 + 16 * index)
            entry = (width or 256, height or 256)
            if data.startswith(_PNG, offset):
                yield entry, "PNG", struct.unpack_from(">II", data, offset + 16)
            else:
                # The height counts the mask below the image.
                columns, rows = struct.unpack_from("<4xii", data, offset)
                yield entry, "BMP", (columns, rows // 2)
    except struct.error:
        raise BadImageError("failed to fill whole buffer") from None


def _check_dds(data: bytes) -> None:
    if len(data) < 128:
        raise BadImageError("failed to fill whole buffer")
    height, width = struct.unpack_from("<II", data, 12)
    code = data[84:88]
    if code == b"DX10" and len(data) >= 132:
        known = struct.unpack_from("<I", data, 128)[0] in _DXGI
    else:
        known = code in (b"DXT1", b"DXT3", b"DXT5")
    if not known:
        raise BadImageError(
            f"the format features DDS FourCC {code.decode('latin-1')!r} are not supported"
        )
    if width % 4 or height % 4:
        raise BadImageError("The Image's dimensions are either too small or too large")
