"""sevlog: incident management on files in git."""

__version__ = "0.1.0"
