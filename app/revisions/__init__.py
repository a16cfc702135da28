"""What a revision is written with: its number, and the frozen operations of our own."""
