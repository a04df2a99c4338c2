"""A language-model provider of the project's own: OpenAI-compatible, with latencies and faults to order."""
