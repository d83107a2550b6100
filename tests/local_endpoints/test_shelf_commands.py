from __future__ import annotations

from pathlib import Path

import pytest

from local_endpoints import shelf_commands
from local_endpoints.__main__ import main
from local_endpoints.pulling import Offer
from local_endpoints.repositories import REPOSITORIES
from local_endpoints.shelf import ModelFile, Shelf, Upstream
from tests.ggufs import header_only, pocket_gguf

NAME = "course/pocket-GGUF"


class Terminal:
    """The commands, and what they say."""

    def __init__(self, state_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state_dir = state_dir
        self.shelf = Shelf(state_dir)
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        assert main([*arguments, "--state-dir", str(self.state_dir)]) == code
        said = self._capsys.readouterr()
        assert bool(said.err) == bool(code)
        return said.out + said.err


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    monkeypatch.setattr(REPOSITORIES, "shelf", None)
    return Terminal(tmp_path / "state", capsys)


def test_a_file_is_added_listed_and_taken_off_and_stays_where_it_is(
    terminal: Terminal, tmp_path: Path
) -> None:
    path = pocket_gguf("gemma", tmp_path)
    assert NAME in terminal("add", str(path), "--as", NAME)
    entry = terminal.shelf.entries()[NAME]
    assert isinstance(entry, ModelFile) and (entry.path, entry.size) == (
        str(path),
        path.stat().st_size,
    )
    listed = terminal("models")
    (line,) = [line for line in listed.splitlines() if line.startswith(NAME)]
    size = f"{entry.size / 1e6:.1f} MB"
    assert all(part in line for part in ("gemma", size, "apache-2.0", str(path)))
    assert "google/gemma-1.1-2b-it  pocket model" in listed
    assert "Nothing was freed" in terminal("remove", NAME)
    assert NAME not in terminal("models")
    assert path.exists()


def test_what_was_pulled_is_freed(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = Offer(NAME, "c" * 40, "m.gguf", 1_000_000, "", "mit", gate="")

    def pull(offer: Offer, folder: Path) -> ModelFile:
        (folder / NAME).mkdir(parents=True)
        (path := folder / NAME / "m.gguf").write_bytes(bytes(1_000_000))
        return ModelFile(str(path), 1_000_000, "0" * 64)

    monkeypatch.setattr(shelf_commands, "look", lambda repository, file: offer)
    monkeypatch.setattr(shelf_commands, "pull", pull)
    said = terminal("pull", NAME)
    assert said.index("licence  mit") < said.index("can be served")
    assert "1.0 MB was freed" in terminal("remove", NAME)
    assert list(terminal.shelf.folder.rglob("*.gguf")) == []


@pytest.mark.parametrize(("answer", "pulled"), [("", False), ("n", False), ("y", True)])
def test_in_a_terminal_it_asks_before_the_download(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, answer: str, pulled: bool
) -> None:
    offer = Offer(NAME, "c" * 40, "m.gguf", 1, "", "", gate="https://hub/page")
    monkeypatch.setattr(shelf_commands, "look", lambda repository, file: offer)
    monkeypatch.setattr(shelf_commands, "pull", lambda *_: ModelFile("m.gguf", 1, "0" * 64))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    main(["pull", NAME, "--state-dir", str(terminal.state_dir)])
    assert (NAME in terminal.shelf.entries()) is pulled


def test_who_has_said_yes_is_not_asked(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(repository: str, file: str | None) -> Offer:
        assert repository == NAME
        return Offer(NAME, "c" * 40, file or "the only one", 1, "", "", gate="https://hub/page")

    def nobody(question: str) -> str:
        raise AssertionError(question)

    pulled: list[str] = []

    def pull(offer: Offer, folder: Path) -> ModelFile:
        pulled.append(offer.file)
        return ModelFile(offer.file, 1, "0" * 64)

    monkeypatch.setattr(shelf_commands, "look", look)
    monkeypatch.setattr(shelf_commands, "pull", pull)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", nobody)
    said = terminal("pull", NAME, "--yes", "--file", "m-Q4.gguf")
    assert "you must have accepted its conditions at https://hub/page" in said
    assert pulled == ["m-Q4.gguf"] and NAME in terminal.shelf.entries()


def test_a_file_that_is_gone_is_listed_as_such(terminal: Terminal, tmp_path: Path) -> None:
    path = header_only(tmp_path / "model.gguf", license="mit")
    terminal("add", str(path), "--as", NAME)
    path.unlink()
    assert "its file is gone" in terminal("models")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("google/gemma-1.1-2b-it", "give the file another"),
        ("pocket", "OWNER/MODEL"),
        ("taken/already", "remove"),
    ],
)
def test_a_name_is_its_own(terminal: Terminal, tmp_path: Path, name: str, said: str) -> None:
    terminal("add-upstream", "taken/already", "--url", "http://gpu-box:8000")
    path = header_only(tmp_path / "model.gguf")
    assert said in terminal("add", str(path), "--as", name, code=1)
    assert list(terminal.shelf.entries()) == ["taken/already"]


def test_an_upstream_is_kept_without_its_key(terminal: Terminal) -> None:
    arguments = ("--url", "http://gpu-box:8000/", "--key-env", "GPU_KEY")
    said = terminal("add-upstream", "gpu/model", *arguments, "--health-route", "/-/healthz")
    assert "http://gpu-box:8000" in said and "unencrypted" in said
    wanted = Upstream("http://gpu-box:8000", "GPU_KEY", "/-/healthz")
    assert terminal.shelf.entries() == {"gpu/model": wanted}
    assert "gpu/model  upstream http://gpu-box:8000" in terminal("models")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--url", "gpu-box"), "http://gpu-box:8000"),
        (("--url", "ftp://gpu-box"), "http://gpu-box:8000"),
        (("--url", "http://gpu-box:8000/v1"), "the server's root: http://gpu-box:8000"),
        (("--url", "http://user:secret@gpu-box"), "--key-env"),
        (("--url", "http://gpu-box?key=secret"), "--key-env"),
        (("--url", "http://gpu-box", "--key-env", "sk-secret"), "name of a variable"),
        (("--url", "http://gpu-box", "--health-route", "health"), "begins with a slash"),
    ],
)
def test_an_address_that_is_none_is_refused_and_no_secret_repeated(
    terminal: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    answer = terminal("add-upstream", "gpu/model", *arguments, code=1)
    assert said in answer and "secret" not in answer
    assert terminal.shelf.entries() == {}
