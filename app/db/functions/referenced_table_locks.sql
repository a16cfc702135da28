CREATE OR REPLACE FUNCTION referenced_table_locks(of_table regclass, lock_mode text) RETURNS text[]
LANGUAGE sql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
    -- Everyone takes them in this order.
    SELECT coalesce(array_agg(format('%s IN %s MODE', referenced, lock_mode)
                              ORDER BY referenced::oid), '{}')
    FROM (SELECT DISTINCT confrelid::regclass AS referenced
          FROM pg_constraint
          WHERE conrelid = of_table AND contype = 'f' AND confrelid <> of_table) AS foreign_keys
$function$;

COMMENT ON FUNCTION referenced_table_locks(regclass, text) IS
'The locks, as lock_tables() takes them, on the tables that foreign keys of the given one refer '
'to.';
