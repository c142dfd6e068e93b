"""The demo company: a repository with a past and an incident that is going on."""
