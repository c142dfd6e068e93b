"""The same where acts go through pull requests: branches, requests at the forge, and what has landed."""
