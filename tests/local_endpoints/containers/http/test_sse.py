"""Streams on the ASGI level: silence, and clients that go away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from local_endpoints.containers.http.sse import ClientGoneError, EventStream, frame, unless_gone


class Client:
    """The other side of an ASGI application."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self.got = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.messages.append(dict(message))
        if message.get("body"):
            self.got.set()

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)


def test_an_event_has_a_space_after_its_colon_and_a_blank_line() -> None:
    assert frame('{"é":1}') == 'data: {"é":1}\n\n'.encode()


def test_silence_is_filled_with_comments() -> None:
    async def main() -> bytes:
        client, woken = Client(), asyncio.Event()

        async def chunks() -> AsyncIterator[bytes]:
            yield b"first"
            await woken.wait()
            yield b""
            yield b"last"

        stream = EventStream(
            chunks(), headers={}, wake=woken.set, abandon=lambda: None, keep_alive=0.001
        )
        await asyncio.wait_for(stream({"type": "http"}, client.receive, client.send), 20)
        return client.body

    assert asyncio.run(main()) == b"first:\n\nlast"


def test_a_client_that_goes_away_abandons_the_stream() -> None:
    async def main() -> list[str]:
        client, abandoned = Client(), asyncio.Event()

        async def chunks() -> AsyncIterator[bytes]:
            yield b"first"
            await abandoned.wait()

        stream = EventStream(chunks(), headers={}, wake=lambda: None, abandon=abandoned.set)
        task = asyncio.create_task(stream({"type": "http"}, client.receive, client.send))
        await client.got.wait()
        client.gone.set()
        await asyncio.wait_for(task, 20)
        return [message["type"] for message in client.messages]

    assert asyncio.run(main())[0] == "http.response.start"


def test_a_stream_that_cannot_be_written_is_abandoned() -> None:
    async def main() -> int:
        client, calls = Client(), []

        async def chunks() -> AsyncIterator[bytes]:
            yield b"first"

        async def broken(message: Any) -> None:
            raise OSError("connection reset")

        stream = EventStream(
            chunks(), headers={}, wake=lambda: None, abandon=lambda: calls.append(1)
        )
        with pytest.raises(OSError, match="reset"):
            await stream({"type": "http"}, client.receive, broken)
        return len(calls)

    assert asyncio.run(main()) == 1


def test_work_is_cancelled_when_the_client_goes_away() -> None:
    async def main() -> bool:
        client, cleaned, started = Client(), asyncio.Event(), asyncio.Event()

        async def work() -> None:
            try:
                started.set()
                await asyncio.Event().wait()
            finally:
                cleaned.set()

        async def leave() -> None:
            await started.wait()
            client.gone.set()

        leaving = asyncio.create_task(leave())
        with pytest.raises(ClientGoneError):
            await unless_gone(client.receive, work())
        await leaving
        return cleaned.is_set()

    assert asyncio.run(main())


def test_work_that_is_done_in_time_is_returned() -> None:
    async def main() -> str:
        async def work() -> str:
            return "answer"

        return await unless_gone(Client().receive, work())

    assert asyncio.run(main()) == "answer"
