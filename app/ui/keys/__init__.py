"""Keys for language models and for steps, and where they are kept."""
