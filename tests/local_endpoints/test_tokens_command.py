from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from local_endpoints.__main__ import main
from local_endpoints.access import INFER, READ, WRITE, Access, Accounts
from local_endpoints.errors import ApiError

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


def run(folder: Path, *arguments: str) -> int:
    return main(["tokens", *arguments, "--state-dir", str(folder)])


def access(folder: Path) -> Access:
    return Access(accounts=Accounts(folder / "accounts.json"))


def test_a_class_gets_its_tokens_with_one_command(folder: Path, capsys: Captured) -> None:
    learners = [f"learner-{number:02}" for number in range(1, 31)]
    command = ["add", "first-day", "--org", "local-class:contributor", "--user", *learners]
    assert run(folder, *command) == 0
    said = capsys.readouterr()
    made = dict(line.split("  ") for line in said.out.splitlines())
    assert list(made) == learners
    assert "once" in said.err and "local_" not in said.err
    service = access(folder)
    for name, text in made.items():
        token = service.authenticate(f"Bearer {text}")
        assert token.user.namespaces == (name, "local-class")
        token.require(WRITE, name)
        token.require(WRITE, "local-class")
    assert run(folder, "list") == 0
    listed = capsys.readouterr().out
    head, *rows = listed.splitlines()
    assert head.split()[:2] == ["TOKEN", "USER"]
    for name, line in zip(learners, rows, strict=True):
        first, user, rights, organizations, ending, _ = line.split()
        assert (first, user, rights) == ("first-day", name, "write")
        assert organizations == "local-class:contributor"
        assert made[name].endswith(ending[1:]) and len(ending) == 5
    assert not any(text in listed for text in made.values())
    assert run(folder, "revoke", "first-day") == 0
    assert len(capsys.readouterr().out.splitlines()) == 30
    for text in made.values():
        with pytest.raises(ApiError):
            service.authenticate(f"Bearer {text}")


def made_by(folder: Path, capsys: Captured, *arguments: str) -> str:
    assert run(folder, "add", *arguments) == 0
    return capsys.readouterr().out.split()[-1]


def test_a_fine_grained_token(folder: Path, capsys: Captured) -> None:
    text = made_by(
        *(folder, capsys, "ci", "--user", "anna", "--org", "acme:write"),
        *("--permission", READ, "--permission", f"acme:{INFER}", "--permission", INFER),
    )
    token = access(folder).authenticate(f"Bearer {text}")
    assert token.grant.permissions == {
        "anna": frozenset({READ, INFER}),
        "acme": frozenset({INFER}),
    }
    assert token.gate("acme/model") is not None
    run(folder, "list")
    assert f"fineGrained,anna:{INFER},anna:{READ},acme:{INFER}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "reads"),
    [
        ([], True),
        (["--role", "read"], True),
        (["--permission", WRITE], False),
        (["--permission", WRITE, "--gated"], True),
        (["--no-terms"], False),
        (["--permission", WRITE, "--gated", "--no-terms"], False),
    ],
)
def test_who_may_read_gated_repositories(
    folder: Path, capsys: Captured, more: list[str], reads: bool
) -> None:
    text = made_by(folder, capsys, "a", "--user", "anna", *more)
    token = access(folder).authenticate(f"Bearer {text}")
    assert (token.gate("acme/model") is None) == reads


def test_one_agrees_to_the_terms_later(folder: Path, capsys: Captured) -> None:
    text = made_by(folder, capsys, "a", "--user", "anna", "--no-terms")
    made_by(folder, capsys, "b", "--user", "anna")
    assert access(folder).authenticate(f"Bearer {text}").gate("acme/model") is not None
    run(folder, "list")
    assert capsys.readouterr().out.count("no-terms") == 2
    made_by(folder, capsys, "c", "--user", "anna", "--terms")
    assert access(folder).authenticate(f"Bearer {text}").gate("acme/model") is None


def test_without_a_user_it_is_the_local_users(folder: Path, capsys: Captured) -> None:
    token = access(folder)
    text = made_by(folder, capsys, "mine", "--role", "read")
    mine = token.authenticate(f"Bearer {text}")
    mine.require(READ, "local-class")
    with pytest.raises(ApiError, match=WRITE):
        mine.require(WRITE, "local-user")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["add"],
        ["add", "-a"],
        ["add", "a", "--user"],
        ["add", "a", "--user", "../../etc"],
        ["add", "a", "--user", "an na"],
        ["add", "a", "--user", "x" * 43],
        ["add", "a", "--user", "anna\n"],
        ["add", "a", "--org", "acme"],
        ["add", "a", "--org", "acme:owner"],
        ["add", "a", "--org", ":read"],
        ["add", "a", "--role", "admin"],
        ["add", "a", "--permission", "repo.write"],
        ["add", "a", "--permission", WRITE, "--role", "read"],
        ["revoke"],
    ],
)
def test_wrong_arguments_are_explained(
    folder: Path, arguments: list[str], capsys: Captured
) -> None:
    with pytest.raises(SystemExit) as caught:
        run(folder, *arguments)
    assert caught.value.code == 2
    assert "usage: python -m local_endpoints tokens" in capsys.readouterr().err
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["add", "a", "--user", "anna"], "anna has a token a"),
        (["add", "b", "--user", "local-class"], "cannot be a user and an organization"),
        (["add", "b", "--user", "anna", "--permission", f"acme:{READ}"], "--org acme:ROLE"),
        (["add", "b", "--user", "anna", "--gated"], "--permission"),
        (["revoke", "b"], "tokens list"),
        (["revoke", "a", "--user", "ben"], "tokens list"),
    ],
)
def test_a_refusal_is_one_line_and_changes_nothing(
    folder: Path, arguments: list[str], reason: str, capsys: Captured
) -> None:
    made_by(folder, capsys, "a", "--user", "anna")
    before = (folder / "accounts.json").read_bytes()
    assert run(folder, *arguments) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and reason in said.err
    assert (folder / "accounts.json").read_bytes() == before


def test_nothing_was_made_yet(folder: Path, capsys: Captured) -> None:
    assert run(folder, "list") == 0
    assert f"No tokens in {folder}" in capsys.readouterr().out
    assert run(folder, "revoke", "a") == 1


@pytest.mark.skipif(os.name == "nt", reason="folders have no modes there")
def test_only_in_a_folder_that_is_private(folder: Path, capsys: Captured) -> None:
    made_by(folder, capsys, "a")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    for arguments in (["list"], ["add", "b"], ["revoke", "a"]):
        assert run(folder, *arguments) == 1
        assert "chmod 700" in capsys.readouterr().err
    assert len(json.loads((folder / "accounts.json").read_text())["records"]) == 1
