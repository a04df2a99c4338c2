"""Who may import whom. Read the tables before the code."""

import ast
import importlib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"actors", "serve", "cluster", "scripts", "tests"}

MAY_IMPORT = {
    "actors/domain": {"actors.domain", "actors.errors"},
    "actors/llm": {"actors.llm", "actors.errors"},
    "actors/resilience": {"actors.resilience", "actors.errors"},
    "actors/retrieval": {"actors.retrieval", "actors.domain", "actors.errors"},
    "actors": {"actors"},
    "serve": {"serve", "actors"},
    "cluster": {"cluster", "serve", "actors"},
}
"""Our own modules, by room."""

ONLY_IN = {
    "ray": ("actors/remote.py", "serve/app.py", "cluster/"),
    "aiobreaker": ("actors/resilience/breaker.py",),
    "redis": ("actors/redis_tier.py", "actors/redis_health.py", "cluster/bulk/ledger_redis.py"),
}
"""Foreign packages that one place alone may touch."""

PURE = ("actors/domain",)
IMPURE = {
    "asyncio",
    "socket",
    "time",
    "random",
    "secrets",
    "os",
    "subprocess",
    "threading",
    "logging",
    "httpx",
}
"""What thinking does not need: clock, network, chance, environment."""

ROOMS = {"actors", "serve", "cluster", "tests", "scripts"}


@cache
def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(f"{'.' * node.level}{node.module or ''}")
    return names


def files(*rooms: str) -> list[Path]:
    return sorted(file for room in rooms for file in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_point_inwards(room: str) -> None:
    allowed = tuple(MAY_IMPORT[room])
    strangers = {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files(room)
        for name in imported(file)
        if (name.startswith(".") or name.split(".")[0] in OURS) and not name.startswith(allowed)
    }
    assert not strangers


@pytest.mark.parametrize("package", ONLY_IN)
def test_foreign_packages_have_one_door(package: str) -> None:
    strangers = {
        str(file.relative_to(ROOT))
        for file in files("actors", "serve", "cluster")
        for name in imported(file)
        if name.split(".")[0] == package
        and not file.relative_to(ROOT).as_posix().startswith(ONLY_IN[package])
    }
    assert not strangers


def test_what_the_agents_know_needs_no_clock_network_or_chance() -> None:
    strangers = {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files(*PURE)
        for name in imported(file)
        if name.split(".")[0] in IMPURE
    }
    assert not strangers


def test_the_house_has_five_rooms() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - {"docs", "out", "__pycache__"} == ROOMS


@pytest.mark.parametrize("room", ["actors", "serve", "cluster", "tests"])
def test_our_names_are_not_somebody_elses(room: str) -> None:
    assert Path(importlib.import_module(room).__file__ or "").is_relative_to(ROOT)


@pytest.mark.parametrize("file", [f for f in files(*ROOMS) if f.name == "__init__.py"], ids=str)
def test_a_package_file_holds_one_docstring_and_no_code(file: Path) -> None:
    body = ast.parse(file.read_text(encoding="utf-8")).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)
