"""What a chaos run is going to do follows from its seed."""

import json
from pathlib import Path

import pytest

from actors.errors import InvalidInputError
from cluster.chaos.plan import EARLIEST, LATEST, VICTIMS, drawn, parse_victims, plan_kills
from cluster.chaos.rows import BAD_EVERY, write_rows


def test_the_same_seed_gives_the_same_kills() -> None:
    assert plan_kills(7, VICTIMS) == plan_kills(7, VICTIMS)
    assert plan_kills(7, VICTIMS) != plan_kills(8, VICTIMS)


def test_kills_come_in_order_and_while_there_is_work() -> None:
    shares = [kill.share for kill in plan_kills(3, VICTIMS * 5)]
    assert shares == sorted(shares)
    assert shares[0] >= EARLIEST
    assert shares[-1] <= LATEST


def test_the_order_on_the_command_line_does_not_matter() -> None:
    assert parse_victims("redis, node,cell,node") == ("node", "node", "cell", "redis")
    assert parse_victims("node,node,redis,cell") == ("node", "node", "cell", "redis")


@pytest.mark.parametrize("text", ["", "nodes", "cell,,node", "CELL"])
def test_a_victim_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is none of node, cell, agent, driver, redis"):
        parse_victims(text)


def test_a_victim_is_one_of_those_that_are_there() -> None:
    for seed in range(50):
        (kill,) = plan_kills(seed, ["node"])
        assert drawn(kill, {"node-3", "node-2"}) in {"node-2", "node-3"}


def test_some_rows_are_meant_to_fail(tmp_path: Path) -> None:
    good = write_rows(tmp_path / "rows.jsonl", 2 * BAD_EVERY)
    lines = (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["id"] for row in rows if "Bake" not in row["message"]] == good
    assert len(good) == len(rows) - 2
