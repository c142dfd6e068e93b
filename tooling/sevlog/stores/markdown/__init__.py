"""Markdown files with front matter: templates of updates, runbooks and problems."""
