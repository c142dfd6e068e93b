"""GitHub, GitLab and others: pull requests by link or by `gh` and `glab`, and what a document comes from."""
