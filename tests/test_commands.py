"""Every command that a learner or a teacher may type says what it does, before it does anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMANDS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
    for room in ("helpers", "teaching")
    for path in (ROOT / room).rglob("*.py")
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", [*COMMANDS, "local_endpoints"])
def test_help_is_all_that_help_does(name: str, tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", name, "--help"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "LOCAL_ENDPOINTS_STATE_DIR": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith(f"usage: python -m {name} "), found.stdout
    assert not list(tmp_path.iterdir())
