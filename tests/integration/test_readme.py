"""The README says what the command does, and all that it does."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from actors.config import Settings
from actors.domain.intake.facts import read_facts
from actors.messages import LAYERS
from tests.integration.lexray_command import ROOT, run

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (
    *("", "draft", "bulk", "up", "down", "status", "types", "review", "cite", "corpus", "corpus stats"),
    *(
        "serve",
        "chaos",
        "corpus search",
        "corpus import",
        "corpus versions",
        "corpus embed",
        "cache",
        "cache stats",
        "cache clear",
        "cache warm",
        "keys",
        "keys add",
        "keys list",
        "keys revoke",
    ),
)


def blocks(language: str = "") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def section(heading: str) -> str:
    return README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def in_code(text: str) -> str:
    """Return what stands between backticks, blocks of code aside."""
    return "\n".join(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


def helps(folder: Path) -> dict[str, str]:
    return {name: run(*name.split(), "--help", cwd=folder).out for name in COMMANDS}


def options_in(texts: Iterable[str]) -> set[str]:
    return {option for text in texts for option in re.findall(r"^ +(--[a-z-]+)", text, re.MULTILINE)}


def test_the_first_command_prints_what_the_readme_shows(tmp_path: Path) -> None:
    commands, shown = blocks()[:2]
    words = shlex.split(commands.splitlines()[0])
    assert words[0] == "scripts/lexray"

    outcome = run(*words[1:], "--inline", cwd=tmp_path)

    assert outcome.code == 0
    made, promised = (re.sub(r"\d+(\.\d+)?", "0", text).splitlines() for text in (outcome.err, shown))
    in_any_order = len(LAYERS)
    assert made[in_any_order:] == promised[in_any_order:]
    assert {line.split()[1] for line in made[:in_any_order]} == {
        line.split()[1] for line in promised[:in_any_order]
    }


def test_the_scripts_of_the_first_screen_exist() -> None:
    for line in blocks()[0].splitlines():
        assert (ROOT / line.split()[0]).stat().st_mode & 0o100


def test_the_command_of_the_first_screen_is_the_one_under_test(tmp_path: Path) -> None:
    script = subprocess.run(
        [ROOT / "scripts/lexray", "--help"], cwd=tmp_path, capture_output=True, check=True
    )
    assert script.stdout.decode() == run("--help", cwd=tmp_path).out


def test_every_command_of_the_help_is_in_the_readme(tmp_path: Path) -> None:
    text = in_code(section("Drafting from the command line"))
    listed = re.findall(
        r"^  (\w+)  ", run("--help", cwd=tmp_path).out.partition("Commands:")[2], re.MULTILINE
    )
    assert set(listed) == {name for name in COMMANDS if name and " " not in name}
    for name in COMMANDS:
        assert re.search(rf"\b{name.split()[-1] if name else 'lexray'}\b", text), name


def test_the_readme_names_the_options_that_there_are_and_no_others(tmp_path: Path) -> None:
    own = options_in(helps(tmp_path).values()) - {"--help"}
    named = set(re.findall(r"--[a-z][a-z-]*", in_code(section("Drafting from the command line"))))
    assert named == own


def test_the_exit_codes_are_those_of_the_help(tmp_path: Path) -> None:
    told = "0 finished, 3 finished but degraded, 2 refused input, 1 failed, 130 interrupted"
    assert f"Exit codes: {told}" in re.sub(r"\s+", " ", README)
    assert "0 finished, 3 finished but degraded, 2 input refused, 1 failed, 130 interrupted" in re.sub(
        r"\s+", " ", run("--help", cwd=tmp_path).out
    )


def test_the_facts_file_of_the_readme_is_one() -> None:
    assert read_facts(blocks("json")[0], task_type="nda_mutual").options == ("residuals",)


def test_the_fields_of_the_report_are_those_that_the_readme_names(tmp_path: Path) -> None:
    report = run("draft", "Mutual NDA", "--inline", "--json", cwd=tmp_path).json()
    told = README.partition("### The report\n")[2].partition("All\noffsets")[0].partition("holds")[2]
    outer = re.sub(r"\([^)]*\)", "", told)
    assert {name.split(".")[0] for name in re.findall(r"`([a-z_.]+)`", outer)} == set(report)
    assert set(re.findall(r"`([a-z_]+)`", told)) <= {*report, *report["validation"], *report["document"]}


def settings_table() -> dict[str, str]:
    rows = re.findall(r"^\| (`LEXRAY_[^|]+) \| ([^|]+) \|", section("Configuration"), re.MULTILINE)
    table: dict[str, str] = {}
    for names, values in rows:
        variables = re.findall(r"`(LEXRAY_\w+)`", names)
        defaults = values.split(", ") if len(variables) > 1 else [values]
        table |= dict(zip(variables, (value.strip("` ") for value in defaults), strict=True))
    return table


def settings_fields(model: type[BaseModel], prefix: str = "LEXRAY_") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            found |= settings_fields(field.annotation, field.annotation.model_config["env_prefix"])
            continue
        assert field.default is not PydanticUndefined
        if isinstance(field.default, BaseModel):
            found |= settings_fields(type(field.default), f"{prefix}{name.upper()}__")
        else:
            found[prefix + name.upper()] = field.default
    return found


def test_the_configuration_table_is_the_settings() -> None:
    fields = settings_fields(Settings)
    table = settings_table()
    assert set(table) == set(fields)
    for name, default in fields.items():
        assert table[name] == told_as(default), name


def told_as(default: object) -> str:
    if default is None or default == ():
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return ",".join(default)
    return f"{default:g}" if isinstance(default, float) else str(default)


@pytest.mark.parametrize("block", blocks("python"))
def test_the_python_of_the_readme_imports_what_exists(block: str) -> None:
    for line in block.splitlines():
        if line.startswith("from "):
            exec(line, {})  # noqa: S102 (our own README)


def test_the_readme_points_at_files_that_exist() -> None:
    paths = set(re.findall(r"`((?:actors|cluster|tests|serve)/[\w/.*]+)`", README))
    for path in paths:
        assert list(ROOT.glob(path.rstrip("/"))), path


def test_the_line_to_warm_is_one(tmp_path: Path) -> None:
    line = re.search(r'`(\{"type": [^`]+\})`', README)
    assert line
    assert set(json.loads(line[1])) == {"type", "jurisdiction"}
