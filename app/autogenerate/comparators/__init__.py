"""One comparator per kind of object; ``app.autogenerate`` lists and registers them."""
