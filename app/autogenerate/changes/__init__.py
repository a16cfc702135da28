"""What is to be done to make the database as the models are, in an order that works."""
