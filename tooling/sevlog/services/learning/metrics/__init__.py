"""The figures of past incidents: facts, durations, series over time, and their documents."""
