"""How one agent's step is guarded, as values."""

from typing import Annotated

from pydantic import Field

from actors.domain.matter import Value


class StepPolicy(Value):
    """How one agent's step is guarded. The defaults are those of the user's document."""

    attempts: Annotated[int, Field(ge=1, le=10)] = 3
    """All of them, the first one included."""
    wait_factor: Annotated[float, Field(ge=1, le=10)] = 1.5
    """Waits before the attempts: 0, factor, factor², … seconds."""
    jitter: Annotated[float, Field(ge=0, le=1)] = 0.5
    attempt_s: Annotated[float, Field(gt=0)] = 30.0
    step_s: Annotated[float, Field(gt=0)] = 100.0
    """All attempts and waits of one step."""
    breaker_failures: Annotated[int, Field(ge=1)] = 5
    """Failures in a row that open the circuit."""
    breaker_open_s: Annotated[float, Field(gt=0)] = 60.0
    permits: Annotated[int, Field(ge=1)] = 16
    """Calls in flight within one agent."""
    queue: Annotated[int, Field(ge=0)] = 1000
    """Calls that may wait for a permit."""
