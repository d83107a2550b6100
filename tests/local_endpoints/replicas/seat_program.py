"""``program.py`` as a container beside others: the same paths, the same record."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings


class Program:
    """A container without a model."""

    def __init__(self, settings: ContainerSettings, engines: object) -> None:
        self._record = Path(settings.env["RECORD"])
        if self._record.with_suffix(".doom").exists():
            raise ConfigurationError("CUDA out of memory")

    async def start(self) -> Any:
        return self._answer

    def stop(self) -> None:
        pass

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path != "/health":
            headers = [[name.decode(), value.decode()] for name, value in scope["headers"]]
            query = scope["query_string"].decode()
            asked = scope["raw_path"].decode() + (f"?{query}" if query else "")
            self._note("asked", asked, headers=headers, process=os.getpid())
        if path == "/stream":
            await self._stream(receive, send)
        elif path == "/die":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
            await asyncio.sleep(0.05)  # until it has left the process
            os._exit(3)
        elif path == "/moved":
            by_name = dict(scope["headers"])
            way = (b"location", b"http://" + by_name[b"host"] + b"/hello")
            await send({"type": "http.response.start", "status": 307, "headers": [way]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"hello"})

    async def _stream(self, receive: Any, send: Any) -> None:
        kind = (b"content-type", b"text/event-stream")
        await send({"type": "http.response.start", "status": 200, "headers": [kind]})
        gone = asyncio.create_task(self._until_gone(receive))
        while not gone.done():
            await send(
                {"type": "http.response.body", "body": b"data: event\n\n", "more_body": True}
            )
            await asyncio.sleep(0.01)
        self._note("left", "/stream")

    async def _until_gone(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    def _note(self, event: str, path: str, **more: object) -> None:
        with self._record.open("a") as file:
            file.write(json.dumps({"event": event, "path": path, **more}) + "\n")
