from __future__ import annotations

import json
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from local_endpoints.access import READ, WRITE, Access, Accounts, accounts
from local_endpoints.access.token import Grant, Token
from local_endpoints.access.user import User
from local_endpoints.errors import ApiError, ServiceError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.json"


def whose(path: Path, text: str) -> Token | None:
    """Whom a service that starts now takes for the token's user."""
    try:
        return Access(accounts=Accounts(path)).authenticate(f"Bearer {text}")
    except ApiError:
        return None


def test_a_token_lives_until_it_is_revoked(path: Path) -> None:
    grant = Grant("laptop", "read", created_at="2026-11-26T00:00:00.000Z")
    (text,) = Accounts(path).add({"anna": grant}, organizations={"acme": "read"}).values()
    assert whose(path, text) == Token(User("anna", {"acme": "read"}), grant)
    (gone,) = Accounts(path).revoke("laptop")
    assert (gone.user, gone.ending) == ("anna", text[-4:])
    assert whose(path, text) is None
    assert Accounts(path).load().users == {}, "who has no token is forgotten"


def test_a_running_service_sees_at_once_what_another_process_writes(path: Path) -> None:
    access = Access(accounts=Accounts(path))
    elsewhere = Accounts(path)
    (text,) = elsewhere.add({"anna": Grant("a")}).values()
    access.authenticate(f"Bearer {text}").require(WRITE, "anna")
    elsewhere.add({"anna": Grant("b")}, organizations={"acme": "contributor"})
    access.authenticate(f"Bearer {text}").require_member("acme")
    elsewhere.revoke("a", ["anna"])
    with pytest.raises(ApiError):
        access.authenticate(f"Bearer {text}")


def test_the_text_of_a_token_is_nowhere_and_the_file_is_the_owners(path: Path) -> None:
    texts = Accounts(path).add({"anna": Grant("a"), "ben": Grant("a")})
    assert len(set(texts.values())) == 2
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600 or os.name == "nt"
        assert not any(text.encode() in file.read_bytes() for text in texts.values())


@pytest.mark.parametrize(
    ("user", "permissions", "organizations", "reason"),
    [
        ("anna", {}, {}, "anna has a token a"),
        ("acme", {}, {}, "user and an organization"),
        ("local-class", {}, {}, "user and an organization"),
        ("ben", {}, {"anna": "read"}, "user and an organization"),
        ("ben", {}, {"ben": "read"}, "user and an organization"),
        ("ben", {}, {"local-user": "read"}, "user and an organization"),
        ("ben", {"acme": frozenset({READ})}, {}, "ben is not in acme: add --org acme:ROLE"),
        ("local-user", {}, {"local-class": "read"}, "always admin of local-class"),
    ],
)
def test_all_or_none_are_made(
    path: Path, user: str, permissions: dict[str, frozenset[str]], organizations: dict, reason: str
) -> None:
    Accounts(path).add({"anna": Grant("a")}, organizations={"acme": "admin"})
    before = path.read_bytes()
    grants = {"carl": Grant("a"), user: Grant("a", "fineGrained", permissions)}
    with pytest.raises(ServiceError, match=reason):
        Accounts(path).add(grants, organizations=organizations)
    assert path.read_bytes() == before


def test_one_may_be_in_several_organizations_and_change_role(path: Path) -> None:
    for number, memberships in enumerate(({"acme": "read"}, {"other": "admin"}, {"acme": "write"})):
        Accounts(path).add({"anna": Grant(str(number))}, organizations=memberships)  # type: ignore[arg-type]
    assert Accounts(path).load().users["anna"].organizations == {"acme": "write", "other": "admin"}


def test_the_local_user_is_in_their_class_whatever_else_they_are_in(path: Path) -> None:
    (text,) = (
        Accounts(path).add({"local-user": Grant("a")}, organizations={"acme": "read"}).values()
    )
    token = whose(path, text)
    assert token is not None
    token.require(WRITE, "local-class")
    with pytest.raises(ApiError, match=WRITE):
        token.require(WRITE, "acme")


def test_whose_tokens_are_revoked_can_be_chosen(path: Path) -> None:
    texts = Accounts(path).add({name: Grant("a") for name in ("anna", "ben", "carl")})
    assert [gone.user for gone in Accounts(path).revoke("a", ["ben", "nobody"])] == ["ben"]
    assert [bool(whose(path, texts[name])) for name in texts] == [True, False, True]
    assert len(Accounts(path).revoke("a")) == 2
    with pytest.raises(ServiceError, match="tokens list"):
        Accounts(path).revoke("a")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"format": 2}', b'{"records": [{}]}', b"\xff", b"[" * 10_000],
)
def test_a_file_that_is_no_register_lets_nobody_in_and_is_not_written_over(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Accounts(path)
    (text,) = reader.add({"anna": Grant("a")}).values()
    access = Access(accounts=reader)
    access.authenticate(f"Bearer {text}")
    path.write_bytes(content)
    for _ in range(3):
        with pytest.raises(ApiError):
            access.authenticate(f"Bearer {text}")
    assert len(caplog.records) == 1 and str(path) in caplog.text
    for change in (lambda: reader.add({"ben": Grant("b")}), lambda: reader.revoke("a")):
        with pytest.raises(ServiceError, match="repair it, or remove it"):
            change()
    assert path.read_bytes() == content
    path.unlink()
    reader.add({"ben": Grant("b")})


def test_while_the_file_cannot_be_read_those_are_known_who_were(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    accounts = Accounts(path)
    (text,) = accounts.add({"anna": Grant("a")}).values()
    access = Access(accounts=accounts)
    access.authenticate(f"Bearer {text}")
    path.unlink()
    path.mkdir()
    access.authenticate(f"Bearer {text}")
    assert "cannot be read now" in caplog.text
    path.rmdir()
    with pytest.raises(ApiError):
        access.authenticate(f"Bearer {text}")


def test_a_role_that_does_not_exist_lets_nobody_in(path: Path) -> None:
    (text,) = Accounts(path).add({"anna": Grant("a", "read")}).values()
    path.write_text(json.dumps(json.loads(path.read_text())).replace('"read"', '"root"'))
    assert whose(path, text) is None


def test_many_at_once_lose_nothing(path: Path) -> None:
    start = threading.Barrier(8)

    def make(number: int) -> str:
        start.wait()
        return Accounts(path).add({f"user-{number}": Grant("a")})[f"user-{number}"]

    with ThreadPoolExecutor(8) as threads:
        texts = list(threads.map(make, range(8)))
    assert all(whose(path, text) for text in texts)


def test_who_waits_too_long_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "LOCK_SECONDS", 0.01)
    with FileLock(path.with_suffix(".lock")), pytest.raises(ServiceError, match="try again"):
        Accounts(path).add({"anna": Grant("a")})
