from __future__ import annotations

import pytest

from local_endpoints.access import ALL_PERMISSIONS, INFER, NAMESPACES, READ, WRITE, Access, Token
from local_endpoints.errors import ApiError

TOKEN = "local_secret"


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN} "])
def test_the_users_token_may_do_everything(header: str) -> None:
    token = Access(TOKEN).authenticate(header)
    assert token.permissions == ALL_PERMISSIONS
    for permission in (READ, WRITE, INFER):
        token.require(permission)
    for namespace in NAMESPACES:
        token.require_member(namespace)


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", "Bearer other", f"Bearer {TOKEN}x"],
)
def test_anything_else_is_401(header: str | None) -> None:
    with pytest.raises(ApiError) as caught:
        Access(TOKEN).authenticate(header)
    assert caught.value.status == 401
    assert TOKEN not in str(caught.value)


def test_characters_beyond_ascii_are_401_too() -> None:
    with pytest.raises(ApiError) as caught:
        Access(TOKEN).authenticate("Bearer ÿþ")
    assert caught.value.status == 401


def test_issued_tokens_may_only_do_what_they_are_for() -> None:
    access = Access(TOKEN)
    issued = access.issue(frozenset({READ}))
    token = access.authenticate(f"Bearer {issued}")
    token.require(READ)
    with pytest.raises(ApiError, match=f"missing permissions: {WRITE}") as caught:
        token.require(WRITE)
    assert caught.value.status == 403
    assert issued != access.issue(frozenset({READ}))


def test_a_token_is_added_and_taken_back() -> None:
    access = Access(TOKEN)
    access.add("another", frozenset({READ}))
    access.add("equal")
    assert access.authenticate("Bearer another").permissions == {READ}
    assert access.authenticate("Bearer equal").permissions == ALL_PERMISSIONS
    access.revoke("another")
    access.revoke("another")
    with pytest.raises(ApiError) as caught:
        access.authenticate("Bearer another")
    assert caught.value.status == 401
    access.authenticate(f"Bearer {TOKEN}")


def test_other_peoples_namespaces_are_403() -> None:
    with pytest.raises(ApiError, match="local-user") as caught:
        Token().require_member("somebody-else")
    assert caught.value.status == 403


def test_every_service_has_a_token_of_its_own_that_is_unlike_a_real_one() -> None:
    first, second = Access(), Access()
    assert first.token != second.token
    assert first.token.startswith("local_")
    assert first.authenticate(f"Bearer {first.token}").permissions == ALL_PERMISSIONS
