"""The figures of past incidents: facts per record, order statistics, proportions, and the definition of each figure."""
