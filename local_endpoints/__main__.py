"""Command line: ``python -m local_endpoints serve | status | stop | env | tokens``, and what
``shelf_commands`` has."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import sys
from pathlib import Path

from local_endpoints import shelf_commands
from local_endpoints.access.token import TOKEN_PREFIX
from local_endpoints.address import public_url
from local_endpoints.client import (
    ensure_running,
    find_running,
    is_held,
    mute,
    stop_running,
)
from local_endpoints.environment import TOKEN_VARIABLE, local_variables
from local_endpoints.errors import ServiceError
from local_endpoints.shared_service import find_shared
from local_endpoints.shell import SHELLS, lines
from local_endpoints.state_dir import STATE_DIR_VARIABLE, default_state_dir
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
        "--shared",
        action="store_true",
        help="for more than one user: those of `tokens add`, each in a namespace of their own. "
        "Replicas that are alike share a process",
    )
    serve.add_argument(
        "--host",
        type=_host,
        default="127.0.0.1",
        metavar="ADDRESS",
        help="with --shared: IPv4 address to listen at, besides 127.0.0.1; 0.0.0.0 for all",
    )
    serve.add_argument(
        "--url",
        type=_url,
        help="with --shared: what its users write, behind your TLS proxy, for example "
        "https://class.example.org/endpoints (default: the loopback address)",
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
    serve.add_argument(
        "--jupyterhub",
        action="store_true",
        help="be a service of a JupyterHub: its users' tokens are accepted, each with a namespace "
        "of their name",
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
        type=_url,
        help="connect to a service that somebody else runs, with the token in "
        f"{TOKEN_VARIABLE} or HF_TOKEN that they gave you",
    )
    add_parser(commands, common)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _url(text: str) -> str:
    try:
        return public_url(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _host(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no IPv4 address") from None


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0.01 <= seconds <= 3600:
        raise argparse.ArgumentTypeError("a local minute lasts from 0.01 to 3600 seconds")
    return seconds


def _serve(options: argparse.Namespace, state_dir: Path) -> int:
    from local_endpoints.service import ServiceOptions, serve  # the servers' imports take a second

    _check_sharing(options)

    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    serve(
        ServiceOptions(
            state_dir,
            port=options.port,
            minute=options.minute,
            owner=options.owner,
            shared=options.shared,
            host=options.host,
            url=options.url,
            replicas=options.replicas,
            ray_address=options.ray_address,
            jupyterhub=options.jupyterhub,
        )
    )
    return 0


def _check_sharing(options: argparse.Namespace) -> None:
    is_open = not ipaddress.IPv4Address(options.host).is_loopback
    if not options.shared and (is_open or options.url):
        raise ServiceError(
            "--host and --url let others in: say --shared as well, and make a token for each of "
            "them with `tokens add`"
        )
    if options.jupyterhub and not options.shared:
        raise ServiceError("--jupyterhub lets a Hub's users in: say --shared as well")
    if is_open and not options.url:
        raise ServiceError(
            f"with --host {options.host} say --url, too: the address that users write. Put a proxy "
            "with a certificate there, for tokens must not pass in the open"
        )


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
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token and os.environ.get("HF_TOKEN", "").startswith(TOKEN_PREFIX):
        token = os.environ["HF_TOKEN"]
    if not token:
        raise ServiceError(
            f"set {TOKEN_VARIABLE} to the token of that service, or HF_TOKEN, if it begins with "
            f"{TOKEN_PREFIX}"
        )
    found = find_shared(options.url, token, state_dir=state_dir)
    assert found is not None
    return local_variables(url=found.url, token=token, state_dir=state_dir, shared=True)


if __name__ == "__main__":
    sys.exit(main())
