"""Try the model: a conversation, a picture from a prompt, a question about a picture."""

from __future__ import annotations

import asyncio
import base64
import io
import time
from typing import Any

import ipywidgets
from huggingface_hub import InferenceEndpoint
from PIL import Image

from helpers.examples import example_pictures
from helpers.gallery import PREVIEW_SIDE
from helpers.images import image_to_data_url
from helpers.panel import fields
from helpers.panel.asking import draw, served_name, stream
from helpers.panel.calls import Chat, Drawing
from helpers.panel.jobs import Jobs, beside
from helpers.panel.live import Live, Notice
from helpers.panel.words import plural
from helpers.picture import load_picture
from helpers.pocket import is_pocket

CHAT_TASKS = ("text-generation", "image-text-to-text", "conversational")
PICTURE_TASK = "image-text-to-text"
DRAWING_TASK = "text-to-image"
FRAME_SECONDS = 0.05
"""Between two looks of the browser at an answer that is being written."""
OWN_PICTURE = "a file of your own"
NO_PICTURE = "none"
ANSWER = "answer"


class Playground:
    """What the playgrounds have in common.

    Args:
        send: what the button says that asks.
        prompt: what to begin with.

    Attributes:
        prompt, seed: controls that all of them have.
        send, stop: the buttons.
        widget: everything.
    """

    def __init__(self, send: str, prompt: ipywidgets.Textarea) -> None:
        self.prompt = prompt
        self.seed = fields.text("Seed", hint="a whole number; empty: another answer each time")
        self.notice = Notice()
        self.jobs = Jobs(self.notice.complain)
        self.send = fields.button(send, self._press, style="primary")
        self.stop = fields.button("Stop", self._stop, title="Stop the answer that is being made")
        self.stop.disabled = True
        self.code = Live("code")
        self.url: str | None = None
        self._repository = self._model = ""
        self._pocket = False
        self.widget: ipywidgets.Widget = fields.column()

    def show(self, endpoint: InferenceEndpoint) -> None:
        """Take over the endpoint's address."""
        if (endpoint.url, endpoint.repository) != (self.url, self._repository):
            self.url, self._repository = endpoint.url, endpoint.repository
            self._model = ""
            self._show_code()

    def _problem(self) -> str:
        """Why nothing can be asked now; empty if it can."""
        if self.url is None:
            return "The endpoint has no address yet: wait until it runs."
        if not self.prompt.value.strip():
            return f"The {self.prompt.description.lower()} is empty."
        seed = self.seed.value.strip()
        return "" if not seed or seed.isdecimal() else "The seed must be a whole number, or empty."

    def _seed(self) -> dict[str, int]:
        seed = self.seed.value.strip()
        return {"seed": int(seed)} if seed.isdecimal() else {}

    async def _answer(self, url: str) -> None:
        raise NotImplementedError

    def _show_code(self) -> None:
        raise NotImplementedError

    def _press(self) -> None:
        self.jobs.start(ANSWER, self._ask)

    def _stop(self) -> None:
        self.jobs.cancel(ANSWER)

    async def _ask(self) -> None:
        if problem := self._problem():
            self.notice.complain(problem)
            return
        self.send.disabled, self.stop.disabled = True, False
        self.notice.complain("")
        try:
            repository = self._repository
            self._pocket = await beside(lambda: is_pocket(repository))
            await self._answer(str(self.url))
        except asyncio.CancelledError:
            self.notice.say("Stopped, and the connection is closed.")
            raise
        finally:
            self.send.disabled, self.stop.disabled = False, True


