"""What answers behind a replica in the tests of its kind: a program of its own, for any kind.

As a container it reads its settings from standard input; as somebody's server (with a port in its
arguments) it asks for the key in ``EXPECTED``, if there is one. It writes what happens into the
file ``RECORD``, one line of JSON each, and does not start while a file ``RECORD.doom`` exists.
"""

from __future__ import annotations

import http.server
import json
import os
import sys
import threading
import time
from pathlib import Path

from local_endpoints.replicas.wire import ready_line


def main() -> None:
    settings = {"env": dict(os.environ), "replica_key": None}
    if len(sys.argv) == 1:
        settings = json.loads(sys.stdin.buffer.readline())
    record = Path(settings["env"]["RECORD"])
    if record.with_suffix(".doom").exists():
        print("CUDA out of memory", flush=True)
        sys.exit(3)
    wanted = {"x-replica-key": settings["replica_key"]} if settings["replica_key"] else {}
    if expected := settings["env"].get("EXPECTED"):
        wanted = {"authorization": f"Bearer {expected}"}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if any(self.headers[name] != value for name, value in wanted.items()):
                self.send_error(403)
            elif self.path == "/health":
                self._answer(b"")
            else:
                self._note("asked", headers=list(self.headers.items()))
                ways = {"/stream": self._stream, "/die": self._die, "/moved": self._moved}
                ways.get(self.path, self._hello)()

        def _hello(self) -> None:
            self._answer(b"hello")

        def _moved(self) -> None:
            """Leads elsewhere as Starlette does, by the address at which it was asked."""
            self.send_response(307)
            self.send_header("Location", f"http://{self.headers['Host']}/hello")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self) -> None:
            """Events without end: whoever sees one was not made to wait for the last."""
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"d\r\ndata: event\n\n\r\n")
                    self.wfile.flush()
                    time.sleep(0.01)
            except OSError:
                self.close_connection = True
                self._note("left")

        def _die(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
            self.wfile.flush()
            os._exit(3)

        def _note(self, event: str, **more: object) -> None:
            with record.open("a") as file:
                file.write(json.dumps({"event": event, "path": self.path, **more}) + "\n")

        def log_message(self, *arguments: object) -> None:
            pass

    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    key = settings["replica_key"] or ""
    print(ready_line(f"http://127.0.0.1:{server.server_port}", key), flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


main()
