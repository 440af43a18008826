"""A report as HTML, Markdown, and in the terminal."""
