"""Find in a flow, over its canvas."""
