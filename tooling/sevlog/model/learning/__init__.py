"""What follows an incident: action items, problems, and what the numbers say."""
