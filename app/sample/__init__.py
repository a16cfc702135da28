"""A believable platform to develop and measure against: rows for an empty database."""
