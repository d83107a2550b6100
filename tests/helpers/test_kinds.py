from __future__ import annotations

import pytest

from helpers import PictureError, load_picture
from helpers.kinds import kind_of


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b'<?xml version="1.0"?><!-- drawn by hand --><svg xmlns="...">', "SVG, which a browser"),
        (b"<!DOCTYPE html><title>Sign in</title><svg></svg>", "SVG|web page"),
        (b"<html><body>404", "web page. Download the picture itself"),
        ("Ein Gedicht über Äpfel\n".encode() * 9, "it is text"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC, as iPhones save it. Export it as JPEG"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "like AVIF, but is cut off"),
        (b"%PDF-1.7\n", "PDF. Export the page"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\x89PNG\r\n\x1a\n\0\0", "like PNG, but is cut off or damaged"),
        (b"\xff\xd8\xff\xe0", "like JPEG, but is cut off or damaged"),
        (bytes(range(1, 200)), "nobody here knows its format"),
    ],
)
def test_it_says_what_the_file_is(head: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        load_picture(head)


def test_a_letter_that_is_cut_in_two_is_still_text() -> None:
    assert "text" in kind_of("Äpfel".encode() * 3 + "Ä".encode()[:1])
