"""A step opened over the editor: what it is given, its settings, what it gives."""
