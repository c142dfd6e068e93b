"""After an incident: postmortems, action items, problems."""
