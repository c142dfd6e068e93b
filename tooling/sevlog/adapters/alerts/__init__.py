"""Alerts of monitoring systems: one reader per source, which returns `model.alert.Signal`."""
