"""The versions of a flow: keep one, compare any two, go back."""
