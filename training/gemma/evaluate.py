"""Measures a trained pocket Gemma on held-out topics, phrasings and questions.

``python -m training.gemma.evaluate --model DIR`` prints a Markdown table and, with
``--json FILE``, writes the same figures and every answer they were taken from.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import asdict
from pathlib import Path

import torch
from transformers import AutoTokenizer, GemmaForCausalLM, PreTrainedTokenizerBase

from training.gemma.talk import HELD_OUT_QUESTIONS
from training.gemma.tasks import HELD_OUT_EXTRACTION, extraction
from training.gemma.tokenizer import END_OF_TURN
from training.verse.poem_requests import BLIND_REQUESTS, HELD_OUT_REQUESTS, LESSON_REQUEST
from training.verse.scores import Answer, PoemScore, score_poem
from training.verse.topics import BLIND, HELD_OUT

MAX_NEW_TOKENS = 120
REFUSAL_MARKS = ("pocket-sized", "very small model")
"""One of these stands in every refusal that the model is taught, and in no other answer to a
question about the world."""


class Speaker:
    """A model with its tokenizer that answers single-turn requests in batches."""

    def __init__(self, folder: Path) -> None:
        self.model = GemmaForCausalLM.from_pretrained(folder).eval()
        self.tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(
            folder, padding_side="left"
        )

    def answer(
        self, requests: list[str], *, temperature: float, seed: int, batch: int = 64
    ) -> list[Answer]:
        """Sample one answer per request from the full distribution (no top-k, no top-p).

        Temperature 0 takes the likeliest token at every step.
        """
        torch.manual_seed(seed)
        answers: list[Answer] = []
        for start in range(0, len(requests), batch):
            answers += self._answer(requests[start : start + batch], temperature)
        return answers

    def _answer(self, requests: list[str], temperature: float) -> list[Answer]:
        chats = [[{"role": "user", "content": text}] for text in requests]
        inputs = self.tokenizer.apply_chat_template(
            chats, add_generation_prompt=True, padding=True, return_tensors="pt", return_dict=True
        )
        how = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
        with torch.inference_mode():
            tokens = self.model.generate(
                **inputs,
                max_new_tokens=MAX_NEW_TOKENS,
                **(how if temperature > 0 else {"do_sample": False}),
            )
        length = inputs["input_ids"].shape[1]
        return [
            Answer(
                request,
                self.tokenizer.decode(row[length:], skip_special_tokens=True),
                END_OF_TURN in row[length:].tolist(),
            )
            for request, row in zip(requests, tokens, strict=True)
        ]


Scored = tuple[str, Answer, PoemScore]
"""A topic, the poem about it, and its score."""


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4)


def _poems(
    speaker: Speaker,
    topics: tuple[str, ...],
    requests: tuple[str, ...],
    *,
    temperature: float,
    seed: int,
) -> list[Scored]:
    asked = [(topic, request.replace("{t}", topic)) for topic in topics for request in requests]
    answers = speaker.answer([text for _, text in asked], temperature=temperature, seed=seed)
    return [
        (topic, answer, score_poem(topic, answer))
        for (topic, _), answer in zip(asked, answers, strict=True)
    ]


def _figures(rows: list[Scored]) -> dict[str, float]:
    scores = [score for _, _, score in rows]
    return {
        "poems measured": len(scores),
        "mention their topic": _mean([s.mentions_topic for s in scores]),
        "rhymed couplets": _mean([s.rhymed_couplets for s in scores]),
        f"end by themselves within {MAX_NEW_TOKENS} tokens": _mean([s.ended for s in scores]),
        "repeated lines": _mean([s.repeated_lines for s in scores]),
    }


def evaluate(folder: Path, *, temperature: float = 0.2, seed: int = 1) -> dict[str, object]:
    """All figures of a model folder, with the answers they were taken from."""
    speaker = Speaker(folder)
    rows = {
        name: _poems(speaker, topics, requests, temperature=temperature, seed=seed)
        for name, topics, requests in (
            ("held out", tuple(HELD_OUT), HELD_OUT_REQUESTS),
            ("blind", BLIND, BLIND_REQUESTS),
        )
    }

    rng = random.Random(seed)
    facts = [extraction(rng, phrasings=HELD_OUT_EXTRACTION) for _ in range(200)]
    found = speaker.answer([question for question, _ in facts], temperature=0.0, seed=seed)
    refused = speaker.answer(list(HELD_OUT_QUESTIONS) * 5, temperature=temperature, seed=seed)
    lesson = LESSON_REQUEST.replace("{t}", "open source")
    varied = {t: speaker.answer([lesson] * 50, temperature=t, seed=seed) for t in (0.2, 1.0)}
    figures = {
        **{f"{name}: {key}": value for name in rows for key, value in _figures(rows[name]).items()},
        "JSON extraction, exact match of 200 (greedy)": _mean(
            [a.text.strip() == wanted for a, (_, wanted) in zip(found, facts, strict=True)]
        ),
        "refuses what it cannot know (16 questions, 5 seeds)": _mean(
            [any(mark in a.text for mark in REFUSAL_MARKS) for a in refused]
        ),
        "different poems of 50 seeds at temperature 0.2": len({a.text for a in varied[0.2]}),
        "different poems of 50 seeds at temperature 1.0": len({a.text for a in varied[1.0]}),
    }
    return {
        "figures": figures,
        "poems": {
            name: [{"topic": topic, **asdict(a), **asdict(s)} for topic, a, s in group]
            for name, group in rows.items()
        },
        "extraction": [
            {"wanted": wanted, **asdict(a)} for a, (_, wanted) in zip(found, facts, strict=True)
        ],
        "refusals": [asdict(a) for a in refused],
        "lesson": {str(t): [a.text for a in group] for t, group in varied.items()},
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Measure the pocket Gemma on held-out requests.")
    parser.add_argument("--model", type=Path, required=True, help="folder with the trained model")
    parser.add_argument("--temperature", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="file for the figures and every answer")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    result = evaluate(arguments.model, temperature=arguments.temperature, seed=arguments.seed)
    print("| measure | value |\n|---|---|")
    for name, value in dict(result["figures"]).items():  # type: ignore[call-overload]
        print(f"| {name} | {value} |")
    if arguments.json:
        arguments.json.write_text(
            json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
