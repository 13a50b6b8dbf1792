"""Steps that change data."""
