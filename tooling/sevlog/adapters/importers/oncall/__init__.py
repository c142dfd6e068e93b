"""On-call services: people, teams, schedules and escalation policies, as rows of oncall.yaml."""
