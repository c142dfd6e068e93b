"""The pages for colleagues: board, whole records, action items, problems, figures, people on call, handbook."""
