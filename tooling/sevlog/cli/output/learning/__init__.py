"""Tables of what follows an incident: action items, problems, drills, metrics, replay."""
