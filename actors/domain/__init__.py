"""What the agents know: pure functions and data, without Ray, clock, network or settings."""
