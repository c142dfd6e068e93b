"""How an act is recorded: who acts, whether it is legal, and one commit of exactly its files."""
