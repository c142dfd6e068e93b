"""What ties incidents to each other: links, merges, and the promises that pass on with a merge."""
