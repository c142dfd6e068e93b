"""What git knows of the past and of others: revisions, remotes, signatures, branches that wait."""
