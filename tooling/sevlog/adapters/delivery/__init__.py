"""Carriers for messages, one module per protocol. Addresses come only from the environment."""
