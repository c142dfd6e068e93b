"""The records repository that these tests act in."""

from fixtures.repositories import records, template

__all__ = ["records", "template"]
