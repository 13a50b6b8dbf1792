"""Plans and runs flows. Knows no window, no database and no concrete node."""
