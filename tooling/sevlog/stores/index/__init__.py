"""The index of incidents beside git's own: disposable, and never believed without its seal."""
