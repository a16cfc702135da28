"""The CreativeFlow AI database schema."""

# By which env.py tells this package, whatever it is called, from another one of the same name.
DISTRIBUTION = "creativeflow-postgresql-schema"
