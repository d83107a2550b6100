"""Measures of a served model on what was held out of training; see `lexicon` for the division."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from training.language import (
    agents,
    calling,
    copying,
    extraction,
    judging,
    memory,
    sums,
    systems,
)
from training.language.chat import Chat, bare
from training.language.lexicon import Draw
from training.language.refusals import QUESTIONS, REFUSAL_MARKS
from training.language.speaker import Answer, Speaker, question
from training.language.tables import EMOJI
from training.language.trials.sets import Trials

Figures = dict[str, float]
Rows = list[dict[str, Any]]
Task = Callable[[Draw], Chat]


def share(found: Sequence[bool]) -> float:
    """How many are true, of all."""
    return round(sum(found) / len(found), 4)


def held_out_chats(task: Task, count: int, *, me: str, seed: int = 11) -> list[Chat]:
    """Chats of a task with held-out words and phrasings; the last turn is the wanted one."""
    draw = Draw(random.Random(seed), held_out=True, me=me)
    chats = [task(draw) for _ in range(count)]
    return [
        replace(
            chat,
            messages=tuple({**m, "content": bare(m["content"])} for m in chat.messages[:-1]),
            beside=(),
        )
        for chat in chats
    ]


def same_json(text: str, wanted: str) -> bool:
    """Whether a text is JSON of the same value, keys in any order."""
    try:
        return bool(json.loads(text) == json.loads(wanted))
    except ValueError:
        return False


def contains(text: str, wanted: str) -> bool:
    """Whether a text names something as a word; upper and lower case make no difference."""
    value = rf"(?<![\w-]){re.escape(wanted.rstrip('.'))}(?!\w)"
    return re.search(value, text, re.IGNORECASE) is not None


def same_text(text: str, wanted: str) -> bool:
    """Whether two texts are equal, but for upper and lower case and a full stop."""
    return text.rstrip(".").casefold() == wanted.rstrip(".").casefold()


def same_number(text: str, wanted: str) -> bool:
    """Whether the last numbers of two texts are equal."""
    numbers = [re.findall(r"\d+", each)[-1:] for each in (text, wanted)]
    return numbers[0] == numbers[1]


def tool_call(text: str) -> dict[str, Any]:
    """The first call in a text; empty where there is none that can be read."""
    found = re.search(r"<tool_call>\n(.*)\n</tool_call>", text)
    try:
        loaded = json.loads(found[1]) if found else {}
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _same_answer(text: str, wanted: str) -> bool:
    """Whether a text calls ``final_answer`` with the value that is wanted, bare or in a sentence.

    Where the task was only to do something, nothing is wanted, and any answer will do.
    """
    call = tool_call(text)
    arguments = call.get("arguments")
    given = str(arguments.get("answer", "")) if isinstance(arguments, dict) else ""
    if call.get("name") != "final_answer" or not given:
        return False
    return not wanted or contains(given, wanted)


def _measure(
    speaker: Speaker,
    chats: list[Chat],
    right: Callable[[str, str], bool],
    *,
    name: str,
    log: Rows,
) -> float:
    """The share of right answers; where ``wanted`` must be all of one, it must be equal."""
    answers = speaker.answer(chats)
    found = []
    for chat, answer in zip(chats, answers, strict=True):
        judge = same_text if chat.whole else right
        found.append(judge(answer.text.strip(), (chat.wanted or "").strip()))
        log.append(
            {
                "measure": name,
                "asked": chat.messages[-1]["content"],
                "wanted": chat.wanted,
                "answer": answer.text,
                "right": found[-1],
            }
        )
    return share(found)


def common(speaker: Speaker, *, me: str, log: Rows) -> Figures:
    """What both models are measured by, greedily."""
    tasks: tuple[tuple[str, Task, int, Callable[[str, str], bool]], ...] = (
        ("unseen words, names and signs copied exactly (300)", copying.repetition, 300, str.__eq__),
        ("name, town, age, ... remembered over turns (200)", memory.memory, 200, contains),
        ("JSON from free text, exact (300)", extraction.extraction, 300, same_json),
        ("JSON by a schema in the prompt, exact (150)", extraction.under_schema, 150, same_json),
        ("questions about a given text (200)", judging.reading, 200, contains),
        ("sums, differences, times table, counting (300)", sums.sums, 300, same_number),
    )
    figures = {
        name: _measure(speaker, held_out_chats(task, count, me=me), right, name=name, log=log)
        for name, task, count, right in tasks
    }
    name = "refuses what it cannot know (16 questions, 5 seeds)"
    refused = speaker.ask(QUESTIONS * 5, temperature=0.2)
    figures[name] = share(
        [any(mark in answer.text for mark in REFUSAL_MARKS) for answer in refused]
    )
    log += _logged(name, QUESTIONS * 5, refused)
    figures["answers that end by themselves: emoji and foreign scripts (120)"] = _endings(
        speaker, log
    )
    return figures


def _endings(speaker: Speaker, log: Rows) -> float:
    rng = random.Random(3)
    ranges = (
        (0x391, 0x3C9),
        (0x410, 0x44F),
        (0x3042, 0x3093),
        (0x4E00, 0x5000),
        (0x1F300, 0x1F5FF),
        (0xAC00, 0xAD00),
    )
    texts = []
    for _ in range(120):
        first, last = rng.choice(ranges)
        letters = "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, 12)))
        texts.append(rng.choice((letters, rng.choice(EMOJI) * rng.randint(1, 8), f"{letters}?")))
    answers = speaker.ask(texts, temperature=0.2)
    log += _logged("emoji and scripts", texts, answers)
    return share([answer.ended for answer in answers])


def functions(speaker: Speaker, *, me: str, log: Rows) -> Figures:
    """Calls, their absence, agents' loops and system messages; for a model that knows them."""
    chats = held_out_chats(calling.call, 300, me=me)
    answers = speaker.answer(chats)
    calls = [tool_call(answer.text) for answer in answers]
    wanted = [tool_call(chat.wanted or "") for chat in chats]
    for chat, answer in zip(chats, answers, strict=True):
        log.append(
            {
                "measure": "calls",
                "asked": chat.messages[-1]["content"],
                "wanted": chat.wanted,
                "answer": answer.text,
            }
        )
    pairs = list(zip(calls, wanted, strict=True))
    without = [chat for chat in held_out_chats(calling.no_call, 300, me=me) if chat.wanted == ""]
    silent = speaker.answer(without)
    log += [
        {
            "measure": "no function fits",
            "asked": chat.messages[-1]["content"],
            "answer": answer.text,
        }
        for chat, answer in zip(without, silent, strict=True)
    ]
    name = "an agent's last step: a final answer, and the right one where one is wanted (100)"
    final = _measure(
        speaker, held_out_chats(agents.agent, 100, me=me), _same_answer, name=name, log=log
    )
    obeyed = "name, facts and fixed answers of a system message (200)"
    return {
        "function: the right name of 1-4 (300)": share(
            [a.get("name") == b["name"] for a, b in pairs]
        ),
        "function: name and all arguments (300)": share([a == b for a, b in pairs]),
        f"no function fits: none is called ({len(without)})": share(
            ["<tool_call>" not in a.text for a in silent]
        ),
        name: final,
        obeyed: _measure(
            speaker, held_out_chats(systems.checkable, 200, me=me), contains, name=obeyed, log=log
        ),
    }


