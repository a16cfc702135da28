"""The online form of each change to a table that exists: what blocks nobody for long.

A step of the comparison becomes one or several pieces, and pieces that must not share a transaction
go to different revisions: indexes are built CONCURRENTLY, constraints are added NOT VALID and
validated later (docs/decisions/060-online-forms.md). Tables that come or go keep the plain form.
"""
