"""Report: a compiled design for people who decide on a change, as Markdown and as one page of HTML."""
