"""Tables of what goes out and who is called: notifications, communication, on-call, intake."""
