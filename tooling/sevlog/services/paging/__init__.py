"""Paging the people on call for an incident."""
