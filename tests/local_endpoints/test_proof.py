from __future__ import annotations

from local_endpoints.proof import proof_of

URL = "http://127.0.0.1:4711"


def test_it_depends_on_token_address_and_nonce() -> None:
    proofs = {
        proof_of(token, url=url, nonce=nonce)
        for token in ("local_a", "local_b")
        for url in (URL, "http://127.0.0.1:4712")
        for nonce in ("one", "two")
    }
    assert len(proofs) == 8
    assert all(len(proof) == 64 for proof in proofs)


def test_it_does_not_show_the_token() -> None:
    assert "local_a" not in proof_of("local_a", url=URL, nonce="one")
