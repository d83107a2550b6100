"""The HTTP statuses of endpoints."""

from __future__ import annotations

from training.language.chat import Chat, turns
from training.language.lexicon import Draw

_STATUSES = {
    "200": ("OK", "The request worked.", "All is well."),
    "400": (
        "Bad Request",
        "the request is malformed, or the endpoint is paused.",
        "Check the body of the request.",
    ),
    "401": ("Unauthorized", "the token is missing or wrong.", "Send a valid token."),
    "403": (
        "Forbidden",
        "the token is valid but has no right to do this.",
        "Use a token with the right permission.",
    ),
    "404": ("Not Found", "there is nothing at this address.", "Check the name and the URL."),
    "409": (
        "Conflict",
        "the name is already taken.",
        "Choose another name or get the existing endpoint.",
    ),
    "422": (
        "Unprocessable Entity",
        "the server understood the request, but a value in it is not allowed.",
        "Read the text of the error and mend the value.",
    ),
    "424": (
        "Failed Dependency",
        "the model failed while it was working.",
        "Try again or look at the logs.",
    ),
    "429": ("Too Many Requests", "too many requests came at once.", "Wait a moment and try again."),
    "500": ("Internal Server Error", "something broke in the server.", "Look at the logs."),
    "502": (
        "Bad Gateway",
        "the server behind the gateway did not answer.",
        "Try again in a moment.",
    ),
    "503": (
        "Service Unavailable",
        "the endpoint is not ready yet.",
        "Wait until it is running and try again.",
    ),
    "504": ("Gateway Timeout", "the answer took too long.", "Ask for fewer tokens or try again."),
}
_ASK_STATUS = (
    "[What does|What is] [status |error |HTTP |code |]{c}[| mean]?",
    "[Explain|What is] [the |][status|error|code|HTTP status] {c}[?|.]",
    "[I get|I got|My endpoint says|Why do I get] [error |a |]{c}[.|!|?]",
    "{c}?",
    "[Error|Status|HTTP] {c}",
    "[What should I do about|How do I fix] [a |an |error |]{c}?",
)


def status(draw: Draw) -> Chat:
    """A question about an HTTP status, what it means and what to do."""
    code = draw.rng.choice(tuple(_STATUSES))
    name, meaning, advice = _STATUSES[code]
    lowered = meaning[:1].lower() + meaning[1:]
    answer = draw.phrase(
        ("{c} means {n}: {m}", "{c} is {n}: {m} {a}", "{n}: {m} {a}", "That is {n}: {m}"),
        c=code,
        n=name,
        m=lowered,
        a=advice,
    )
    return turns(draw.phrase(_ASK_STATUS, c=code), answer)
