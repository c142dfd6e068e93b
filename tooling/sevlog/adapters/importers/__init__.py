"""Importers: each converts the documents of another status page into a batch of records, without writing anything.

A reader (statuspage/, cstate/) makes a `Source` out of documents; `base.build` makes an `ImportBatch` out of a source;
services/importing/run stores a batch.
"""
