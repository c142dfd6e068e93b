"""Receives deliveries over HTTP: who may send, the web application, and the server. It records nothing."""
