"""The rules of `sevlog check`: each takes a record or a configuration and gives findings. Nothing is read from disk."""
