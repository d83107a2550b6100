"""The pocket Idefics2's tokenizer, chat template and processor, as their readers see them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tokenizers import Tokenizer

from local_endpoints.containers.text.template import ChatTemplate
from tests.training.idefics2.truth import sampled_values
from training.idefics2 import processor, tokenizer
from training.idefics2.questions.mixture import exchange_about
from training.idefics2.sizes import LATENTS, TILES
from training.idefics2.tokenizer import (
    BOS,
    END_OF_UTTERANCE,
    EOS,
    FAKE,
    FAKE_TEXT,
    IMAGE,
    IMAGE_TEXT,
    PAD,
    VOCABULARY,
    train,
    write,
)

TEXTS = (
    "What animal is this?",
    "There once was a fox in the snow,\nIts nose had a rosy little glow;\n\nThe end.",
    "  two  spaces, and one at the end ",
    "Größe: süße Füchse, naïve café, Zürich",
    "🦙🎈 and 日本",
    '{"animal": "fox", "place": null}',
    "\t\x00tab and zero",
    "",
)
REAL_TEMPLATE = (
    "{% for message in messages %}{{message['role'].capitalize()}}"
    "{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}"
    "<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)
"""That of idefics2-8b-chatty."""
PART = {"type": "image"}


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


CHATS: tuple[tuple[list[dict[str, Any]], str], ...] = (
    (
        [{"role": "user", "content": [PART, text("What is this?")]}],
        "User:<image>What is this?<end_of_utterance>\nAssistant:",
    ),
    (
        [{"role": "user", "content": [text("What is this?")]}],
        "User: What is this?<end_of_utterance>\nAssistant:",
    ),
    (
        [{"role": "user", "content": [text("What is this?"), PART]}],
        "User: What is this?<image><end_of_utterance>\nAssistant:",
    ),
    (
        [
            {"role": "user", "content": [PART, PART, text("Which animals?")]},
            {"role": "assistant", "content": [text("A fox and an owl.")]},
            {"role": "user", "content": [text("Thanks")]},
        ],
        "User:<image><image>Which animals?<end_of_utterance>\n"
        "Assistant: A fox and an owl.<end_of_utterance>\n"
        "User: Thanks<end_of_utterance>\nAssistant:",
    ),
)


@pytest.fixture(scope="module")
def trained() -> Tokenizer:
    return train(texts=300)


@pytest.fixture(scope="module")
def folder(trained: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the export leaves it, without the graphs."""
    path = tmp_path_factory.mktemp("processor")
    write(trained, path)
    processor.write(path)
    return path


@pytest.fixture(scope="module")
def loaded(folder: Path) -> Any:
    """The processor that transformers makes of the folder."""
    transformers = pytest.importorskip("transformers")
    made = transformers.AutoProcessor.from_pretrained(folder)
    assert type(made).__name__ == "Idefics2Processor"
    return made


def test_special_tokens_are_where_the_constants_say(trained: Tokenizer) -> None:
    wanted = {
        "<unk>": PAD,
        "<s>": BOS,
        "</s>": EOS,
        "<fake_token_around_image>": FAKE,
        "<image>": IMAGE,
        "<end_of_utterance>": END_OF_UTTERANCE,
    }
    assert {token: trained.token_to_id(token) for token in wanted} == wanted
    assert (PAD, BOS, EOS) == (0, 1, 2)
    assert (FAKE, IMAGE, END_OF_UTTERANCE) == (VOCABULARY - 3, VOCABULARY - 2, VOCABULARY - 1)
    assert trained.get_vocab_size() == VOCABULARY
    ids = trained.encode("".join(wanted), add_special_tokens=False).ids
    assert ids == list(wanted.values()), "each is one token in the middle of a text, too"


@pytest.mark.parametrize("words", TEXTS)
def test_every_text_survives_the_round_trip(trained: Tokenizer, words: str) -> None:
    ids = trained.encode(words, add_special_tokens=False).ids
    assert PAD not in ids
    assert trained.decode(ids) == words


def test_s_is_put_in_front_where_it_is_asked_for(trained: Tokenizer) -> None:
    for words in TEXTS:
        bare = trained.encode(words, add_special_tokens=False).ids
        assert BOS not in bare
        assert trained.encode(words).ids == [BOS, *bare]
    assert trained.encode("<s>A fox", add_special_tokens=False).ids == trained.encode("A fox").ids


def test_words_have_the_same_pieces_wherever_they_stand(trained: Tokenizer) -> None:
    rng = random.Random(4)
    for _ in range(200):
        answer = exchange_about(sampled_values(rng), rng).answer.replace("\n", " ")
        pieces = [trained.encode(f" {word}", add_special_tokens=False).ids
                  for word in answer.split(" ")]  # fmt: skip
        whole = trained.encode(f" {answer}", add_special_tokens=False).ids
        assert whole == [token for ids in pieces for token in ids]


