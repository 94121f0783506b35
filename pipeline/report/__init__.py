"""The report: one content, written as HTML, Markdown, Word and PDF."""
