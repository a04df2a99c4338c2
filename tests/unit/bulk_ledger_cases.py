"""What every ledger must do; a test class inherits this and says which ledger."""

from cluster.bulk.ledger import DEADLY, UNFINISHED, Claim, Entry, Ledger, Registered, Standing


def entries(*ids: str, content: str = "first") -> list[Entry]:
    return [Entry(row_id, number, f"{content} {row_id}") for number, row_id in enumerate(ids, start=1)]


def registered(ledger: Ledger, *ids: str, content: str = "first") -> list[Registered]:
    return ledger.register(ledger.begin(), entries(*ids, content=content))


def standings(told: list[Registered]) -> list[Standing]:
    return [one.standing for one in told]


def claimed(ledger: Ledger, row_id: str, worker: str = "cell-1", content: str = "first") -> Claim:
    claim = ledger.claim(row_id, f"{content} {row_id}", worker)
    assert claim is not None
    return claim


class LedgerCases:
    """Tests of any ledger; the fixture `ledger` gives an empty one."""

    def test_rows_wait_in_the_order_of_the_file(self, ledger: Ledger) -> None:
        registered(ledger, "b", "a", "c")
        assert [kept.entry.id for kept in ledger.rows(*UNFINISHED)] == ["b", "a", "c"]
        assert ledger.counts() == {"waiting": 3, "claimed": 0, "parked": 0, "done": 0, "failed": 0}

    def test_an_id_that_stands_twice_is_told_with_the_row_of_the_first(self, ledger: Ledger) -> None:
        assert registered(ledger, "a", "b", "A")[2] == Registered("duplicate", "waiting", 1)
        assert sum(ledger.counts().values()) == 2

    def test_a_row_is_known_by_its_content_wherever_it_stands(self, ledger: Ledger) -> None:
        registered(ledger, "a", "b")
        assert ledger.commit(claimed(ledger, "a"), "a/document.md")
        told = registered(ledger, "new", "b", "a")
        assert told[0].standing == "new"
        assert told[1:] == [Registered("known", "waiting", 2), Registered("known", "done", 3)]

    def test_a_row_with_other_content_is_drafted_again(self, ledger: Ledger) -> None:
        registered(ledger, "a")
        ledger.commit(claimed(ledger, "a"), "a/document.md")
        assert registered(ledger, "a", content="second") == [Registered("changed", "waiting", 1)]
        assert ledger.claim("a", "first a", "cell-1") is None
        assert claimed(ledger, "a", content="second").attempt == 1

    def test_a_worker_on_content_that_changed_commits_nothing(self, ledger: Ledger) -> None:
        registered(ledger, "a")
        claim = claimed(ledger, "a")
        registered(ledger, "a", content="second")
        assert not ledger.commit(claim, "a/document.md")
        assert ledger.counts()["waiting"] == 1

    def test_a_row_is_claimed_once(self, ledger: Ledger) -> None:
        registered(ledger, "a")
        claimed(ledger, "a")
        assert ledger.claim("a", "first a", "cell-2") is None
        assert ledger.claim("nobody", "first nobody", "cell-2") is None

    def test_what_is_done_stays_done(self, ledger: Ledger) -> None:
        registered(ledger, "a")
        ledger.commit(claimed(ledger, "a"), "a/document.md")
        assert ledger.claim("a", "first a", "cell-2") is None
        kept = ledger.find("a")
        assert kept is not None
        assert (kept.state, kept.note, kept.attempt) == ("done", "a/document.md", 1)
        assert list(ledger.rows(*UNFINISHED)) == []

    def test_a_commit_that_is_repeated_is_one(self, ledger: Ledger) -> None:
        registered(ledger, "a")
        claim = claimed(ledger, "a")
        assert ledger.commit(claim, "a/document.md")
        assert ledger.commit(claim, "a/document.md")
        assert not ledger.commit(claim, "elsewhere")
        assert ledger.counts()["done"] == 1

    def test_a_stale_worker_that_wakes_up_commits_nothing(self, ledger: Ledger) -> None:
        registered(ledger, "a")
        stale = claimed(ledger, "a", "cell-1")
        assert ledger.worker_died("cell-1").again == ("a",)
        assert not ledger.holds(stale)
        fresh = claimed(ledger, "a", "cell-2")
        assert fresh.fence > stale.fence
        for settle in (ledger.commit, ledger.fail, ledger.park):
            assert not settle(stale, "too late")
        assert ledger.holds(fresh)
        assert ledger.commit(fresh, "a/document.md")

    def test_a_dead_workers_rows_wait_again_and_no_other_rows(self, ledger: Ledger) -> None:
        registered(ledger, "a", "b", "c")
        claimed(ledger, "a", "cell-1")
        claimed(ledger, "b", "cell-2")
        ledger.commit(claimed(ledger, "c", "cell-1"), "c/document.md")
        lost = ledger.worker_died("cell-1")
        assert (lost.again, lost.failed) == (("a",), ())
        again = claimed(ledger, "a", "cell-3")
        assert (again.attempt, again.deaths) == (2, 1)
        assert (ledger.counts()["claimed"], ledger.counts()["done"]) == (2, 1)

    def test_a_row_that_ends_its_worker_three_times_fails_with_that_reason(self, ledger: Ledger) -> None:
        registered(ledger, "poison", "b")
        lost = None
        for life in ("cell-1", "cell-1", "cell-2"):
            claimed(ledger, "poison", life)
            lost = ledger.worker_died(life)
        assert lost is not None
        assert (lost.again, lost.failed) == ((), ("poison",))
        assert [(kept.entry.id, kept.note) for kept in ledger.rows("failed")] == [("poison", DEADLY)]
        assert ledger.claim("poison", "first poison", "cell-3") is None

    def test_a_parked_row_is_taken_up_again_and_has_not_failed(self, ledger: Ledger) -> None:
        registered(ledger, "a")
        assert ledger.park(claimed(ledger, "a"), "the provider is away")
        assert [kept.note for kept in ledger.rows("parked")] == ["the provider is away"]
        assert ledger.counts()["failed"] == 0
        assert claimed(ledger, "a").deaths == 0

    def test_failed_rows_wait_again_when_they_are_to_be_retried(self, ledger: Ledger) -> None:
        registered(ledger, "a", "b")
        assert ledger.fail(claimed(ledger, "a"), "message: it is empty")
        assert ledger.claim("a", "first a", "cell-1") is None
        assert ledger.retry_failed() == 1
        assert claimed(ledger, "a").deaths == 0
        assert list(ledger.rows("failed")) == []

    def test_a_run_that_was_stopped_goes_on_without_blame(self, ledger: Ledger) -> None:
        registered(ledger, "a", "b")
        stale = claimed(ledger, "a")
        assert ledger.release_claims() == 1
        assert not ledger.commit(stale, "a/document.md")
        assert claimed(ledger, "a").deaths == 0

    def test_rows_that_left_the_file_are_forgotten_unless_done(self, ledger: Ledger) -> None:
        registered(ledger, "a", "b", "c")
        ledger.commit(claimed(ledger, "a"), "a/document.md")
        reading = ledger.begin()
        ledger.register(reading, [Entry("c", 1, "first c")])
        assert ledger.forget_unseen(reading) == 1
        assert ledger.find("b") is None
        assert ledger.counts() == {"waiting": 1, "claimed": 0, "parked": 0, "done": 1, "failed": 0}

    def test_more_rows_than_a_page_come_once_each_while_they_are_worked_on(self, ledger: Ledger) -> None:
        ids = [f"row-{number}" for number in range(1200)]
        registered(ledger, *ids)
        seen = []
        for kept in ledger.rows("waiting"):
            seen.append(kept.entry.id)
            ledger.commit(claimed(ledger, kept.entry.id), "x")
        assert seen == ids
        assert ledger.counts()["done"] == len(ids)
