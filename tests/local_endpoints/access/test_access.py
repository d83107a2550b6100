from __future__ import annotations

from pathlib import Path

import pytest

from local_endpoints.access import ALL_PERMISSIONS, INFER, NAMESPACES, READ, WRITE, Access, Accounts
from local_endpoints.access.token import Grant
from local_endpoints.errors import ApiError

TOKEN = "local_secret"


def bearer(token: str) -> str:
    return f"Bearer {token}"


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN} "])
def test_the_services_own_token_may_do_everything(header: str) -> None:
    access = Access(TOKEN)
    token = access.authenticate(header)
    for namespace in NAMESPACES:
        token.require_member(namespace)
        for permission in (READ, WRITE, INFER):
            token.require(permission, namespace)
    access.require_operator(token)


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", "Bearer other", f"Bearer {TOKEN}x"],
)
def test_anything_else_is_401(header: str | None, tmp_path: Path) -> None:
    for accounts in (None, Accounts(tmp_path / "accounts.json")):
        with pytest.raises(ApiError) as caught:
            Access(TOKEN, accounts=accounts).authenticate(header)
        assert caught.value.status == 401
        assert TOKEN not in str(caught.value)


def test_characters_beyond_ascii_are_401_too() -> None:
    with pytest.raises(ApiError) as caught:
        Access(TOKEN).authenticate("Bearer ÿþ")
    assert caught.value.status == 401


def test_issued_tokens_may_only_do_what_they_are_for() -> None:
    access = Access(TOKEN)
    issued = access.issue(frozenset({READ}))
    token = access.authenticate(bearer(issued))
    token.require(READ, NAMESPACES[0])
    with pytest.raises(ApiError, match=f"missing permissions: {WRITE}") as caught:
        token.require(WRITE, NAMESPACES[0])
    assert caught.value.status == 403
    assert issued != access.issue(frozenset({READ}))


def test_a_token_is_added_and_taken_back() -> None:
    access = Access(TOKEN)
    access.add("another", frozenset({READ}))
    access.add("equal")
    with pytest.raises(ApiError, match=INFER):
        access.authenticate(bearer("another")).require(INFER)
    access.authenticate(bearer("equal")).require(INFER)
    access.revoke("another")
    access.revoke("another")
    with pytest.raises(ApiError) as caught:
        access.authenticate(bearer("another"))
    assert caught.value.status == 401
    access.authenticate(bearer(TOKEN))


def test_only_the_services_own_token_is_the_operators(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts.json")
    access = Access(TOKEN, accounts=accounts)
    made = accounts.add({"local-user": Grant("another"), "anna": Grant("hers")})
    for text in (access.issue(ALL_PERMISSIONS), *made.values()):
        with pytest.raises(ApiError, match=r"service\.json") as caught:
            access.require_operator(access.authenticate(bearer(text)))
        assert caught.value.status == 403


def test_every_service_has_a_token_of_its_own_that_is_unlike_a_real_one() -> None:
    first, second = Access(), Access()
    assert first.token != second.token
    assert first.token.startswith("local_")
    first.require_operator(first.authenticate(bearer(first.token)))


def test_the_namespaces_are_those_of_all_users_and_organizations(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts.json")
    access = Access(accounts=accounts)
    assert Access().namespaces == access.namespaces == NAMESPACES
    accounts.add({"anna": Grant("hers")}, organizations={"acme": "read", "local-class": "read"})
    assert access.namespaces == (*NAMESPACES, "acme", "anna")
    accounts.revoke("hers")
    assert access.namespaces == NAMESPACES
