"""Flows as people work on them: the shelf of all flows, and the ones that are open in windows."""
