"""The report: one content, written as HTML, Markdown and Word."""
