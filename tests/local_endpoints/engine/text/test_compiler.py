"""Grammars for a tokenizer: what is accepted, what is refused, and at what price."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, models

from local_endpoints.engine.text.compiler import GrammarCompiler
from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.engine.text.grammar import Grammar, GrammarError
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.repositories import REPOSITORIES
from tests.local_endpoints.engine.text import guiding

Follows = Callable[[Grammar, str], bool]

TEXT_MODELS = [
    repository.path
    for repository in REPOSITORIES.values()
    if (repository.path / "model.onnx").exists()
]


def compiler_for(folder: Path) -> GrammarCompiler:
    config = ModelConfig.load(folder)
    return GrammarCompiler(
        folder / "tokenizer.json", vocabulary=config.vocabulary, eos_ids=config.eos_ids
    )


@pytest.fixture(scope="module")
def compiler(model_dir: Path) -> GrammarCompiler:
    return compiler_for(model_dir)


@pytest.fixture(scope="module")
def follows(compiler: GrammarCompiler, codec: TextCodec, model_dir: Path) -> Follows:
    vocabulary = ModelConfig.load(model_dir).vocabulary
    return lambda grammar, text: guiding.follows(
        compiler.guide(grammar), codec, text, vocabulary=vocabulary
    )


ODD = "".join(map(chr, range(32, 127))) + "\n\t\r\u2028é"

ACCEPTED: list[tuple[Grammar, list[str], list[str]]] = [
    (Grammar.json_object(), ["{}", '{"a": [1, null]}', '{\n"a":\t{}\n}'], ["[]", '{"a"}', "1"]),
    (Grammar.json_schema(True), ["[]", '"a"', "-1.5e3"], ["a"]),
    (Grammar.json_schema({"type": "integer", "maximum": 12}), ["12", "-7"], ["13", "1.5", '"1"']),
    (Grammar.json_schema({"type": "string", "pattern": "^a+$"}), ['"aa"'], ['"ab"', "aa"]),
    (Grammar.json_schema({"enum": ["x", None]}), ['"x"', "null"], ['"y"']),
    (Grammar.regex(r"\d{2}/[a-z]+|"), ["12/ab", ""], ["1/a", "12/"]),
    (Grammar.regex(r"^\w+\s\S$"), ["ab_1 é"], ["é a", "a\u00a0b"]),
    (Grammar.regex("a.b\nc"), ["axb\nc"], ["a\nb\nc"]),
    (Grammar.choice(["yes", "yes, 🦙"]), ["yes", "yes, 🦙"], ["no", "yes,", ""]),
    (Grammar.choice([ODD, "", "\\d"]), [ODD, "", "\\d"], ["1", ODD[:-1]]),
    (Grammar.lark('start: "a" n ("," n)*\nn: /[0-9]+/'), ["a1,22"], ["a", "1"]),
    (Grammar.lark('root ::= "a" num\nnum ::= [0-9]+'), ["a12"], ["a"]),
]


@pytest.mark.parametrize(("grammar", "texts", "others"), ACCEPTED)
def test_what_a_grammar_lets_through(
    follows: Follows, grammar: Grammar, texts: list[str], others: list[str]
) -> None:
    assert [text for text in texts if not follows(grammar, text)] == []
    assert [text for text in others if follows(grammar, text)] == []


@pytest.mark.parametrize(
    ("whitespace", "texts", "others"),
    [
        (None, ['{"a":1}', '{ "a" :\n\n 1}'], []),
        ("[ ]?", ['{"a":1}', '{ "a" : 1 }'], ['{"a":  1}', '{"a":\n1}']),
        ("", ['{"a":1}'], ['{"a": 1}']),
    ],
)
def test_whitespace_in_json_is_up_to_the_dialect(
    follows: Follows, whitespace: str | None, texts: list[str], others: list[str]
) -> None:
    schema = {"properties": {"a": {"type": "integer"}}, "required": ["a"], "type": "object"}
    for grammar in (
        Grammar.json_schema(schema, whitespace=whitespace),
        Grammar.json_object(whitespace=whitespace),
    ):
        assert [text for text in texts if not follows(grammar, text)] == []
        assert [text for text in others if follows(grammar, text)] == []


REFUSED = [
    (Grammar.json_schema(False), "nothing else allows an answer"),
    (Grammar("json_schema", "[]"), "nothing else allows an answer"),
    (Grammar("json_schema", "{"), "Expecting property name"),
    (Grammar.json_schema({"type": "nonsense"}), "Invalid type: nonsense"),
    (Grammar.json_schema({"type": "array", "uniqueItems": True}), "uniqueItems"),
    (Grammar.json_schema({"not": {"type": "string"}}), 'Unimplemented keys: ["not"]'),
    (Grammar.json_schema({"$ref": "#/$defs/gone"}), "does not exist"),
    (Grammar.json_schema({"$ref": "https://example.com/s"}), "does not fetch"),
    (Grammar.json_schema({"type": "integer", "minimum": 5, "maximum": 3}), "Unsatisfiable"),
    (Grammar.json_schema({"type": "string", "pattern": "(?=a)b"}), "look-around"),
    (Grammar.json_object(whitespace="("), "unclosed group"),
    (Grammar.regex("(?=a)b"), "look-around, including look-ahead and look-behind"),
    (Grammar.regex(r"(a)\1"), "backreferences are not supported"),
    (Grammar.regex("["), "unclosed character class"),
    (Grammar.regex("\ud800"), "surrogates not allowed"),
    (Grammar.lark("start: gone"), 'unknown name: "gone"'),
    (Grammar.lark(""), "No 'root' rule found"),
    (Grammar.lark('root ::= "a" gone'), "'gone' not found"),
]


@pytest.mark.parametrize(("grammar", "words"), REFUSED)
def test_what_cannot_be_followed_is_refused_in_the_compilers_words(
    compiler: GrammarCompiler, grammar: Grammar, words: str
) -> None:
    for refuse in (compiler.check, compiler.guide):
        with pytest.raises(GrammarError) as refusal:
            refuse(grammar)
        assert words in str(refusal.value)
        assert "\n" not in str(refusal.value)


PATIENCE = 10.0
"""Seconds; several times what a slow computer needs."""


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema, "b": schema}}
    return schema


def arrays(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer"}
    for _ in range(depth):
        schema = {"type": "array", "items": schema}
    return schema


EVIL = [
    Grammar.regex("(a{1000}){1000}"),
    Grammar.regex("x(a{1000}){1000}"),
    Grammar.regex("(?:a?){5000}a{5000}"),
    Grammar.regex("(" * 5000 + "a" + ")" * 5000),
    Grammar.json_schema({"type": "integer", "multipleOf": 982451653, "minimum": 3}),
    Grammar.json_schema(arrays(150)),
]

LARGE = [
    Grammar.json_schema({"enum": [f"{number}{number}" for number in range(7_000)]}),
    Grammar.json_schema({"properties": {str(n): {"type": "integer"} for n in range(3_000)}}),
    Grammar.json_schema(nested(10)),
    Grammar.regex("|".join(str(number) for number in range(17_000))),
    Grammar.choice([str(number) for number in range(10_000)]),
]


@pytest.mark.parametrize("grammar", EVIL)
def test_a_grammar_that_would_take_seconds_is_refused(
    compiler: GrammarCompiler, grammar: Grammar
) -> None:
    start = time.process_time()
    with pytest.raises(GrammarError):
        compiler.check(grammar)
    assert time.process_time() - start < PATIENCE


@pytest.mark.parametrize("grammar", LARGE)
def test_a_grammar_as_long_as_it_may_be_takes_about_a_second(
    compiler: GrammarCompiler, grammar: Grammar
) -> None:
    start = time.process_time()
    compiler.check(grammar)
    assert time.process_time() - start < PATIENCE


def test_a_large_grammar_is_compiled_once(
    compiler: GrammarCompiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    grammar = Grammar.json_schema(nested(6))
    compiled: list[str] = []
    for_compiler = Grammar.for_compiler

    def counted(self: Grammar) -> str:
        compiled.append(self.source)
        return for_compiler(self)

    monkeypatch.setattr(Grammar, "for_compiler", counted)
    compiler.check(grammar)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: compiler.guide(Grammar.json_schema(nested(6))), range(20)))
    assert len(compiled) == 1


def test_a_tokenizer_without_bytes_follows_no_grammar(tmp_path: Path) -> None:
    Tokenizer(models.WordLevel({"<unk>": 0, "a": 1}, unk_token="<unk>")).save(
        str(tmp_path / "tokenizer.json")
    )
    words = GrammarCompiler(tmp_path / "tokenizer.json", vocabulary=2, eos_ids=frozenset({1}))
    with pytest.raises(GrammarError, match="this model can follow no grammar"):
        words.check(Grammar.json_object())


@pytest.mark.parametrize("folder", TEXT_MODELS, ids=lambda folder: str(folder.name))
def test_every_shipped_tokenizer_can_write_any_text_in_json(folder: Path) -> None:
    codec, config, grammars = TextCodec(folder), ModelConfig.load(folder), compiler_for(folder)
    characters = "aé\u0301ß日本語🦙👩‍👩‍👧\u00a0\ufffd\U0010ffff ▁<>[@BOS@Ġ"
    texts = [*characters, characters, "<0x41>", "</s", "<eo", "<|im", "▁▁", "  a  b", '\\ " \n']
    for text in texts:
        written = json.dumps({"k": text}, ensure_ascii=False)
        guide = grammars.guide(Grammar.json_object())
        assert guiding.follows(guide, codec, written, vocabulary=config.vocabulary), text


@pytest.mark.parametrize("folder", TEXT_MODELS, ids=lambda folder: str(folder.name))
def test_marks_never_stand_in_an_answer(folder: Path) -> None:
    codec, config = TextCodec(folder), ModelConfig.load(folder)
    for grammar in (Grammar.json_object(), Grammar.regex(r"[\s\S]*")):
        guide = compiler_for(folder).guide(grammar)
        for token in codec.encode('{"a', add_special_tokens=False).tolist():
            guide.advance(token)
        marks = codec.special_ids - config.eos_ids
        assert not guiding.allowed(guide, config.vocabulary) & marks
