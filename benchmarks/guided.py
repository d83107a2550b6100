"""What a guided stream costs the unguided ones beside it, in the engine itself.

    python benchmarks/guided.py --repeats 15

Sixteen unguided streams of equal length fill the batch. Beside them, turn by turn: nothing, one
more unguided stream, one that keeps to a JSON schema, one that keeps to a regular expression. All
of them end at the token limit, so that every step of a measurement has the same number of rows.
The medians are printed as a Markdown table: by wall time, by the processor time of the engine's own
thread, which bounds the throughput where a second core is free for the masks, and by that of the
whole process. The two latter mind other programs little; they need Linux.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time

from common import markdown

from local_endpoints.engine.text.delivery import ThreadInbox, is_last
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.grammar import Grammar
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Event, Request
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.repositories import REPOSITORIES

PROMPT = "Please write a short poem about the sea for me."
STREAMS = 16
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


class Stopwatch(ThreadInbox):
    """Keeps the times of the first and the last event."""

    def __init__(self) -> None:
        super().__init__()
        self.first = self.last = 0.0

    def put(self, event: Event) -> None:
        """Add an event."""
        self.last = time.perf_counter()
        self.first = self.first or self.last
        super().put(event)


class Bench:
    """An engine and requests for it.

    Args:
        repository_id: the model.
        tokens: of every answer.
    """

    def __init__(self, repository_id: str, *, tokens: int) -> None:
        folder = REPOSITORIES[repository_id].path
        codec = TextCodec(folder)
        model = TextModel(folder, slots=STREAMS + 1, max_total_tokens=tokens + 64)
        self.engine = Engine(model, codec)
        self.engine.start()
        self._prompt = codec.encode(PROMPT, add_special_tokens=True)
        self._tokens = tokens

    def rates(self, beside: list[Grammar | None]) -> tuple[float, float, float]:
        """Tokens of the sixteen streams per second: of the clock, the thread, the process."""
        others = [self._request(seed, grammar) for seed, grammar in enumerate(beside)]
        streams = [self._request(100 + seed, None) for seed in range(STREAMS)]
        process, thread = time.process_time(), self._thread_seconds()
        for request in (*others, *streams):
            self.engine.submit(request)
        for request in (*others, *streams):
            for event in request.inbox:  # type: ignore[attr-defined]
                assert not is_last(event) or event.finish.generated_tokens == self._tokens
        process, thread = time.process_time() - process, self._thread_seconds() - thread
        watches = [request.inbox for request in streams]
        seconds = max(watch.last for watch in watches) - min(watch.first for watch in watches)
        tokens = STREAMS * (self._tokens - 1)
        return tokens / seconds, tokens / thread, tokens / process

    def _thread_seconds(self) -> float:
        (thread,) = [each for each in threading.enumerate() if each.name == "engine"]
        return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))  # type: ignore[arg-type]

    def _request(self, seed: int, grammar: Grammar | None) -> Request:
        return Request(
            self._prompt,
            Stopwatch(),
            max_new_tokens=self._tokens,
            sampling=SamplingParameters(temperature=0.8, seed=seed),
            end_ids=frozenset(),
            grammar=grammar,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="google/gemma-1.1-2b-it", help="a served repository")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--tokens", type=int, default=256, help="of every answer")
    options = parser.parse_args()
    bench = Bench(options.model, tokens=options.tokens)
    sides: dict[str, list[Grammar | None]] = {"nothing": []}
    sides |= {name: [grammar] for name, grammar in BESIDE.items()}
    rates: dict[str, list[tuple[float, float, float]]] = {name: [] for name in sides}
    for turn in range(options.repeats + 1):
        for name, beside in sides.items():
            measured = bench.rates(beside)
            if turn:  # the first round compiles and warms up
                rates[name].append(measured)
    bench.engine.stop()
    alone, *_ = medians = [
        [statistics.median(values) for values in zip(*measured, strict=True)]
        for measured in rates.values()
    ]
    kinds = ["tokens/s of the 16", "per s of the engine's thread", "per s of processor"]
    rows = [["beside 16 unguided streams", *kinds]]
    for name, median in zip(rates, medians, strict=True):
        pairs = zip(median, alone, strict=True)
        rows.append([name, *(f"{value:.0f} ({value / base:.1%})" for value, base in pairs)])
    print(markdown(rows))


if __name__ == "__main__":
    main()
