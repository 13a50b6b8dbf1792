"""A value of a run, large or small, as a table, a tree, text, pictures or its shape."""
