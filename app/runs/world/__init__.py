"""What a run may reach: sites, pages, files, keys and models, each behind the gate."""
