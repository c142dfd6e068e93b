"""Carriers: how a message reaches people. One module for each way; addresses come from the environment alone."""
