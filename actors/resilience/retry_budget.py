"""A purse for retries, so that an outage is not answered with a multiple of the usual load."""


class RetryBudget:
    """A token bucket that successes fill and retries empty. Share one among all callers of a dependency.

    With these prices a steady state allows about one retry per five successes; a full bucket rides out
    twenty. Prices as in botocore's standard retry mode, in which a timeout costs double because it held a
    connection longer. A restart loses the level; it starts full.
    """

    def __init__(
        self, tokens: int = 100, retry_cost: int = 5, timeout_cost: int = 10, refund: int = 1
    ) -> None:
        self.capacity = tokens
        self.tokens = tokens
        self._retry_cost = retry_cost
        self._timeout_cost = timeout_cost
        self._refund = refund

    def take(self, *, after_timeout: bool) -> bool:
        """Pay for one retry; `False`, and nothing paid, when the bucket holds too little."""
        cost = self._timeout_cost if after_timeout else self._retry_cost
        if cost > self.tokens:
            return False
        self.tokens -= cost
        return True

    def refund(self) -> None:
        """Credit one success."""
        self.tokens = min(self.capacity, self.tokens + self._refund)
