"""Issue trackers in which action items get an issue, one module per vendor. Tokens come only from the environment."""
