"""Where things are in a JSON text, and what is wrong with it, as serde_json would say it.

Only used on bodies that are refused: it walks through the bytes in Python.
"""

from __future__ import annotations

import json
import re
from typing import NoReturn, Protocol

RECURSION_LIMIT = 128
"""Nesting that serde_json accepts."""

Path = tuple["str | int", ...]
"""Keys and indices from the top of a document to a value."""

_SPACE = re.compile(rb"[ \t\n\r]*")
_PLAIN = re.compile(rb'[^"\\\x00-\x1f]*')
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_HEX = re.compile(rb"[0-9a-fA-F]{4}")
_LITERALS = {ord("t"): b"true", ord("f"): b"false", ord("n"): b"null"}


class _ReadInside(Protocol):
    def __call__(self, path: Path, depth: int) -> None: ...


class JsonSyntaxError(ValueError):
    """The body is no JSON.

    Attributes:
        reason: serde_json's words.
        line: from 1.
        column: bytes of that line that were read.
        path: where in the document, as far as it was read.
    """

    def __init__(self, reason: str, line: int, column: int, path: Path) -> None:
        super().__init__(f"{reason} at line {line} column {column}")
        self.reason = reason
        self.line = line
        self.column = column
        self.path = path


class Scanner:
    """Walks through a body and notes where one value lies; a body may hold a million of them.

    Args:
        body: as received.
        wanted: the path of that value; where a key comes twice, the last one counts.

    Attributes:
        span: its start and end, in bytes.
        key_ends: the end of each of its keys, in bytes, if it is an object.
    """

    def __init__(self, body: bytes, wanted: Path = ()) -> None:
        self._body = body
        self._at = 0
        self._wanted = wanted
        self.span = (0, 0)
        self.key_ends: list[int] = []

    def scan(self) -> None:
        """Read the whole body.

        Raises:
            JsonSyntaxError: it is no JSON.
        """
        self._value((), 1)
        self._space()
        if self._at < len(self._body):
            self._fail("trailing characters", (), ahead=1)

    def position(self, index: int) -> tuple[int, int]:
        """Line and column of serde_json's position after ``index`` bytes."""
        start = self._body.rfind(b"\n", 0, index) + 1
        return self._body.count(b"\n", 0, index) + 1, index - start

    def _value(self, path: Path, depth: int) -> None:
        self._space()
        start, first = self._at, self._peek()
        if first is None:
            self._fail("EOF while parsing a value", path)
        elif first == ord("{"):
            self._container(path, depth, self._object)
        elif first == ord("["):
            self._container(path, depth, self._array)
        elif first == ord('"'):
            self._string(path)
        elif first in _LITERALS:
            self._literal(_LITERALS[first], path)
        elif first == ord("-") or ord("0") <= first <= ord("9"):
            self._number(path)
        else:
            self._fail("expected value", path, ahead=1)
        if path == self._wanted:
            self.span = (start, self._at)

    def _container(self, path: Path, depth: int, read: _ReadInside) -> None:
        if depth >= RECURSION_LIMIT:
            self._fail("recursion limit exceeded", path, ahead=1)
        self._at += 1
        read(path, depth)

    def _object(self, path: Path, depth: int) -> None:
        key_ends: list[int] = []
        while True:
            self._space()
            following = self._peek()
            if following == ord("}") and not key_ends:
                break
            if following is None:
                self._fail("EOF while parsing an object", path)
            if following == ord("}"):
                self._fail("trailing comma", path, ahead=1)
            if following != ord('"'):
                self._fail("key must be a string", path, ahead=1)
            key = self._string(path)
            key_ends.append(self._at)
            self._space()
            self._expect(ord(":"), "expected `:`", "EOF while parsing an object", path)
            self._value((*path, key), depth + 1)
            if not self._more(ord("}"), "expected `,` or `}`", "EOF while parsing an object", path):
                break
        self._at += 1
        if path == self._wanted:
            self.key_ends = key_ends

    def _array(self, path: Path, depth: int) -> None:
        index = 0
        while True:
            self._space()
            following = self._peek()
            if following == ord("]") and index == 0:
                break
            if following is None:
                self._fail("EOF while parsing a list", path)
            if following == ord("]"):
                self._fail("trailing comma", path, ahead=1)
            self._value((*path, index), depth + 1)
            index += 1
            if not self._more(ord("]"), "expected `,` or `]`", "EOF while parsing a list", path):
                break
        self._at += 1

    def _more(self, closing: int, expected: str, at_end: str, path: Path) -> bool:
        """Step over a comma (True) or stop before the closing bracket (False)."""
        self._space()
        if self._peek() == closing:
            return False
        self._expect(ord(","), expected, at_end, path)
        return True

    def _expect(self, byte: int, expected: str, at_end: str, path: Path) -> None:
        following = self._peek()
        if following is None:
            self._fail(at_end, path)
        if following != byte:
            self._fail(expected, path, ahead=1)
        self._at += 1

    def _literal(self, literal: bytes, path: Path) -> None:
        for byte in literal:
            following = self._peek()
            if following is None:
                self._fail("EOF while parsing a value", path)
            self._at += 1
            if following != byte:
                self._fail("expected ident", path)

    def _number(self, path: Path) -> None:
        match = _NUMBER.match(self._body, self._at)
        if match is None:
            self._at += 1
            missing = self._peek() is None
            self._fail("EOF while parsing a value" if missing else "invalid number", path, ahead=1)
        self._at = match.end()
        following = self._peek()
        if following is not None and following in b"0123456789":
            # The number began with a zero.
            self._fail("invalid number", path, ahead=1)
        if following is not None and following in b".eE":
            self._unfinished_number(path)
        if float(match.group()) in (float("inf"), float("-inf")):
            self._fail("number out of range", path)

    def _unfinished_number(self, path: Path) -> NoReturn:
        """Refuse a number whose digits end at a point or at an exponent's letter or sign."""
        letter = self._body[self._at]
        self._at += 1
        following = self._peek()
        if letter != ord(".") and following is not None and following in b"+-":
            self._at += 1
        missing = self._peek() is None
        self._fail("EOF while parsing a value" if missing else "invalid number", path, ahead=1)

    def _string(self, path: Path) -> str:
        start = self._at
        self._at += 1
        while True:
            match = _PLAIN.match(self._body, self._at)
            assert match is not None
            self._check_utf8(match.start(), match.end(), path)
            self._at = match.end()
            following = self._peek()
            if following is None:
                self._fail("EOF while parsing a string", path)
            self._at += 1
            if following == ord('"'):
                text: str = json.loads(self._body[start : self._at])
                return text
            if following != ord("\\"):
                self._fail("control character (\\u0000-\\u001F) found while parsing a string", path)
            self._escape(path)

    def _escape(self, path: Path) -> None:
        following = self._peek()
        if following is None:
            self._fail("EOF while parsing a string", path)
        self._at += 1
        if following != ord("u"):
            if following not in b'"\\/bfnrt':
                self._fail("invalid escape", path)
            return
        unit = self._hex(path)
        if 0xDC00 <= unit <= 0xDFFF:
            self._fail("lone leading surrogate in hex escape", path)
        if 0xD800 <= unit <= 0xDBFF:
            if self._body[self._at : self._at + 2] != b"\\u":
                self._fail("unexpected end of hex escape", path, ahead=1)
            self._at += 2
            if not 0xDC00 <= self._hex(path) <= 0xDFFF:
                self._fail("lone leading surrogate in hex escape", path)

    def _hex(self, path: Path) -> int:
        match = _HEX.match(self._body, self._at)
        if match is None:
            short = len(self._body) < self._at + 4
            self._at = min(self._at + 4, len(self._body))
            self._fail("EOF while parsing a string" if short else "invalid escape", path)
        self._at += 4
        return int(match.group(), 16)

    def _check_utf8(self, start: int, end: int, path: Path) -> None:
        try:
            self._body[start:end].decode()
        except UnicodeDecodeError as error:
            self._at = start + error.start
            self._fail("invalid unicode code point", path, ahead=1)

    def _space(self) -> None:
        match = _SPACE.match(self._body, self._at)
        assert match is not None
        self._at = match.end()

    def _peek(self) -> int | None:
        return self._body[self._at] if self._at < len(self._body) else None

    def _fail(self, reason: str, path: Path, *, ahead: int = 0) -> NoReturn:
        """Refuse; serde_json counts a byte that it only looked at (``ahead``) as read."""
        index = min(self._at + ahead, len(self._body))
        raise JsonSyntaxError(reason, *self.position(index), path)


def dotted(path: Path) -> str:
    """A path as serde_path_to_error prints it: ``messages[0].content``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
