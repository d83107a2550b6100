"""The shipped tokenizer: Gemma's form, and the same token ids from every reader."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

pytest.importorskip("pronouncing")

from tokenizers import Tokenizer

import local_endpoints
from training.gemma import tokenizer as gemma_tokenizer
from training.gemma.mixture import GEMMA
from training.gemma.tokenizer import BOS, END_OF_TURN, EOS, PAD, START_OF_TURN, UNK
from training.language.encoding import Encoder
from training.language.mixture import Source
from training.language.templates import gemma

FOLDER = Path(local_endpoints.__file__).parent / "models" / "gemma"
TEXTS = (
    "Please write a short poem about open source for me.",
    "  two  spaces and a line\n\nbreak\tand a tab ",
    "naïve café, Zürich, 日本, 🍕🎉, Ελλάδα, don't — “quoted”",
    '{"name": "Xorvik", "age": 12}',
    "zorbels flanterium C++ R2-D2 3.14",
    "",
    " ",
)


@pytest.fixture(scope="module")
def raw() -> Tokenizer:
    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


@pytest.fixture(scope="module")
def auto():  # type: ignore[no-untyped-def]
    transformers = pytest.importorskip("transformers")
    return transformers.AutoTokenizer.from_pretrained(FOLDER)


def test_special_tokens_have_gemmas_ids(raw: Tokenizer) -> None:
    wanted = {
        "<pad>": PAD,
        "<eos>": EOS,
        "<bos>": BOS,
        "<unk>": UNK,
        "<start_of_turn>": START_OF_TURN,
        "<end_of_turn>": END_OF_TURN,
    }
    assert {token: raw.token_to_id(token) for token in wanted} == wanted
    assert (PAD, EOS, BOS, UNK, START_OF_TURN, END_OF_TURN) == (0, 1, 2, 3, 106, 107)


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_survives_the_round_trip(raw: Tokenizer, text: str) -> None:
    ids = raw.encode(text).ids
    assert ids[0] == BOS
    assert UNK not in ids
    assert raw.decode(ids, skip_special_tokens=True) == text


@pytest.mark.parametrize("text", TEXTS)
def test_transformers_reads_the_same_tokens(raw: Tokenizer, auto, text: str) -> None:  # type: ignore[no-untyped-def]
    assert type(auto).__name__ == "GemmaTokenizer"
    assert auto(text)["input_ids"] == raw.encode(text).ids
    assert auto.decode(raw.encode(text).ids, skip_special_tokens=True) == text


def test_training_sees_the_chat_templates_tokens(raw: Tokenizer, auto) -> None:  # type: ignore[no-untyped-def]
    chats = list(islice(Source(GEMMA, me="Pocket Gemma", seed=9), 300))
    rows = Encoder(raw, gemma, seed=1, cut_chats=0).encode(chats)
    for chat, row in zip(chats, rows, strict=True):
        said = list(chat.messages)
        assert row.ids == auto.apply_chat_template(said, tokenize=True, return_dict=False)
        answers = "".join(m["content"].strip() for m in said if m["role"] == "assistant")
        kept = [token for token, mine in zip(row.ids, row.learned, strict=True) if mine]
        assert kept.count(END_OF_TURN) == len(said) // 2
        assert raw.decode(kept, skip_special_tokens=True) == answers


def test_generation_prompt(auto) -> None:  # type: ignore[no-untyped-def]
    text = auto.apply_chat_template(
        [{"role": "user", "content": " Hi "}], add_generation_prompt=True, tokenize=False
    )
    assert text == "<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n"


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (["system", "user"], "System role not supported"),
        (["user", "user"], "Conversation roles must alternate user/assistant/user/assistant/..."),
        (["assistant"], "Conversation roles must alternate user/assistant/user/assistant/..."),
    ],
)
def test_what_gemma_refuses(auto, roles: list[str], message: str) -> None:  # type: ignore[no-untyped-def]
    jinja2 = pytest.importorskip("jinja2")
    with pytest.raises(jinja2.TemplateError) as refusal:
        auto.apply_chat_template([{"role": role, "content": "x"} for role in roles])
    assert str(refusal.value) == message


def test_training_the_tokenizer_is_repeatable(tmp_path: Path) -> None:
    first, second = (gemma_tokenizer.train(texts=300) for _ in range(2))
    assert first.to_str() == second.to_str()
    gemma_tokenizer.write(first, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"tokenizer.json", "tokenizer_config.json"}
