"""Command line: ``python -m local_endpoints serve | status | stop | env | tokens``, and what
``shelf_commands`` has."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from local_endpoints import shelf_commands
from local_endpoints.access.token import TOKEN_PREFIX
from local_endpoints.client import (
    ADDRESS,
    ensure_running,
    find_running,
    is_held,
    mute,
    stop_running,
)
from local_endpoints.environment import local_variables
from local_endpoints.errors import ServiceError
from local_endpoints.shell import SHELLS, lines
from local_endpoints.state_dir import STATE_DIR_VARIABLE, default_state_dir, make_state_dir
from local_endpoints.tokens_command import add_parser, run

NOTHING_RUNS, NO_ANSWER = 1, 3


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return the exit status: 0, or 1 with one line on standard error.
    ``status`` returns 1 when nothing runs, 3 when what runs does not answer."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "serve" and options.ray_address and options.replicas != "ray":
        parser.error("--ray-address goes with --replicas ray")
    state_dir = (options.state_dir or default_state_dir()).absolute()
    commands = {"serve": _serve, "status": _status, "stop": _stop, "env": _env, "tokens": run}
    commands |= shelf_commands.COMMANDS
    try:
        return commands[options.command](options, state_dir)
    except (ServiceError, OSError) as error:
        print(f"local_endpoints: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local_endpoints",
        description="A local Hugging Face Inference Endpoints service with tiny real models.",
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--state-dir",
        type=Path,
        metavar="DIR",
        help="folder of the service's files (default: $LOCAL_ENDPOINTS_STATE_DIR, or a folder "
        "for this user's program state)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", parents=[common], help="run the service")
    serve.add_argument(
        "--port", type=_port, default=0, help="port on 127.0.0.1; 0, the default, picks one"
    )
    serve.add_argument(
        "--minute",
        type=_seconds,
        default=1.0,
        metavar="SECONDS",
        help="how long one billed minute lasts; default 1, the real service's 60",
    )
    serve.add_argument(
        "--owner",
        type=int,
        metavar="PID",
        help="end some time after this process is gone (default: run until stopped)",
    )
    serve.add_argument(
        "--replicas",
        choices=("process", "ray"),
        default="process",
        help="where containers run: in processes of this computer (the default), or where Ray "
        'Serve places them; the latter takes pip install -e ".[ray]"',
    )
    serve.add_argument(
        "--ray-address",
        metavar="HOST:PORT",
        help="the Ray cluster, on whose head node this runs (default: Ray is started for the "
        "service alone)",
    )
    commands.add_parser("status", parents=[common], help="say what runs and what it costs")
    commands.add_parser("stop", parents=[common], help="stop the service; endpoints are paused")
    shelf_commands.add_commands(commands, common=common)
    env = commands.add_parser(
        "env",
        parents=[common],
        help='connect a shell: eval "$(python -m local_endpoints env)". Starts the service if '
        "none runs; it runs until it is stopped",
    )
    env.add_argument(
        "--shell",
        choices=SHELLS,
        default="powershell" if os.name == "nt" else "sh",
        help="whose language to speak (default here: %(default)s)",
    )
    env.add_argument(
        "--url",
        type=_address,
        help="connect to a service that somebody else of this computer runs, with the token in "
        "HF_TOKEN that they gave you",
    )
    add_parser(commands, common)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise argparse.ArgumentTypeError("an address is http://127.0.0.1:PORT")
    return text


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.01 <= seconds <= 3600:
        raise argparse.ArgumentTypeError("a local minute lasts from 0.01 to 3600 seconds")
    return seconds


def _serve(options: argparse.Namespace, state_dir: Path) -> int:
    from local_endpoints.service import ServiceOptions, serve  # the servers' imports take a second

    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    serve(
        ServiceOptions(
            state_dir,
            options.port,
            options.minute,
            options.owner,
            replicas=options.replicas,
            ray_address=options.ray_address,
        )
    )
    return 0


def _status(options: argparse.Namespace, state_dir: Path) -> int:
    info = find_running(state_dir)
    if info is None and is_held(state_dir):
        print(f"local_endpoints: {mute(state_dir)}", file=sys.stderr)
        return NO_ANSWER
    if info is None:
        print(f"No service is running for {state_dir}")
        return NOTHING_RUNS
    status = info.status()
    print(f"Local Inference Endpoints at {info.url}")
    print(f"process {info.pid}, local minute {status['minute']:g} s, files in {info.state_dir}")
    for endpoint in status["endpoints"]:
        print(
            f"{endpoint['namespace']}/{endpoint['name']}  {endpoint['state']}  "
            f"${endpoint['price_per_hour']:.3f}/h  ${endpoint['cost']:.4f} so far"
        )
    return 0


def _stop(options: argparse.Namespace, state_dir: Path) -> int:
    if stop_running(state_dir):
        print("Stopped. Endpoints are paused and will be back, paused, with the next start.")
    else:
        print(f"No service is running for {state_dir}")
    return 0


def _env(options: argparse.Namespace, state_dir: Path) -> int:
    if sys.stdout.isatty():
        command = "python -m local_endpoints env"
        shown = {"sh": f'eval "$({command})"', "powershell": f"{command} | Out-String | iex"}
        print(
            "local_endpoints: these lines have a token in them and are for a shell to read: "
            f"{shown[options.shell]}",
            file=sys.stderr,
        )
        return 1
    print(lines(_variables(options, state_dir), shell=options.shell), end="")
    return 0


def _variables(options: argparse.Namespace, state_dir: Path) -> dict[str, str | None]:
    if options.url is None:
        info = ensure_running(state_dir)
        variables = local_variables(url=info.url, token=info.token, state_dir=info.state_dir)
        return {**variables, STATE_DIR_VARIABLE: str(info.state_dir)}
    token = os.environ.get("HF_TOKEN", "")
    if not token.startswith(TOKEN_PREFIX):
        raise ServiceError(
            f"set HF_TOKEN to the token of that service, which begins with {TOKEN_PREFIX}"
        )
    make_state_dir(state_dir)
    return local_variables(url=options.url, token=token, state_dir=state_dir)


if __name__ == "__main__":
    sys.exit(main())
