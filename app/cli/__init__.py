"""What `weft` does without a window."""
