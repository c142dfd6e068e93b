"""Messages of a chat as proposals for the timeline: who wrote them, and what kind of entry they may be."""
