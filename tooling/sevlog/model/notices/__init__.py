"""Who hears of an event besides the routes: the channels and groups of the plan, and people with a part in it."""
