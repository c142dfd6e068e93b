"""One module per command or group of commands: parse the options, call a service, print the result."""
