"""Vendors of pagers, chats, text messages and social networks, one module per API.

Each takes an address `VENDOR+https://…`: the vendor's own, with the vendor in front. All use one HTTP client, and say
what apprise cannot: the vendor's id, its error, how long to wait, which thread a message belongs to.
"""
