"""What takes space, how long runs are kept, and ways to free some."""
