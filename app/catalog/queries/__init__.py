"""The catalog queries of the snapshot, one module for each kind of object.

Of what few databases have, a module says in which catalogs it would be: their KEYS.
"""
