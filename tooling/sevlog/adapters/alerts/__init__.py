"""Alerts of monitoring systems: one reader for each source, all giving `model.alert.Signal`."""
