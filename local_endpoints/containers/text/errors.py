"""Why a request gets no answer, as facts that each dialect puts into its own words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class RequestError(Exception):
    """A request that gets no answer; the attributes say why."""

    def __str__(self) -> str:
        return repr(self)


class Overloaded(RequestError):
    """As many requests as allowed are in flight."""


@dataclass(eq=False)
class InvalidRequest(RequestError):
    """A parameter or an input is not acceptable; ``reason`` is the dialect's own."""

    reason: str


@dataclass(eq=False)
class GenerationFailed(RequestError):
    """The model failed; ``reason`` is what the engine said."""

    reason: str


@dataclass(eq=False)
class GrammarRefused(RequestError):
    """What the answer shall look like cannot be compiled; ``reason`` is the engine's."""

    reason: str


class TemplateFault(Enum):
    """What a chat template can run into."""

    MISSING = auto()  # The model has none.
    RAISED = auto()  # It refuses the messages itself.
    UNDEFINED = auto()  # It uses a value that is not there.
    BROKEN = auto()  # Anything else.


@dataclass(eq=False)
class TemplateRefused(RequestError):
    """The chat template does not take the messages.

    Attributes:
        fault: what kind of thing happened.
        reason: in the template's words, or Jinja's.
        line: of the template, from 1.
    """

    fault: TemplateFault
    reason: str = ""
    line: int = 1


class ImageFault(Enum):
    """What can be wrong with an image, and what ``reason`` says of it."""

    URL = auto()  # Neither of the web nor a data URL. The URL.
    DATA_URL = auto()  # Not of the form ``data:TYPE;base64,DATA``. The part that offends.
    BASE64 = auto()  # Not strict base64. Where.
    NOT_FETCHED = auto()  # Not to be had from the web. Why; no address that a host resolved to.
    BYTES = auto()  # More bytes from the web than allowed. How many, of how many.
    FORMAT = auto()  # No format that is read here begins like this. Nothing.
    SIGNATURE = auto()  # Not of the format that it should be. Nothing.
    CORRUPT = auto()  # Broken, or of a kind of its format that is not read here. Where.
    PIXELS = auto()  # More memory, decoded, than there is for it. Nothing.


@dataclass(eq=False)
class ImageRefused(RequestError):
    """An image of the prompt cannot be had, or not be read.

    Attributes:
        fault: what kind of thing happened.
        reason: see there.
        format: of the file, by Pillow's name, once it is known.
        start: the file's first 16 bytes, where they are not those of a format.
    """

    fault: ImageFault
    reason: str = ""
    format: str = ""
    start: bytes = b""


@dataclass(eq=False)
class ImagesDoNotFit(RequestError):
    """A prompt was cut or has image tokens of its own: its images give ``given`` of them, and there
    are places for ``places``."""

    given: int
    places: int
