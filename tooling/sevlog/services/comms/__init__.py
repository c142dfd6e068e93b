"""Composing messages: from the plan, a template and the record's facts to a text, a draft or a preview."""
