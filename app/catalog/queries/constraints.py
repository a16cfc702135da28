"""Constraints of tables: definition with deferrability and validity."""

# NOT NULL is a property of the column, also where PostgreSQL 18 lists it as a constraint (type n);
# constraint triggers (type t) are triggers.
QUERY = """
SELECT CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique constraint'
                    WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check constraint'
                    ELSE 'exclusion constraint' END,
       relname, conname, pg_get_constraintdef(con.oid),
       obj_description(con.oid, 'pg_constraint')
FROM pg_constraint AS con JOIN pg_class AS relation ON relation.oid = conrelid
WHERE conrelid = ANY (CAST(:relations AS oid[])) AND conparentid = 0
      AND contype IN ('p', 'u', 'f', 'c', 'x')
"""
