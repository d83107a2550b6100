"""What was found, one line for each question, and whether anything stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.errors import ParameterError
from helpers.table import html_table

WORDS = {True: "ok", False: "WRONG", None: "look"}


@dataclass(frozen=True)
class Finding:
    """The answer to one question.

    Attributes:
        what: it is about.
        well: ``None`` where nobody can tell, or where you have to look yourself.
        found: what there is.
        remedy: what to do about it; empty where nothing needs to be done.
    """

    what: str
    well: bool | None
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Preflight:
    """What ``preflight`` returns. A notebook shows a table, everything else the same as text.

    Attributes:
        findings: in the order in which the service would ask.
    """

    findings: tuple[Finding, ...]

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """Those that stand in the way."""
        return tuple(each for each in self.findings if each.well is False)

    def require(self) -> None:
        """Go on only if nothing stands in the way.

        Raises:
            ParameterError: something does. The message has everything, and what to do about it.
        """
        if self.wrong:
            problems = [f"{each.what}: {each.found}. {each.remedy}" for each in self.wrong]
            raise ParameterError("; ".join(problems))

    def __repr__(self) -> str:
        width = max((len(each.what) for each in self.findings), default=0)
        lines = []
        for each in self.findings:
            lines.append(f"{WORDS[each.well]:5}  {each.what:{width}}  {each.found}")
            if each.remedy:
                lines.append(f"{'':5}  {'':{width}}  -> {each.remedy}")
        return "\n".join([*lines, self._sum()])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [(each.what, WORDS[each.well], each.found, each.remedy) for each in self.findings]
        columns = ("question", "answer", "what was found", "what to do")
        page = html_table(columns, rows, notes=[self._sum()])
        return {"text/plain": repr(self), "text/html": page}

    def _sum(self) -> str:
        if not self.wrong:
            return "Nothing stands in the way. Up to here nothing has cost anything."
        return f"In the way: {', '.join(each.what for each in self.wrong)}. Nothing was rented."