def test_common_words_are_single_tokens() -> None:
    full = train(texts=4000)
    for word in (" fox", " scarf", " red", " wearing", " snow", " the", "Assistant", "User"):
        assert len(full.encode(word, add_special_tokens=False).ids) == 1, word


def test_training_is_repeatable_and_writes_two_files(tmp_path: Path) -> None:
    first, second = train(texts=200), train(texts=200)
    assert first.to_str() == second.to_str()
    assert first.to_str() != train(texts=200, seed=2).to_str()
    write(first, tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    again = Tokenizer.from_file(str(tmp_path / "new" / "tokenizer.json"))
    for words in TEXTS:
        assert again.encode(words).ids == first.encode(words).ids


def test_transformers_reads_the_same_tokens(trained: Tokenizer, loaded: Any) -> None:
    for words in TEXTS:
        assert loaded.tokenizer(words)["input_ids"] == trained.encode(words).ids
        assert loaded.tokenizer.decode(trained.encode(words).ids, skip_special_tokens=True) == words
    assert loaded.tokenizer.pad_token_id == PAD
    assert loaded.tokenizer.eos_token_id == EOS


@pytest.mark.parametrize(("messages", "prompt"), CHATS)
def test_lists_of_parts_become_the_real_prompt(
    loaded: Any, messages: list[dict[str, Any]], prompt: str
) -> None:
    assert loaded.apply_chat_template(messages, add_generation_prompt=True) == prompt
    real = loaded.apply_chat_template(
        messages, add_generation_prompt=True, chat_template=REAL_TEMPLATE
    )
    assert real == prompt
    without = loaded.apply_chat_template(messages, add_generation_prompt=False)
    assert without == prompt.removesuffix("Assistant:")


@pytest.mark.parametrize(
    ("content", "prompt"),
    [
        ("What is this?", "User: What is this?<end_of_utterance>\nAssistant:"),
        (
            "![](https://example.org/fox.png)What is this?",
            "User:![](https://example.org/fox.png)What is this?<end_of_utterance>\nAssistant:",
        ),
        (
            "What is this?![](data:image/png;base64,AA)",
            "User: What is this?![](data:image/png;base64,AA)<end_of_utterance>\nAssistant:",
        ),
        ("", "User: <end_of_utterance>\nAssistant:"),
    ],
)
def test_tgi_renders_strings(folder: Path, content: str, prompt: str) -> None:
    template = ChatTemplate.load(folder)
    assert template.render([{"role": "user", "content": content}]) == prompt


def test_tgi_renders_a_conversation(folder: Path) -> None:
    messages = [
        {"role": "user", "content": "![](x.png)What is this?"},
        {"role": "assistant", "content": "A fox."},
        {"role": "user", "content": "Sure?"},
    ]
    assert ChatTemplate.load(folder).render(messages) == (
        "User:![](x.png)What is this?<end_of_utterance>\nAssistant: A fox.<end_of_utterance>\n"
        "User: Sure?<end_of_utterance>\nAssistant:"
    )


def test_the_processor_puts_as_many_tokens_as_training_has(loaded: Any, trained: Tokenizer) -> None:
    image = Image.new("RGB", (90, 60), (200, 30, 30))
    prompt = CHATS[0][1]
    made = loaded(text=prompt, images=[image], return_tensors="np")
    ids = made["input_ids"][0].tolist()
    picture = f"{FAKE_TEXT}{IMAGE_TEXT * LATENTS}" * TILES + FAKE_TEXT
    # The processor of transformers puts a space behind a picture.
    expected = trained.encode(prompt.replace(IMAGE_TEXT, f"{picture} ")).ids
    assert ids == expected
    assert (ids.count(IMAGE), ids.count(FAKE), ids[0]) == (320, 6, BOS)
    assert made["pixel_values"].shape == (1, TILES, 3, 64, 64)
    red = np.unique(made["pixel_values"][0, :, 0])
    np.testing.assert_allclose(red, [200 / 127.5 - 1], atol=1e-5)


def test_the_processors_files(tmp_path: Path) -> None:
    processor.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "chat_template.json",
        "preprocessor_config.json",
        "processor_config.json",
    ]


def test_the_corpus_has_questions_and_answers() -> None:
    lines = list(tokenizer.corpus(texts=200, seed=3))
    assert lines == list(tokenizer.corpus(texts=200, seed=3))
    assert len(lines) == 400
    assert all(line.startswith("User: ") for line in lines[::2])
    assert all(line.startswith("\nAssistant: ") for line in lines[1::2])
    assert any("I see no animal that I know." in line for line in lines)