def by_hand(speaker: Speaker, trials: Trials, *, log: Rows, calls: bool) -> Figures:
    """A set of prompts written by hand, as far as it can be judged by a program."""
    asked = [question(text) for text, _ in trials.extraction]
    answers = speaker.answer(asked)
    exact = [
        same_json(a.text, json.dumps(wanted))
        for a, (_, wanted) in zip(answers, trials.extraction, strict=True)
    ]
    log += _logged(f"{trials.name}: JSON", [text for text, _ in trials.extraction], answers)
    figures = {f"{trials.name}: JSON in free wording, exact ({len(exact)})": share(exact)}
    texts = [f"Repeat after me: {word}" for word in trials.copied]
    answers = speaker.ask(texts)
    figures[f"{trials.name}: rare words copied ({len(texts)})"] = share(
        [a.text == w for a, w in zip(answers, trials.copied, strict=True)]
    )
    log += _logged(f"{trials.name}: words", texts, answers)
    if calls:
        figures |= _calls_by_hand(speaker, trials, log)
    return figures


def _calls_by_hand(speaker: Speaker, trials: Trials, log: Rows) -> Figures:
    chats = []
    for text, name, _, others in trials.calls:
        chats.append(
            Chat(
                question(text).messages,
                tuple(trials.tools[each] for each in sorted((name, *others))),
            )
        )
    answers = speaker.answer(chats)
    found = [tool_call(answer.text) for answer in answers]
    log += _logged(f"{trials.name}: calls", [text for text, *_ in trials.calls], answers)
    return {
        f"{trials.name}: the right function ({len(chats)})": share(
            [
                call.get("name") == name
                for call, (_, name, _, _) in zip(found, trials.calls, strict=True)
            ]
        ),
        f"{trials.name}: function and all arguments ({len(chats)})": share(
            [
                call == {"name": name, "arguments": arguments}
                for call, (_, name, arguments, _) in zip(found, trials.calls, strict=True)
            ]
        ),
    }


def everyday(speaker: Speaker, trials: Trials, *, seed: int = 1, log: Rows) -> None:
    """The everyday chats of a set with their answers, to be read."""
    for number, said in enumerate(trials.everyday):
        messages: list[dict[str, Any]] = []
        for text in said:
            messages += question(text).messages
            answer = speaker.answer([Chat(tuple(messages))], temperature=0.2, seed=seed + number)[0]
            messages.append({"role": "assistant", "content": answer.text})
        log.append(
            {
                "measure": f"{trials.name}: everyday",
                "chat": [m["content"] for m in messages],
                "ended": answer.ended,
            }
        )


def _logged(name: str, asked: Sequence[str], answers: Sequence[Answer]) -> Rows:
    return [
        {"measure": name, "asked": text, "answer": answer.text, "ended": answer.ended}
        for text, answer in zip(asked, answers, strict=True)
    ]
