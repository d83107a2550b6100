"""How a service shows that it is the one it was: it knows the token, and need not be told it.

A service that was killed leaves its address behind, and anybody on the computer may listen there
next. So whoever is about to send a token asks first, with a nonce, and compares the answer with
its own. The address is part of the answer, or an impostor could have a service that lives at
another one answer for it.

The key of the answer is the token's hash, because that is all that a service keeps of the tokens
of its users; it names which token is meant by a hash of that hash. A token is random and long, so
that neither that name nor answers help to guess it. Over TLS nobody asks: there the certificate
says who answers.
"""

from __future__ import annotations

import hashlib
import hmac

PROOF_PATH = "/_local/proof"
KEY_CHARACTERS = 32


def digest_of(token: str) -> str:
    """What is kept in place of a token's text. As 24 random bytes cannot be guessed, a hash that is
    fast to compute gives nothing away."""
    return hashlib.sha256(token.encode()).hexdigest()


def key_of(digest: str) -> str:
    """What names a token to somebody who may not know it."""
    return hashlib.sha256(f"{PROOF_PATH}\n{digest}".encode()).hexdigest()[:KEY_CHARACTERS]


def proof_by(digest: str, *, url: str, nonce: str) -> str:
    """What the service at this address, for example ``http://127.0.0.1:4711``, answers to the nonce
    about the token of this digest: HMAC-SHA256 in hexadecimal digits."""
    question = f"{PROOF_PATH}\n{url}\n{nonce}"
    return hmac.new(digest.encode(), question.encode(), hashlib.sha256).hexdigest()
