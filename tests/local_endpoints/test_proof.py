from __future__ import annotations

from local_endpoints.proof import digest_of, key_of, proof_by

URL = "http://127.0.0.1:4711"


def test_it_depends_on_token_address_and_nonce() -> None:
    proofs = {
        proof_by(digest_of(token), url=url, nonce=nonce)
        for token in ("local_a", "local_b")
        for url in (URL, "http://127.0.0.1:4712")
        for nonce in ("one", "two")
    }
    assert len(proofs) == 8
    assert all(len(proof) == 64 for proof in proofs)


def test_neither_it_nor_its_key_shows_the_token_or_what_stands_for_it() -> None:
    digest = digest_of("local_a")
    for shown in (proof_by(digest, url=URL, nonce="one"), key_of(digest)):
        assert "local_a" not in shown
        assert shown not in digest and digest[:8] not in shown
