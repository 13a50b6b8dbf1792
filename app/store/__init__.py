"""Everything that lasts: flows, runs and their journal, settings, files. One SQLite database, one folder."""
