"""sevlog.yaml as typed data, section by section. Rules for its values are in `rules`."""
