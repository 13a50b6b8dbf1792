"""Keys and passwords: sealed on the disk, opened only at use, masked everywhere afterwards."""