class ChatPlayground(Playground):
    """A conversation, and for models that see, with a picture at its beginning.

    Attributes:
        system, tokens, temperature, top_p: controls.
        picture: which picture goes with the question, for models that see.
        files: takes one of your own.
        turns: the conversation.
    """

    def __init__(self, *, sees: bool) -> None:
        question = "What animal is this?" if sees else "Please write a short poem about the sea."
        super().__init__("Send", fields.area("Message", question))
        self._messages: list[dict[str, Any]] = []
        self._own: Image.Image | None = None
        self._picture_url = self._preview_url = ""
        empty = "Ask something: the answer appears here while it is written."
        self.turns = Live("chat", {"turns": [], "empty": empty})
        self.system = fields.text(
            "System message", hint="how it shall answer; many models have none"
        )
        self.tokens = fields.whole("Most tokens", 150, least=1, most=4096)
        self.temperature = fields.number("Temperature", 0.7, least=0.0, most=2.0, step=0.1)
        self.top_p = fields.number("Top p", 0.95, least=0.05, most=1.0, step=0.05)
        pictures = [*example_pictures(), OWN_PICTURE, NO_PICTURE] if sees else [NO_PICTURE]
        self.picture = fields.choice("Picture", pictures, pictures[0])
        self.files = ipywidgets.FileUpload(accept="image/*", description="Choose a file")
        self.preview = Live("picture", {})
        self.anew = fields.button("New conversation", self.forget)
        once = fields.hint("It goes with the first message of a conversation.")
        own = (self.picture, self.files, self.preview, once) if sees else ()
        self.widget = fields.column(
            self.turns, *own, self.prompt, fields.row(self.send, self.stop, self.anew),
            self.notice, fields.title("Parameters"), self.system, self.tokens, self.temperature,
            self.top_p, self.seed, fields.title("The same call as code"), self.code,
        )  # fmt: skip
        self.files.observe(self._on_files, names="value")
        watched = (self.prompt, self.system, self.tokens, self.temperature, self.top_p, self.seed)
        for control in watched:
            control.observe(lambda _: self._show_code(), names="value")
        self.picture.observe(lambda _: self._on_picture(), names="value")
        self._on_picture()

    def forget(self) -> None:
        """Begin a new conversation."""
        self.jobs.cancel(ANSWER)
        self._messages = []
        self.turns.data = {**self.turns.data, "turns": [], "note": ""}
        self._show_code()

    @property
    def chosen_picture(self) -> Image.Image | None:
        """What goes with a conversation's first message."""
        name = self.picture.value
        return self._own if name == OWN_PICTURE else example_pictures().get(name)

    def request(self) -> Chat:
        """What would be sent now."""
        options: dict[str, Any] = {
            "max_tokens": self.tokens.value,
            "temperature": self.temperature.value,
        }
        # TGI refuses a top_p of 1, which changes nothing.
        if self.top_p.value < 1:
            options["top_p"] = self.top_p.value
        options |= self._seed()
        return Chat(
            [*self._beginning(), self._question()], self._model or self._repository, options
        )

    def _problem(self) -> str:
        problem = super()._problem()
        if problem or self._messages or self.picture.value != OWN_PICTURE or self._own is not None:
            return problem
        return "Choose a file first, or another picture."

    def _beginning(self) -> list[dict[str, Any]]:
        system = self.system.value.strip()
        return [*([{"role": "system", "content": system}] if system else []), *self._messages]

    def _question(self) -> dict[str, Any]:
        text = self.prompt.value
        if self._messages or not self._picture_url:
            return {"role": "user", "content": text}
        image = {"type": "image_url", "image_url": {"url": self._picture_url}}
        return {"role": "user", "content": [image, {"type": "text", "text": text}]}

    async def _answer(self, url: str) -> None:
        if not self._model:
            self.notice.say("Asking the server for its model's name …")
            self._model = await served_name(url)
            self._show_code()
        chat = self.request()
        question = chat.messages[-1]
        turns = [*self.turns.data["turns"], self._turn_of(question)]
        self._draw(turns, "", "waiting for the first piece …")
        self.notice.say("")
        started, text, count, reason, drawn = time.monotonic(), "", 0, "", 0.0
        try:
            async for piece in stream(url, chat):
                text += piece.text
                count, reason = count + bool(piece.text), piece.reason or reason
                if time.monotonic() - drawn > FRAME_SECONDS:
                    drawn = time.monotonic()
                    self._draw(turns, text, "writing …")
        except BaseException:
            self._draw(turns, text, "it ended before the answer was complete")
            raise
        self._draw(turns, text, _summary(time.monotonic() - started, count, reason))
        self._messages += [question, {"role": "assistant", "content": text}]
        self._show_code()

    def _draw(self, turns: list[dict[str, Any]], text: str, note: str) -> None:
        who = self._model + (" (a pocket model)" if self._pocket else "")
        answer = [{"who": who, "text": text.strip()}] if text else []
        self.turns.data = {**self.turns.data, "turns": [*turns, *answer], "note": note}

    def _turn_of(self, message: dict[str, Any]) -> dict[str, Any]:
        content = message["content"]
        if isinstance(content, str):
            return {"who": "You", "text": content, "mine": True}
        return {
            "who": "You",
            "text": content[1]["text"],
            "mine": True,
            "picture": self._preview_url,
            "alt": f"the picture asked about: {self.picture.value}",
        }

    def _show_code(self) -> None:
        self.code.data = _code(self.request(), self.url)

    def _on_picture(self) -> None:
        fields.shown(self.files, self.picture.value == OWN_PICTURE)
        picture = self.chosen_picture
        self._picture_url = self._preview_url = ""
        if picture is None:
            self.preview.data = {}
            self._show_code()
            return
        self._picture_url = image_to_data_url(picture)
        self._preview_url = _as_url(load_picture(picture, max_side=PREVIEW_SIDE))
        self._show_code()
        note = f"{self.picture.value}, {picture.width} x {picture.height} pixels"
        alt = f"the chosen picture: {self.picture.value}"
        self.preview.data = {"src": self._preview_url, "alt": alt, "note": note}

    def _on_files(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        (file,) = change["new"]
        self.files.value = ()  # so that the same file can be chosen again
        stream_of_it = io.BytesIO(file["content"])
        stream_of_it.name = file["name"]

        async def read() -> None:
            self._own = await beside(
                lambda: load_picture(stream_of_it, max_side=2048, say=self.notice.say)
            )
            self._on_picture()

        self.jobs.start("file", read, replace=True)


class DrawingPlayground(Playground):
    """A picture from a prompt.

    Attributes:
        negative, steps, guidance: controls.
        picture: what was drawn.
    """

    def __init__(self) -> None:
        super().__init__(
            "Draw", fields.area("Prompt", "a fox in a green scarf with a red balloon on the beach")
        )
        self.negative = fields.text("Negative prompt", hint="what shall not be in it")
        self.steps = fields.whole("Steps", 20, least=1, most=150)
        self.guidance = fields.number("Guidance scale", 8.0, least=0.0, most=30.0, step=0.5)
        self.picture = Live("picture", {"note": "The picture appears here."})
        self.widget = fields.column(
            self.prompt, fields.row(self.send, self.stop), self.notice, self.picture,
            fields.title("Parameters"), self.negative, self.steps, self.guidance, self.seed,
            fields.title("The same call as code"), self.code,
        )  # fmt: skip
        for control in (self.prompt, self.negative, self.steps, self.guidance, self.seed):
            control.observe(lambda _: self._show_code(), names="value")
        self._show_code()

    def request(self) -> Drawing:
        """What would be sent now."""
        options: dict[str, Any] = {
            "num_inference_steps": self.steps.value,
            "guidance_scale": self.guidance.value,
        }
        if negative := self.negative.value.strip():
            options["negative_prompt"] = negative
        options |= self._seed()
        return Drawing(self.prompt.value, options)

    async def _answer(self, url: str) -> None:
        request = self.request()
        self.notice.say("Drawing …")
        started = time.monotonic()
        picture = await draw(url, request)
        seconds = time.monotonic() - started
        who = "a pocket model" if self._pocket else "the endpoint"
        note = f"{picture.width} x {picture.height} pixels, drawn by {who} in {seconds:.1f} s"
        alt = f"drawn from the prompt: {request.prompt}"
        self.picture.data = {"src": _as_url(picture), "alt": alt, "note": note}
        self.notice.say("")

    def _show_code(self) -> None:
        self.code.data = _code(self.request(), self.url)


def playground_for(task: str) -> Playground | None:
    """The playground of a task; ``None`` if there is none."""
    if task in CHAT_TASKS:
        return ChatPlayground(sees=task == PICTURE_TASK)
    return DrawingPlayground() if task == DRAWING_TASK else None


def _code(request: Chat | Drawing, url: str | None) -> dict[str, Any]:
    address = url or "THE-ENDPOINTS-ADDRESS"
    return {
        "blocks": [
            {"title": "Python", "text": request.python(address)},
            {"title": "cURL", "text": request.curl(address)},
        ]
    }


def _summary(seconds: float, count: int, reason: str) -> str:
    cut = "; cut off at the most tokens" if reason == "length" else ""
    return f"{plural(count, 'piece')} in {seconds:.1f} s{cut}"


def _as_url(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, format="WEBP", quality=90)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()
