"""Exports of chats: Slack, Teams, Mattermost, Discord and plain text, as messages of one form."""
