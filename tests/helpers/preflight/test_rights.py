"""What a token may do, from whatever the Hub says about it."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.preflight.rights import CALL, MANAGE, READ, rights_of


def owner(**token: Any) -> dict[str, Any]:
    return {"name": "anna", "auth": {"type": "access_token", "accessToken": token}}


def scope(name: str, *permissions: str) -> dict[str, Any]:
    return {"entity": {"type": "user", "name": name}, "permissions": list(permissions)}


@pytest.mark.parametrize(
    ("role", "permitted"), [("read", {READ, CALL}), ("write", {READ, MANAGE, CALL})]
)
def test_a_classic_token_has_its_role_everywhere(role: str, permitted: set[str]) -> None:
    rights = rights_of(owner(role=role, displayName="old"))
    assert f"that {role}s" in rights.kind and "“old”, of anna" in rights.kind
    for place in ("anna", "an-organization"):
        assert {each for each in (READ, MANAGE, CALL) if rights.permits(each, place)} == permitted


def test_a_fine_grained_token_has_its_permissions_where_they_are_given() -> None:
    scoped = [scope("anna", MANAGE), scope("class", CALL), scope("anna", "repo.write")]
    rights = rights_of(owner(role="fineGrained", fineGrained={"global": [], "scoped": scoped}))
    assert rights.permits(MANAGE, "anna") and rights.permits(READ, "anna")
    assert not rights.permits(CALL, "anna") and not rights.permits(MANAGE, "class")
    assert rights.permits(CALL, "class") and not rights.permits(READ, "class")


@pytest.mark.parametrize(
    "described", [{}, {"fineGrained": None}, {"fineGrained": {"scoped": [{"entity": None}]}}]
)
def test_one_without_permissions_has_none(described: dict[str, Any]) -> None:
    rights = rights_of(owner(role="fineGrained", **described))
    assert rights.permits(CALL, "anna") is False


@pytest.mark.parametrize("auth", [None, {"type": "oauth"}, {"accessToken": {"role": "a new one"}}])
def test_what_the_hub_does_not_tell_is_not_guessed(auth: Any) -> None:
    rights = rights_of({"name": "anna", "auth": auth})
    assert not rights.told and rights.permits(MANAGE, "anna") is None
