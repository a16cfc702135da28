"""The reference for people, generated from the models: ``ddl/``, the data dictionary, diagrams.

``creativeflow-schema reference`` writes what is stale; with ``--check`` it names it.
No database is needed for either.
"""
