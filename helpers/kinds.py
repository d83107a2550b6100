"""What a file is that cannot be read as a picture, and what to do with it."""

from __future__ import annotations

SIGNATURES = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"RIFF": "WebP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
}
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
AVIF_BRANDS = (b"avif", b"avis")
OTHERS = {
    b"%PDF": "it is PDF. Export the page as PNG",
    b"PK\x03\x04": "it is a ZIP archive, or a document. Take the picture out of it",
    b"\x1f\x8b": "it is compressed with gzip. Unpack it",
}
AGAIN = "copy, download or save it again"


def kind_of(head: bytes) -> str:
    """Half a sentence about a file that Pillow cannot identify, and what to do.

    Args:
        head: its first bytes, some thousand of them.
    """
    if not head:
        return f"the file is empty, {AGAIN}"
    if head[4:8] == b"ftyp":
        return _kind_of_container(head[8:12])
    for signature, words in OTHERS.items():
        if head.startswith(signature):
            return words
    for signature, name in SIGNATURES.items():
        if head.startswith(signature):
            return f"it begins like {name}, but is cut off or damaged, {AGAIN}"
    return _kind_of_text(head.decode("utf-8", "ignore").lower())


def _kind_of_container(brand: bytes) -> str:
    if brand in AVIF_BRANDS:
        return f"it begins like AVIF, but is cut off or damaged, {AGAIN}"
    if brand in HEIC_BRANDS:
        return "it is HEIC, as iPhones save it. Export it as JPEG"
    return "it is a video. Save one of its frames as PNG or JPEG"


def _kind_of_text(text: str) -> str:
    if "<svg" in text:
        return "it is SVG, which a browser draws. Export it as PNG"
    if "<html" in text or "<!doctype html" in text:
        return "it is a web page. Download the picture itself"
    if all(letter >= " " or letter in "\t\r\n\f" for letter in text):
        return "it is text. Choose a picture, for example a PNG or JPEG file"
    return "nobody here knows its format. Save it as PNG or JPEG"
