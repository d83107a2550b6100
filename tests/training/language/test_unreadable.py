from __future__ import annotations

import random

from training.language.chat import bare
from training.language.lexicon import Draw
from training.language.unreadable import unreadable


def test_what_cannot_be_read_gets_a_short_answer_in_english() -> None:
    scripts = 0
    for seed in range(300):
        chat = unreadable(Draw(random.Random(seed)))
        asked, answer = (message["content"] for message in chat.messages)
        assert bare(asked).strip()
        assert answer.isascii() and len(answer) < 120
        scripts += any(ord(letter) > 0x370 for letter in asked)
    assert 150 < scripts < 290
