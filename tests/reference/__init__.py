"""The reference for people: generated, current, and true to the live catalog."""
