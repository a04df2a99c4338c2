"""The same drafts for programs that speak to OpenAI's API."""
