"""Steps that decide what runs."""
