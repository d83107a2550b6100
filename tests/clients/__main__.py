"""Client libraries against the vLLM and the TGI dialect, and what came of it as a table.

``python -m tests.clients`` starts the service with one endpoint of each dialect, installs each
client in an environment of its own and lets it ask, through the gateway, as a learner does.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.common import Service, local_service, markdown
from local_endpoints.environment import local_variables
from tests.clients.asking import questions
from tests.clients.environments import CLIENTS, Client

ROOT = Path(__file__).parents[2]
REPOSITORY = "Qwen/Qwen3-1.7B"
SECONDS = 300
MOST_CHARACTERS = 250
DIALECTS: dict[str, dict[str, Any]] = {
    "vLLM": {
        "custom_image": {"vLLM": {"url": "vllm/vllm-openai:latest"}},
        "container_args": ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"],
    },
    "TGI": {
        "custom_image": {"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}}
    },
}


_NOISE = (
    r" at line \d+ column \d+",
    r"\(Request ID: [^)]*\)",
    r"For (more|further) information (check|visit):? \S+",
)


@dataclass(frozen=True)
class Outcome:
    """What came of one feature of one client with one dialect.

    Attributes:
        verdict: ``works``, ``refused STATUS``, ``wrong`` or ``not tried``.
        text: the client's or the server's words, where it does not work.
    """

    verdict: str
    text: str = ""


Outcomes = dict[tuple[str, str], dict[str, Outcome]]
"""By client and feature, then by dialect."""


def ask(client: Client, service: Service, folder: Path) -> Iterator[tuple[str, Outcome]]:
    """Each feature of a client, tried with an endpoint."""
    try:
        command = client.command(folder)
        if command is None:
            yield "everything", Outcome("not tried", "needs Node.js and npm")
            return
        done = subprocess.run(
            command,
            env=_environment(service, folder),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.CalledProcessError:
        yield "everything", Outcome("not tried", "its installation failed: see above")
        return
    except subprocess.TimeoutExpired:
        yield "everything", Outcome("wrong", f"no end within {SECONDS} s")
        return
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"feature"')]
    for each in told:
        yield each["feature"], Outcome(each["verdict"], _cleaned(each["text"], service))
    if done.returncode or not told:
        yield "everything else", Outcome("wrong", _cleaned(done.stderr[-300:], service))


def _environment(service: Service, folder: Path) -> Mapping[str, str]:
    """That of a shell which ``python -m local_endpoints env`` has prepared, and what `asking`
    reads."""
    address = service.url.rpartition("/")[0]
    prepared = local_variables(url=address, token=service.token, state_dir=folder)
    present: dict[str, str | None] = {**os.environ, **prepared}
    return {
        **{name: value for name, value in present.items() if value is not None},
        "ENDPOINT_URL": service.url,
        "ENDPOINT_TOKEN": service.token,
        "ENDPOINT_MODEL": served_name(service),
        "QUESTIONS": json.dumps(questions.ALL),
        # Nothing goes out: neither statistics nor lists of prices.
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }


def served_name(service: Service) -> str:
    """The model's name, as ``/v1/models`` says it."""
    request = urllib.request.Request(
        f"{service.url}/v1/models", headers={"Authorization": f"Bearer {service.token}"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=SECONDS) as answer:
        name: str = json.load(answer)["data"][0]["id"]
    return name


def _cleaned(text: str, service: Service) -> str:
    """One line without what differs from run to run, or from client to client."""
    for pattern in _NOISE:
        text = re.sub(pattern, "", text)
    text = text.replace(service.url, "URL").replace(str(ROOT), "")
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]} …"


def try_all(clients: Sequence[Client], folder: Path) -> Outcomes:
    """Every feature of every client with every dialect."""
    outcomes: Outcomes = {}
    for dialect, options in DIALECTS.items():
        with local_service(REPOSITORY, task="text-generation", **options) as service:
            for client in clients:
                for feature, outcome in ask(client, service, folder):
                    outcomes.setdefault((client.label, feature), {})[dialect] = outcome
    return outcomes


def table(outcomes: Outcomes) -> str:
    """Outcomes as Markdown: a table, and the words to its numbers."""
    notes: list[str] = []

    def cell(outcome: Outcome) -> str:
        if not outcome.text:
            return outcome.verdict
        if outcome.text not in notes:
            notes.append(outcome.text)
        return f"{outcome.verdict} ({notes.index(outcome.text) + 1})"

    rows = [["client", "feature", *DIALECTS]]
    for (client, feature), by_dialect in outcomes.items():
        cells = [cell(by_dialect.get(name, Outcome("not tried"))) for name in DIALECTS]
        rows.append([client, feature, *cells])
    numbered = [f"{number}. {note}" for number, note in enumerate(notes, 1)]
    return "\n".join([markdown(rows), "", *numbered])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.clients", description=__doc__)
    parser.add_argument("only", nargs="*", help="names of clients; default all")
    parser.add_argument(
        "--environments",
        type=Path,
        default=ROOT / ".clients",
        help="folder of the clients' environments, kept for the next time",
    )
    options = parser.parse_args()
    clients = [c for c in CLIENTS if not options.only or c.name in options.only]
    if not clients:
        parser.error(f"the clients are {', '.join(client.name for client in CLIENTS)}")
    print(table(try_all(clients, options.environments.absolute())))


if __name__ == "__main__":
    main()
