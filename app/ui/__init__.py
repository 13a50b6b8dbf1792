"""The window: pages and the canvas."""
