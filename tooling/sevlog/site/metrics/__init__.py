"""The figures of past incidents as pictures with tables: for `sevlog metrics`, and for a page of the internal site."""
