"""Why a request gets no answer, as facts that each dialect puts into its own words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


@dataclass(eq=False)
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


class ImageRefused(RequestError):
    """An image of the prompt cannot be had, or not be read."""


@dataclass(eq=False)
class BadImageUrl(ImageRefused):
    """The URL is neither of the web nor a data URL."""

    url: str


@dataclass(eq=False)
class BadDataUrl(ImageRefused):
    """A data URL is not of the form ``data:TYPE;base64,DATA``; ``content`` is what offends."""

    content: str


@dataclass(eq=False)
class BadBase64(ImageRefused):
    """What a data URL holds is no strict base64."""

    reason: str


@dataclass(eq=False)
class ImageNotFetched(ImageRefused):
    """An image of the web cannot be had; the reason names no address that a host resolved to."""

    reason: str


@dataclass(eq=False)
class FetchedTooMuch(ImageRefused):
    """An image of the web is larger than allowed: ``size`` bytes so far, of ``limit``."""

    size: int
    limit: int


@dataclass(eq=False)
class UnknownImageFormat(ImageRefused):
    """No format that is read here begins like this file; ``start`` are its first 16 bytes."""

    start: bytes


@dataclass(eq=False)
class WrongSignature(ImageRefused):
    """The file is not of the ``format`` that it should be; ``start`` are its first 16 bytes."""

    format: str
    start: bytes


@dataclass(eq=False)
class CorruptImage(ImageRefused):
    """The file is broken, or of a kind of its ``format`` that is not read here."""

    format: str
    reason: str


class ImageTooLarge(ImageRefused):
    """Decoded, the image would take more memory than there is for it."""


@dataclass(eq=False)
class ImagesDoNotFit(RequestError):
    """A prompt was cut or has image tokens of its own: its images give ``given`` of them, and there
    are places for ``places``."""

    given: int
    places: int
