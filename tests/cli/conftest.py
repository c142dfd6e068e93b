"""The records repository for these tests."""

from fixtures.repositories import records, template

__all__ = ["records", "template"]
