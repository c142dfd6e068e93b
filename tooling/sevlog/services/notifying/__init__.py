"""Sends what happened to where the routes say, each message once (how a message travels: adapters/delivery)."""
