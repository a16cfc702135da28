"""The kinds of objects: how one comes, goes and changes. One comparator for each."""
