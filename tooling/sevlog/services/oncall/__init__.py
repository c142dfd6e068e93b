"""On-call questions and acts: who is on call, overrides, swaps, calendars."""
