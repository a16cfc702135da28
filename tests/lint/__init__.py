"""What squawk makes of revisions."""
