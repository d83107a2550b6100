"""How a service shows that it is the one it was: it knows the token, and need not be told it.

A service that was killed leaves its address behind, and anybody on the computer may listen there
next. So whoever is about to send the token asks first, with a nonce, and compares the answer with
its own. The address is part of the answer, or an impostor could have a service that lives at
another one answer for it. The token is the key; it is random and long, so that answers do not help
to guess it.
"""

from __future__ import annotations

import hashlib
import hmac

PROOF_PATH = "/_local/proof"


def proof_of(token: str, *, url: str, nonce: str) -> str:
    """What the service at this address, ``http://127.0.0.1:PORT``, answers to the nonce:
    HMAC-SHA256 in hexadecimal digits."""
    question = f"{PROOF_PATH}\n{url}\n{nonce}"
    return hmac.new(token.encode(), question.encode(), hashlib.sha256).hexdigest()
