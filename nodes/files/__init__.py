"""Steps that read and write files."""
