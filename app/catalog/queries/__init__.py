"""The catalog queries of the snapshot, one module for each kind of object."""
