"""YAML 1.2: a fast reader, a careful reader with lines and columns, and edits that keep comments.

Nothing here knows a record.
"""
