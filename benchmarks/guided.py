"""What a guided stream costs the unguided ones beside it, in the engine itself.

    python benchmarks/guided.py --rounds 20

Sixteen unguided streams write 500 tokens each. Every 48 steps something else stands beside them:
nothing, one more unguided stream, one with a JSON schema, one with a regular expression. Its prompt
is as long as what the sixteen have by then, so that its row costs what theirs do. What a step takes
is the median of such a stretch without its ends, where prompts are read. Each is set against the
"nothing" before and after it, a tenth of a second away, so that what else the computer does matters
little. Medians over all rounds are printed as a Markdown table.

One more row costs something whether it is guided or not: what guiding costs is the difference
between the last two lines and the one above them.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections.abc import Iterator

import numpy as np
from common import markdown

from local_endpoints.engine.text.delivery import Delivery, ThreadInbox
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.grammar import Grammar
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Request
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.repositories import REPOSITORIES

PROMPT = "Please write a short poem about the sea for me."
STREAMS = 16
STEPS = 48
LONGEST = 500
NOTHING = "nothing"
PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0, "maximum": 120},
        "hobbies": {"type": "array", "items": {"enum": ["music", "bread", "cats"]}},
        "born": {"type": "string", "format": "date"},
    },
    "required": ["name", "age", "hobbies", "born"],
    "additionalProperties": False,
}
BESIDE: dict[str, Grammar | None] = {
    "one more, unguided": None,
    "one with a JSON schema": Grammar.json_schema(
        {"type": "array", "items": PERSON, "minItems": 1000}
    ),
    "one with a regular expression": Grammar.regex(r"(\w{1,12}[ ,.]){1000}"),
}


class Bench:
    """An engine that is watched from within: it says how long its steps take.

    Args:
        repository_id: the model.

    Attributes:
        stretches: what stood beside the sixteen, and the median of its steps in seconds, in order.
    """

    def __init__(self, repository_id: str) -> None:
        folder = REPOSITORIES[repository_id].path
        codec = TextCodec(folder)
        model = TextModel(folder, slots=STREAMS + 1, max_total_tokens=LONGEST + 2 * STEPS)
        self.stretches: list[tuple[str, float]] = []
        self._prompt = codec.encode(PROMPT, add_special_tokens=True)
        self._others = itertools.cycle(BESIDE)
        self._sides = self._in_turn()
        self._side = NOTHING
        self._steps: list[float] = []
        self._written = 0
        self._last = 0.0
        self._engine = Engine(model, codec, deliver=self._watch)
        self._engine.start()

    def run(self) -> None:
        """Let the sixteen write as much as they can, and the others come and go beside them."""
        self._sides = self._in_turn()
        self._side, self._steps, self._written = NOTHING, [], 0
        streams = [self._request(LONGEST, seed=seed) for seed in range(STREAMS)]
        for request in streams:
            self._engine.submit(request)
        for request in streams:
            for _ in request.inbox:  # type: ignore[attr-defined]
                pass

    def stop(self) -> None:
        """End the engine's thread."""
        self._engine.stop()

    def _watch(self, delivery: Delivery) -> None:
        now = time.perf_counter()
        self._written += len(delivery) >= STREAMS
        if len(delivery) == STREAMS + (self._side != NOTHING):
            self._steps.append(now - self._last)
        self._last = now
        for request, event in delivery:
            request.inbox.put(event)
        if len(self._steps) >= STEPS - 1:
            self.stretches.append((self._side, statistics.median(self._steps[2:-2])))
            self._side, self._steps = next(self._sides), []
            if self._side != NOTHING:
                self._engine.submit(self._request(STEPS, grammar=BESIDE[self._side]))

    def _in_turn(self) -> Iterator[str]:
        while True:
            yield next(self._others)
            yield NOTHING

    def _request(self, tokens: int, *, seed: int = 99, grammar: Grammar | None = None) -> Request:
        return Request(
            np.resize(self._prompt, len(self._prompt) + self._written),
            ThreadInbox(),
            max_new_tokens=tokens,
            sampling=SamplingParameters(temperature=0.8, seed=seed),
            end_ids=frozenset(),
            grammar=grammar,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="google/gemma-1.1-2b-it", help="a served repository")
    parser.add_argument("--rounds", type=int, default=20, help="of about two seconds each")
    options = parser.parse_args()
    bench = Bench(options.model)
    shares: dict[str, list[float]] = {name: [] for name in BESIDE}
    alone: list[float] = []
    for turn in range(options.rounds + 1):
        bench.stretches.clear()
        bench.run()
        if not turn:  # the first round compiles and warms up
            continue
        for before, (name, seconds), after in zip(
            bench.stretches, bench.stretches[1:], bench.stretches[2:], strict=False
        ):
            if name == NOTHING:
                alone.append(seconds)
            else:
                shares[name].append((before[1] + after[1]) / 2 / seconds)
    bench.stop()
    rate = STREAMS / statistics.median(alone)
    rows = [["beside 16 unguided streams", "stretches", "tokens/s of the 16", "tokens/s of all"]]
    rows.append([NOTHING, str(len(alone)), f"{rate:.0f} (100.0%)", f"{rate:.0f} (100.0%)"])
    for name, kept in shares.items():
        share = statistics.median(kept)
        every = share * (STREAMS + 1) / STREAMS
        rows.append(
            [
                name,
                str(len(kept)),
                f"{rate * share:.0f} ({share:.1%})",
                f"{rate * every:.0f} ({every:.1%})",
            ]
        )
    print(markdown(rows))


if __name__ == "__main__":
    main()
