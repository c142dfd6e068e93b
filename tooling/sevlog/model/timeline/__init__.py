"""The timeline: entries, and the fold that makes the state of an incident from them.

Lifecycle, guards, roles and clocks belong to the fold. What the public sees of a state is in `public`.
"""
