"""Doors to other systems: importers, intake, notifiers, exporters."""
