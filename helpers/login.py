"""Who you are on the real service: the token that is there already, or the one you type.

Everything that can go wrong on the way is a ``ConnectError`` that says what to do next, and never
contains the token.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass

import httpx2
import huggingface_hub
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled, OIDCError

from helpers.errors import ConnectError

# The client itself would wait for ever.
ANSWER_SECONDS = 30.0
TOKEN_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
TOKENS_PAGE = "https://huggingface.co/settings/tokens"
UNAUTHORIZED, FORBIDDEN, TOO_MANY, SERVER_ERROR = 401, 403, 429, 500
HOW_TO_LOG_IN = (
    "log in first: run `hf auth login` in a terminal, or set HF_TOKEN before you start JupyterLab"
)


def log_in() -> str:
    """The name of the user whose token is configured; asks for a token if there is none.

    Raises:
        ConnectError: no token, or one that is refused, or the Hub cannot be reached.
    """
    with _reasons():
        if _configured_token() is None:
            token = _ask_for_token()
            with _patience():
                # Before anything is stored, the client asks the Hub whose token it is.
                huggingface_hub.login(token=token)
        with _patience():
            return str(huggingface_hub.whoami()["name"])


def _configured_token() -> str | None:
    try:
        token = huggingface_hub.get_token()
    except OIDCError as error:
        raise ConnectError(
            f"no token from the identity that HF_OIDC_RESOURCE asks for: {error}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConnectError(
            f"the token file {constants.HF_TOKEN_PATH} cannot be read ({_short(error)}). Make it "
            "readable or delete it and log in again, or set HF_TOKEN before you start JupyterLab"
        ) from None
    return None if token is None else _checked(token)


def _ask_for_token() -> str:
    """Ask without showing what is typed."""
    try:
        token = getpass("Hugging Face token (nothing is shown): ").strip()
    except (EOFError, RuntimeError, NotImplementedError):
        # Papermill and nbmake run without anybody at the keyboard.
        raise ConnectError(f"no Hugging Face token, and nobody to ask: {HOW_TO_LOG_IN}") from None
    if not token:
        raise ConnectError(f"no Hugging Face token was given: {HOW_TO_LOG_IN}")
    return _checked(token)


def _checked(token: str) -> str:
    """Refuse what cannot be a token: the client's own error would show it."""
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ConnectError(
            "the Hugging Face token has characters that no token has. Copy it again from "
            f"{TOKENS_PAGE}, and nothing around it"
        )
    if token.startswith("api_org"):
        raise ConnectError(
            "that is an organization's token, which cannot log in. Make one of your own at "
            f"{TOKENS_PAGE} and give it access to the organization"
        )
    return token


@contextmanager
def _patience() -> Iterator[None]:
    """Bound the time that the Hub may take; make the connection, or say why there can be none."""
    try:
        client = huggingface_hub.get_session()
    except (ImportError, OSError, ValueError, httpx2.InvalidURL) as error:
        raise ConnectError(_unusable_settings(error)) from None
    before, client.timeout = client.timeout, httpx2.Timeout(ANSWER_SECONDS)
    try:
        yield
    finally:
        client.timeout = before


@contextmanager
def _reasons() -> Iterator[None]:
    """Turn what the client raises into what to do about it."""
    try:
        yield
    except ConnectError:
        raise
    except HfHubHTTPError as error:
        raise ConnectError(_refused(error.response.status_code)) from None
    except OfflineModeIsEnabled:
        raise ConnectError(
            "the client is set to offline mode: unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE, "
            "and restart the kernel"
        ) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise ConnectError(_unreachable(error)) from None
    except OSError as error:
        raise ConnectError(
            f"the token cannot be stored in {error.filename or constants.HF_TOKEN_PATH} "
            f"({_short(error)}). Set HF_TOKEN, or HF_HOME to a folder that you can write, before "
            "you start JupyterLab"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConnectError(
            f"{constants.ENDPOINT} answers, but not as the Hugging Face Hub does. In a hotel, a "
            "train or a company, open any page in a browser first and sign in to the network"
        ) from None


def _refused(status: int) -> str:
    if status in (UNAUTHORIZED, FORBIDDEN):
        variable = next((name for name in TOKEN_VARIABLES if os.environ.get(name)), None)
        # A variable goes before what a new login would store.
        remedy = f"set it as {variable}" if variable else "log in again: hf auth login --force"
        return f"the token was refused ({status}). Make a new one at {TOKENS_PAGE} and {remedy}"
    if status == TOO_MANY:
        return f"{constants.ENDPOINT} counts too many logins ({status}): wait a few minutes"
    if status >= SERVER_ERROR:
        return (
            f"{constants.ENDPOINT} has trouble ({status}): try again in a few minutes. "
            "https://status.huggingface.co says how it is"
        )
    return (
        f"{constants.ENDPOINT} does not know the question ({status}): check HF_ENDPOINT, and "
        "whether the network wants you to sign in first"
    )


def _unreachable(error: Exception) -> str:
    where = f"{constants.ENDPOINT} cannot be reached"
    if isinstance(error, httpx2.TimeoutException):
        return f"{where}: no answer within {ANSWER_SECONDS:.0f} s. Check the network and try again"
    if isinstance(error, httpx2.ProxyError):
        return f"{where}: the proxy says {error}. Check HTTPS_PROXY and ALL_PROXY"
    if _is_about_certificates(error):
        return (
            f"{where}: its certificate is not trusted ({error}). If your company or school looks "
            "into connections, set SSL_CERT_FILE to the file of its certificates"
        )
    return f"{where}: {error or type(error).__name__}. Check the network, and HTTPS_PROXY if set"


def _is_about_certificates(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _unusable_settings(error: Exception) -> str:
    if isinstance(error, ImportError):
        return (
            "a SOCKS proxy is set (ALL_PROXY, HTTPS_PROXY or HTTP_PROXY), which needs one more "
            'package: pip install "httpx2[socks]", and restart the kernel'
        )
    if isinstance(error, OSError):
        return (
            f"the certificates in SSL_CERT_FILE, SSL_CERT_DIR or SSLKEYLOGFILE cannot be used "
            f"({_short(error)}): correct or unset them"
        )
    return (
        f"the client cannot use the proxy that is set ({error}): correct or unset HTTP_PROXY, "
        "HTTPS_PROXY and ALL_PROXY, for example HTTPS_PROXY=http://proxy.example:8080"
    )


def _short(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__
