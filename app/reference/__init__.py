"""The reference for people, generated from the models: ``ddl/``, the data dictionary, diagrams.

``python -m app.reference`` writes what is stale; ``python -m app.reference --check`` names it.
No database is needed for either.
"""
