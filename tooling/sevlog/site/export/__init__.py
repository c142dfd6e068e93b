"""A postmortem as one document for readers elsewhere: Markdown, HTML, Confluence storage format."""
