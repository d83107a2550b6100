"""Random schemas and patterns, and whether answers of a model keep to them.

    python -m tests.local_endpoints.engine.text.random_grammars --count 1000 --seed 0

asks for one answer to each of a thousand schemas of draft 2020-12 and a thousand regular
expressions, checks every finished one with `jsonschema` or `re`, and prints what became of them.
The model is the tiny one of the tests: it knows no language, so nothing but the grammar is
responsible for what it says.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.grammar import Grammar, GrammarError
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import FailureEvent, FinishReason, Request, TokenEvent
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.text.driving import events_of, make_request
from tests.local_endpoints.engine.tiny_model import write_tiny_model

Schema = dict[str, Any]
Check = Callable[[str], bool]
Case = tuple[Grammar, Check]

WORDS = ["a", "name", "größe", "x y", "it's", 'quo"te', "日本", "🦙", "back\\slash", ""]
UNSUPPORTED: list[Schema] = [
    {"not": {"type": "string"}},
    {"type": "array", "uniqueItems": True},
    {"type": "array", "contains": {"type": "integer"}},
    {"type": "object", "propertyNames": {"maxLength": 3}},
    {"type": "object", "dependentRequired": {"a": ["b"]}},
    {"if": {"type": "string"}, "then": {"maxLength": 3}},
    {"oneOf": [{"type": "string"}, {"maxLength": 3}]},
    {"type": "string", "format": "color"},
    {"type": "array", "unevaluatedItems": False},
    {"type": "integer", "minimum": 5, "maximum": 3},
    {"type": "no type"},
    {"$ref": "#/$defs/nowhere"},
]
MALFORMED = ["(", "[a", "a{3,2}", "(?=a)a", "(?<!a)b", r"(a)\1", r"\bword\b", "(*a)", "a)", r"\k"]


def random_schema(random: Random, depth: int = 3) -> Schema:
    """A schema; one in forty holds something that cannot be enforced."""
    if random.random() < 1 / 40:
        return random.choice(UNSUPPORTED)
    leaves = [_integer, _number, _string, _enum, _simple]
    nodes = [_object, _object, _array, _any_of]
    return random.choice(leaves + nodes * 2 if depth else leaves)(random, depth)


def recursive_schema(random: Random) -> Schema:
    """A schema that refers to itself."""
    again = {"$ref": "#/$defs/node"}
    node = _object(random, 1)
    node["properties"]["next"] = {"anyOf": [again, {"type": "null"}]}
    node["properties"]["all"] = {"type": "array", "items": again, "maxItems": 2}
    return {"$defs": {"node": node}, **again}


def _integer(random: Random, depth: int) -> Schema:
    schema: Schema = {"type": "integer"}
    low = random.randint(-1000, 1000)
    if random.random() < 0.6:
        schema[random.choice(["minimum", "exclusiveMinimum"])] = low
    if random.random() < 0.6:
        schema[random.choice(["maximum", "exclusiveMaximum"])] = low + random.randint(2, 5000)
    if random.random() < 0.2:
        schema["multipleOf"] = random.randint(1, 9)
    return schema


def _number(random: Random, depth: int) -> Schema:
    schema: Schema = {"type": "number"}
    low = round(random.uniform(-50, 50), random.randint(0, 3))
    if random.random() < 0.6:
        schema[random.choice(["minimum", "exclusiveMinimum"])] = low
    if random.random() < 0.6:
        schema[random.choice(["maximum", "exclusiveMaximum"])] = low + random.randint(1, 90)
    return schema


def _string(random: Random, depth: int) -> Schema:
    low = random.randint(0, 4)
    kinds: list[Schema] = [
        {"maxLength": random.randint(0, 12)},
        {"minLength": low, "maxLength": low + random.randint(0, 9)},
        {"pattern": f"^{_without_spaces(random)}$"},
        {"pattern": random.choice(["^a", "b$", "[0-9]{2}", "^x.{1,4}y$"]), "maxLength": 20},
        {"format": random.choice(["date", "ipv4", "ipv6", "uuid", "email"])},
    ]
    return {"type": "string", **random.choice(kinds)}


def _without_spaces(random: Random) -> str:
    r"""A pattern without ``\s``, whose spaces are more in a schema than in `Grammar.regex`."""
    while re.search(r"\\[sS]", pattern := random_pattern(random, depth=1)):
        pass
    return pattern


def _enum(random: Random, depth: int) -> Schema:
    values = [*WORDS, 0, -1.5, True, None, [], ["a", 1], {"a": {"b": None}}]
    if random.random() < 0.3:
        return {"const": random.choice(values)}
    return {"enum": random.sample(values, random.randint(1, 5))}


def _simple(random: Random, depth: int) -> Schema:
    return {"type": random.choice(["boolean", "null", ["boolean", "null"], ["integer", "null"]])}


def _array(random: Random, depth: int) -> Schema:
    low = random.randint(0, 2)
    schema: Schema = {"type": "array", "items": random_schema(random, depth - 1)}
    if random.random() < 0.4:
        schema["prefixItems"] = [random_schema(random, depth - 1) for _ in range(2)]
        schema["items"] = random.choice([False, schema["items"]])
    if random.random() < 0.5 and schema["items"] is not False:
        schema["minItems"] = low
    if random.random() < 0.8:
        schema["maxItems"] = low + random.randint(1, 3)
    return schema


def _object(random: Random, depth: int) -> Schema:
    names = random.sample(WORDS, random.randint(1, 4))
    schema: Schema = {
        "type": "object",
        "properties": {name: random_schema(random, depth - 1) for name in names},
        "required": random.sample(names, random.randint(0, len(names))),
        "additionalProperties": False,
    }
    if random.random() < 0.2:
        schema["additionalProperties"] = random_schema(random, depth - 1)
    return schema


def _any_of(random: Random, depth: int) -> Schema:
    return {"anyOf": [random_schema(random, depth - 1) for _ in range(random.randint(1, 3))]}


def random_pattern(random: Random, depth: int = 3) -> str:
    """A regular expression that is well formed."""
    if depth == 0:
        atoms = ["a", "é", "🦙", " ", r"\.", r"\/", "/", r"\\", '"', r"\d", r"\w", r"\s", ".", "-"]
        classes = ["[a-f]", "[^a-z]", r"[\d_]", r"[^\s\w]", "[äöü]", r"[\]\-x]", r"\D", r"\S"]
        return random.choice(atoms + classes)
    parts = [random_pattern(random, depth - 1) for _ in range(random.randint(1, 3))]
    shape = random.random()
    if shape < 0.3:
        return f"(?:{'|'.join(parts)})"
    if shape < 0.6:
        low = random.randint(0, 3)
        often = random.choice(["?", "*", "+", "+?", f"{{{low}}}", f"{{{low},{low + 2}}}", "{1,}"])
        return f"({''.join(parts)}){often}"
    return "".join(parts)


def _matches(validator: Any, pattern: str, text: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(text, str) and not re.search(pattern, text, re.ASCII):
        yield ValidationError(f"{text!r} does not match {pattern!r}")


Validator = validators.extend(Draft202012Validator, {"pattern": _matches})
"""Its patterns are ECMA's, whose ``\\d`` and ``\\w`` are ASCII's; Python's are not."""


