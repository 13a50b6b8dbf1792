"""Runs: starting, stopping, resuming, watching and reading them."""
