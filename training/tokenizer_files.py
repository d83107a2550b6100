"""A tokenizer's two files, and the command that trains and writes one."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from training.files import write_whole


def write_files(
    tokenizer: Tokenizer, config: Mapping[str, Any], folder: Path, *, pretty: bool = True
) -> None:
    """Write ``tokenizer.json`` and ``tokenizer_config.json``, each whole or not at all.

    Args:
        config: what ``transformers`` reads beside the tokenizer.
        folder: made if missing.
        pretty: whether ``tokenizer.json`` has one entry per line.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "tokenizer.json": tokenizer.to_str(pretty=pretty),
        "tokenizer_config.json": json.dumps(config, indent=2, ensure_ascii=False),
    }
    for name, text in texts.items():
        write_whole(folder / name, (text + "\n").encode())


def command(
    train: Callable[[], Tokenizer], write: Callable[[Tokenizer, Path], None], *, what: str
) -> None:
    """Command line ``--out FOLDER``: train a tokenizer and write it.

    Args:
        what: whose it is, for the help: ``"pocket Gemma"``.
    """
    parser = argparse.ArgumentParser(description=f"Train the {what}'s tokenizer.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    arguments = parser.parse_args()
    tokenizer = train()
    write(tokenizer, arguments.out)
    print(f"{tokenizer.get_vocab_size()} tokens written to {arguments.out}")
