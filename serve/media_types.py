"""Media types by name."""

JSON = "application/json"
PROBLEM = "application/problem+json"
EVENTS = "text/event-stream"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
