"""sevlog.yaml as typed data, section by section. The rules about its values are in `rules`."""
