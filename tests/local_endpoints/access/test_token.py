from __future__ import annotations

import pytest

from local_endpoints.access import ALL_PERMISSIONS, INFER, READ, WRITE
from local_endpoints.access.permissions import MemberRole, TokenRole
from local_endpoints.access.token import Grant, Token, new_token
from local_endpoints.access.user import User
from local_endpoints.errors import ApiError
from local_endpoints.proof import digest_of

ANYTHING = frozenset({READ, WRITE, INFER})
LOOK_AND_CALL = frozenset({READ, INFER})


def permitted(token: Token, namespace: str) -> set[str]:
    return {each for each in ALL_PERMISSIONS if token.permits(each, namespace)}


@pytest.mark.parametrize(
    ("role", "permissions", "own"),
    [
        ("read", {}, LOOK_AND_CALL),
        ("write", {}, ANYTHING),
        ("fineGrained", {}, set()),
        ("fineGrained", {"anna": {READ}}, {READ}),
        ("fineGrained", {"anna": {INFER}}, {INFER}),
        ("fineGrained", {"anna": {WRITE}}, {READ, WRITE}),
        ("fineGrained", {"anna": {WRITE, INFER}}, ANYTHING),
        ("fineGrained", {"acme": {WRITE, INFER}}, set()),
        ("fineGrained", {"ben": {WRITE, INFER}}, set()),
    ],
)
def test_what_a_token_permits_in_its_users_own_namespace(
    role: TokenRole, permissions: dict[str, set[str]], own: set[str]
) -> None:
    frozen = {namespace: frozenset(each) for namespace, each in permissions.items()}
    token = Token(User("anna", {"acme": "admin"}), Grant("a", role, frozen))
    assert permitted(token, "anna") == own
    assert permitted(token, "ben") == set(), "nobody may do anything in another's"


@pytest.mark.parametrize(
    ("member", "most"),
    [("read", LOOK_AND_CALL), ("contributor", ANYTHING), ("write", ANYTHING), ("admin", ANYTHING)],
)
def test_a_token_permits_no_more_than_its_users_role_in_an_organization(
    member: MemberRole, most: frozenset[str]
) -> None:
    user = User("anna", {"acme": member})
    assert permitted(Token(user, Grant("a", "write")), "acme") == most
    assert permitted(Token(user, Grant("a", "read")), "acme") == LOOK_AND_CALL
    scoped = Grant("a", "fineGrained", {"acme": frozenset({WRITE})})
    assert permitted(Token(user, scoped), "acme") == most & {READ, WRITE}
    assert permitted(Token(user, Grant("a", "fineGrained", {"anna": ANYTHING})), "acme") == set()


@pytest.mark.parametrize(
    ("member", "may"), [("read", False), ("contributor", False), ("write", True), ("admin", True)]
)
def test_a_contributor_changes_only_their_own(member: MemberRole, may: bool) -> None:
    token = Token(User("anna", {"acme": member}), Grant("a"))
    token.require(READ, "acme", creator="ben")
    token.require(WRITE, "anna", creator="ben")
    if member != "read":
        token.require(WRITE, "acme", creator="anna")
    if may:
        token.require(WRITE, "acme", creator="ben")
        return
    with pytest.raises(ApiError, match=f"missing permissions: {WRITE}"):
        token.require(WRITE, "acme", creator="ben")


def test_a_permission_somewhere_is_enough_where_the_place_does_not_matter() -> None:
    token = Token(
        User("anna", {"acme": "read"}), Grant("a", "fineGrained", {"acme": frozenset({INFER})})
    )
    token.require(INFER)
    with pytest.raises(ApiError, match=INFER):
        token.require(INFER, "anna")
    with pytest.raises(ApiError, match=READ):
        token.require(READ)


def test_other_peoples_namespaces_are_403() -> None:
    token = Token(User("anna", {"acme": "read"}), Grant("a"))
    with pytest.raises(ApiError, match=r"ben is not yours\. Yours: anna, acme") as caught:
        token.require_member("ben")
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("role", "gated", "terms", "code"),
    [
        ("read", False, True, None),
        ("write", False, True, None),
        ("fineGrained", True, True, None),
        ("fineGrained", False, True, ""),
        ("read", False, False, "GatedRepo"),
        ("fineGrained", True, False, "GatedRepo"),
        ("fineGrained", False, False, "GatedRepo"),
    ],
)
def test_who_reads_gated_repositories(
    role: TokenRole, gated: bool, terms: bool, code: str | None
) -> None:
    refusal = Token(User("anna", terms=terms), Grant("a", role, gated=gated)).gate("acme/model")
    assert (refusal and refusal.hub_code) == code
    if refusal:
        assert refusal.status == 403
        assert ("acme/model" in refusal.detail) == (code == "GatedRepo")


def test_tokens_are_long_and_their_digests_tell_them_apart() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len({digest_of(token) for token in tokens}) == 100
    assert min(map(len, tokens)) >= 32
