"""The CreativeFlow AI database schema."""
