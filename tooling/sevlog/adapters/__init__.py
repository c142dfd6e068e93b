"""Adapters for other systems: importers, intake, notifiers, exporters."""
