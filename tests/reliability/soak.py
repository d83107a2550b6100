"""A long day at a low rate: everything that lessons do, again and again."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import requests
from PIL import Image

from tests.reliability.flatness import Levels
from tests.reliability.report import Report
from tests.reliability.sizes import Sizes
from tests.reliability.stand import CHAT, DEADLINE, KINDS, QWEN, Stand, standing

PAUSE_SECONDS = 0.5
MEASURE_SECONDS = 10.0
SLEEPER = "sleeper"


def soak(folder: Path, sizes: Sizes, report: Report) -> None:
    """Ask, stream, leave, draw, create, pause, wake, delete; measure every ten seconds."""
    seconds = sizes.soak_minutes * 60
    drawn = random.Random(sizes.seed)
    with standing(folder, report) as stand:
        deeds = _deeds(stand, drawn)
        for deed in deeds:
            deed()
        report.counts.clear()
        levels = Levels(stand)
        levels.measure()
        first = stand.bill("tgi-text")
        begun = measured = time.monotonic()
        while time.monotonic() - begun < seconds:
            deed = drawn.choice(deeds)
            deed()
            report.counts[deed.__name__] += 1
            if time.monotonic() - measured >= MEASURE_SECONDS:
                levels.measure()
                measured = time.monotonic()
            time.sleep(PAUSE_SECONDS if seconds > 60 else 0)
            if report.counts.total() % 200 == 0:
                report.say(f"{(time.monotonic() - begun) / 60:.1f} minutes, {report.counts}")
        levels.measure()
        if seconds > 60:
            levels.expect_flat()
        last = stand.bill("tgi-text")
        stand.expect_bill(first, last, until=(last.before, last.after))
        names = {item["name"] for item in stand.call("GET")["items"]}
        report.expect(names == {*KINDS, SLEEPER}, f"endpoints at the end: {names}")
        report.figures["minutes"] = (time.monotonic() - begun) / 60


def _deeds(stand: Stand, drawn: random.Random) -> list[Callable[[], None]]:
    """What is done again and again. The endpoints are there when it returns."""
    urls = {kind: stand.add(kind) for kind in KINDS}
    sleeper = stand.add("tgi-text", SLEEPER, min_replica=0)
    picture = BytesIO()
    Image.new("RGB", (64, 64), "red").save(picture, "PNG")
    data = "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()

    def expect(status: int, method: str, url: str, **options: object) -> None:
        answer = stand.ask(method, url, **options)
        if answer is not None:
            stand.report.expect(
                answer.status_code == status, f"{answer.status_code} {answer.text[:200]}: {url}"
            )

    def chat() -> None:
        url = urls[drawn.choice(["tgi-text", "vllm-text"])]
        body = {**CHAT, "model": QWEN, "max_tokens": drawn.randint(1, 60)}
        expect(200, "POST", f"{url}/v1/chat/completions", json=body)

    def leave_in_the_middle() -> None:
        url = urls[drawn.choice(["tgi-text", "vllm-text"])]
        body = {**CHAT, "model": QWEN, "max_tokens": 200, "stream": True}
        answer = requests.post(
            f"{url}/v1/chat/completions", json=body, headers=stand.headers,
            timeout=DEADLINE, stream=True,
        )  # fmt: skip
        with closing(answer):
            next(answer.iter_content(64))

    def look_at_a_picture() -> None:
        parts = [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": data}},
        ]
        body = {"messages": [{"role": "user", "content": parts}], "max_tokens": 10}
        expect(200, "POST", f"{urls['tgi-vision']}/v1/chat/completions", json=body)

    def draw() -> None:
        body = {"inputs": "a fox", "parameters": {"num_inference_steps": 3, "seed": 1}}
        expect(200, "POST", urls["toolkit-picture"], json=body)

    def guided() -> None:
        schema = {"type": "object", "properties": {f"a{drawn.randint(0, 9)}": {"type": "integer"}}}
        parameters = {"max_new_tokens": 20, "grammar": {"type": "json", "value": schema}}
        body = {"inputs": "A", "parameters": parameters}
        expect(200, "POST", f"{urls['tgi-text']}/generate", json=body)

    def nonsense() -> None:
        expect(422, "POST", f"{urls['tgi-text']}/generate", json={"inputs": 1})
        expect(401, "GET", f"{stand.info.url}/api/whoami-v2".replace("127.0.0.1", "localhost"),
               auth=("a", "b"))  # fmt: skip
        expect(404, "GET", f"{stand.info.url}/v2/endpoint/local-user/nowhere")

    def download() -> None:
        expect(200, "GET", f"{stand.info.url}/{QWEN}/resolve/main/config.json")
        expect(200, "GET", f"{stand.info.url}/api/models/{QWEN}")

    def sleep_and_wake() -> None:
        stand.call("POST", f"/{SLEEPER}/scale-to-zero")
        time.sleep(0.2)
        answer = stand.ask(
            "POST", f"{sleeper}/generate", json={"inputs": "A", "parameters": {"max_new_tokens": 2}}
        )
        if answer is not None:
            stand.report.expect(
                answer.status_code in (200, 400, 503), f"while it sleeps: {answer.text}"
            )
        stand.running(SLEEPER)

    def pause_and_resume() -> None:
        stand.call("POST", f"/{SLEEPER}/pause")
        expect(400, "GET", f"{sleeper}/health")
        stand.call("POST", f"/{SLEEPER}/resume")
        stand.running(SLEEPER)

    def come_and_go() -> None:
        name = f"guest-{drawn.randint(0, 10**6)}"
        stand.add("tgi-text", name)
        stand.call("DELETE", f"/{name}")

    often = [chat, chat, chat, chat, leave_in_the_middle, look_at_a_picture, draw, guided]
    return [*often, nonsense, download, sleep_and_wake, pause_and_resume, come_and_go]
