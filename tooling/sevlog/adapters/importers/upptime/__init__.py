"""Upptime: a status page in a repository of GitHub, with issues as incidents."""
