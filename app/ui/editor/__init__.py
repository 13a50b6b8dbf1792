"""The editor: palette, canvas, and everything about the chosen step."""