def schema_case(random: Random) -> Case:
    """A schema, and what tells whether a text keeps to it."""
    schema = recursive_schema(random) if random.random() < 0.1 else random_schema(random)
    checker = Validator(schema, format_checker=Validator.FORMAT_CHECKER)

    def check(text: str) -> bool:
        return not list(checker.iter_errors(json.loads(text)))

    return Grammar.json_schema(schema, whitespace=random.choice([None, "", "[ ]?"])), check


def pattern_case(random: Random) -> Case:
    """A pattern, one in twenty malformed, and what tells whether a text keeps to it."""
    pattern = random_pattern(random)
    if random.random() < 1 / 20:
        pattern = f"(?:{pattern}){random.choice(MALFORMED)}"
    elif random.random() < 0.2:
        pattern = f"^{pattern}$"
    return Grammar.regex(pattern), lambda text: bool(re.fullmatch(pattern, text, re.ASCII))


def outcomes(
    engine: Engine, codec: TextCodec, cases: Iterable[Case], *, max_new_tokens: int
) -> Iterator[tuple[str, Grammar]]:
    """What became of each case, sixteen at a time: "valid", "cut" or "refused".

    Anything else says what went wrong.
    """
    waiting: list[tuple[Request, Case]] = []
    for seed, case in enumerate(cases):
        request = make_request(
            codec,
            "a fox",
            grammar=case[0],
            max_new_tokens=max_new_tokens,
            seed=seed,
            temperature=(0.5, 1.0, 2.0)[seed % 3],
            top_k=(0, 20)[seed % 2],
            repetition_penalty=(1.0, 1.2)[seed % 2],
        )
        try:
            engine.submit(request)
        except GrammarError:
            yield "refused", case[0]
        else:
            waiting.append((request, case))
        if len(waiting) == 16:
            yield from map(_outcome, waiting)
            waiting.clear()
    yield from map(_outcome, waiting)


def _outcome(asked: tuple[Request, Case]) -> tuple[str, Grammar]:
    request, (grammar, check) = asked
    last = events_of(request)[-1]
    if isinstance(last, FailureEvent):
        return f"failed: {last.message}", grammar
    assert isinstance(last, TokenEvent) and last.finish is not None
    finish = last.finish
    if finish.reason is FinishReason.LENGTH and not finish.complete:
        return "cut", grammar
    try:
        if finish.complete and check(finish.text):
            return "valid", grammar
    except ValueError as error:
        return f"{error}: {finish.text!r}", grammar
    return f"not valid: {finish.text!r}", grammar


def main() -> None:
    """Ask, check, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="of schemas, and of patterns")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", type=Path, help="folder of another model than the tiny one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model_dir = options.model or write_tiny_model(Path(folder))
        codec = TextCodec(model_dir)
        engine = Engine(TextModel(model_dir, slots=16, max_total_tokens=512), codec)
        engine.start()
        for name, make in (("schemas", schema_case), ("patterns", pattern_case)):
            random = Random(options.seed)
            cases = (make(random) for _ in range(options.count))
            start = time.perf_counter()
            found = list(outcomes(engine, codec, cases, max_new_tokens=400))
            counts = Counter(outcome for outcome, _ in found)
            print(f"{name}: {dict(counts)}, {time.perf_counter() - start:.1f} s", flush=True)
            for outcome, grammar in found:
                if outcome not in ("valid", "cut", "refused"):
                    print(f"  {outcome}\n  {grammar}")
        engine.stop()


if __name__ == "__main__":
    main()
