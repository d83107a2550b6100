"""The command; see the package."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from helpers.doctor import (
    COMPUTER,
    MODELS,
    Check,
    check_shared_service,
    examine,
    own_service,
)
from helpers.errors import CourseError


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    argparse.ArgumentParser(
        prog="python -m helpers.doctor", description="Does the course run on this computer?"
    ).parse_args(arguments)
    if os.environ.get("LOCAL_ENDPOINTS_URL"):
        well = examine([*COMPUTER, Check("service", check_shared_service)])
    else:
        well = examine(COMPUTER)
        try:
            with own_service() as found:
                well = examine([Check("service", lambda: found), *MODELS]) and well
        except CourseError as error:
            well = False
            print(f"WRONG  {'service':11} {error}")
    print("All is well: the course runs here." if well else "Something needs your attention.")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
