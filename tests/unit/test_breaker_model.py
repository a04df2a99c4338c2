"""The breaker against a plain model of what it promises, in every order that Hypothesis can think of."""

from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from actors.errors import BreakerOpenError
from actors.resilience.breaker import Breaker, Permit
from actors.resilience.evidence import TripRule
from actors.resilience.verdict import Verdict

RULE = TripRule(streak=3, rate=0.5, window_calls=8, min_calls=6, timeouts_span_s=5)
OPEN_S = 60.0


@dataclass
class Model:
    """What a breaker promises, told as a history: every outcome since it last closed, with its time.

    The row of failures is kept beside it, because a restart carries the row over and forgets the history.
    """

    mode: str = "closed"
    opened_at_s: float = 0.0
    era: int = 0
    probe_out: bool = False
    history: list[tuple[Verdict, float]] = field(default_factory=list)
    row: list[tuple[Verdict, float]] = field(default_factory=list)

    def view(self, now_s: float) -> str:
        return "half_open" if self.mode == "open" and now_s >= self.opened_at_s + OPEN_S else self.mode

    def admits(self, now_s: float) -> bool:
        view = self.view(now_s)
        return view == "closed" or (view == "half_open" and not self.probe_out)

    def started(self, now_s: float) -> int:
        if self.view(now_s) == "half_open":
            if self.mode == "open":
                self._enter("half_open")
            self.probe_out = True
        return self.era

    def ended(self, era: int, verdict: Verdict, now_s: float) -> None:
        if era != self.era:
            return
        self.probe_out = False
        if verdict == "neutral":
            return
        self.history.append((verdict, now_s))
        self.row = [] if verdict == "success" else [*self.row, (verdict, now_s)]
        if self.mode == "half_open":
            self._enter("closed" if verdict == "success" else "open", now_s)
        elif verdict != "success" and (self._streak(now_s) or self._rate(now_s)):
            self._enter("open", now_s)

    def restarted(self, now_s: float) -> None:
        self.mode, self.era, self.probe_out = self.view(now_s), self.era + 1, False
        self.history.clear()
        if {verdict for verdict, _ in self.row} == {"timeout"}:
            self.row = [("timeout", now_s)] * len(self.row)

    def _enter(self, mode: str, now_s: float = 0.0) -> None:
        self.mode, self.era, self.probe_out = mode, self.era + 1, False
        if mode == "open":
            self.opened_at_s = now_s
        if mode == "closed":
            self.history.clear()
            self.row.clear()

    def _streak(self, now_s: float) -> bool:
        kinds = {verdict for verdict, _ in self.row}
        spans = kinds != {"timeout"} or now_s - self.row[0][1] >= RULE.timeouts_span_s
        return len(self.row) >= RULE.streak and spans

    def _rate(self, now_s: float) -> bool:
        since_s = None
        for end in range(1, len(self.history) + 1):
            window = [verdict for verdict, _ in self.history[:end]][-RULE.window_calls :]
            failed = sum(verdict != "success" for verdict in window)
            high = len(window) >= RULE.min_calls and failed / len(window) >= RULE.rate
            since_s = (self.history[end - 1][1] if since_s is None else since_s) if high else None
        window = [verdict for verdict, _ in self.history][-RULE.window_calls :]
        return since_s is not None and ("failure" in window or now_s - since_s >= RULE.timeouts_span_s)


class BreakerMachine(RuleBasedStateMachine):
    """Calls begin, end and overlap while time passes."""

    calls: Bundle[tuple[Permit, int]] = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.breaker = Breaker("model", RULE, OPEN_S, clock=lambda: self.now_s)
        self.model = Model()

    @rule(target=calls)
    def begin(self) -> tuple[Permit, int]:
        if self.model.admits(self.now_s):
            return self.breaker.admit(), self.model.started(self.now_s)
        with pytest.raises(BreakerOpenError) as caught:
            self.breaker.admit()
        assert 0 < caught.value.retry_after_s <= OPEN_S
        # A call that never was: its end means nothing to either side.
        return Permit(-1), -1

    @rule(call=consumes(calls), verdict=st.sampled_from(["success", "failure", "timeout", "neutral"]))
    def end(self, call: tuple[Permit, int], verdict: Verdict) -> None:
        permit, era = call
        self.breaker.settle(permit, verdict)
        self.model.ended(era, verdict, self.now_s)

    @rule(verdicts=st.lists(st.sampled_from(["success", "failure", "timeout"]), max_size=12))
    def one_after_the_other(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            if self.model.admits(self.now_s):
                self.end((self.breaker.admit(), self.model.started(self.now_s)), verdict)

    @rule(seconds=st.sampled_from([0.5, 2.0, 5.0, 59.0, 60.0]))
    def time_passes(self, seconds: float) -> None:
        self.now_s += seconds

    @rule()
    def the_process_restarts(self) -> None:
        successor = Breaker("model", RULE, OPEN_S, clock=lambda: self.now_s)
        # In reality no call outlives its process. Here the calls of the earlier life still end, and must not
        # count.
        successor._generation = self.breaker._generation
        successor.restore(self.breaker.snapshot(), elapsed_s=0)
        self.breaker = successor
        self.model.restarted(self.now_s)

    @invariant()
    def both_are_in_the_same_state(self) -> None:
        assert self.breaker.state == self.model.view(self.now_s)

    @invariant()
    def the_open_time_is_exact(self) -> None:
        if self.model.view(self.now_s) == "open":
            assert self.breaker.remaining_open_s() == self.model.opened_at_s + OPEN_S - self.now_s

    @invariant()
    def a_snapshot_changes_nothing_and_tells_the_streak(self) -> None:
        assert self.breaker.snapshot().failures == len(self.model.row)


TestBreaker = BreakerMachine.TestCase
TestBreaker.settings = settings(stateful_step_count=40)
