"""What can be done, in one table: its keys, its place in the command palette, and its line in the list of keys."""
