CREATE OR REPLACE FUNCTION all_time_partitioned_tables(
    OUT parent regclass, OUT partition_key name, OUT default_partition regclass,
    OUT own boolean, OUT skipped text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
SET plan_cache_mode TO 'force_generic_plan'
AS $function$
DECLARE
    routine oid;
BEGIN
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    RETURN QUERY
    WITH self AS (
        SELECT pronamespace, pg_roles.oid AS owner, rolsuper OR rolbypassrls AS sees_all_rows
        FROM pg_proc JOIN pg_roles ON pg_roles.oid = proowner WHERE pg_proc.oid = routine
    ), code AS (
        SELECT pg_proc.oid, format('runs %s, which belongs to %s', pg_proc.oid::regprocedure,
                                   proowner::regrole) AS whose
        FROM self CROSS JOIN pg_proc JOIN pg_roles ON pg_roles.oid = proowner
        WHERE proowner <> owner AND NOT rolsuper
    ), use AS (
        SELECT classid, objid, whose
        FROM code JOIN pg_depend ON refclassid = 'pg_proc'::regclass AND refobjid = code.oid
        UNION ALL
        SELECT classid, objid, whose
        FROM code JOIN pg_operator AS operator ON oprcode = code.oid
             JOIN pg_depend ON refclassid = 'pg_operator'::regclass AND refobjid = operator.oid
    ), foreign_code AS (
        SELECT pg_partition_root(CASE classid
               WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger WHERE oid = objid)
               WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy WHERE oid = objid)
               WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class FROM pg_rewrite WHERE oid = objid)
               WHEN 'pg_attrdef'::regclass THEN (SELECT adrelid FROM pg_attrdef WHERE oid = objid)
               WHEN 'pg_constraint'::regclass THEN
                   (SELECT conrelid FROM pg_constraint WHERE oid = objid)
               WHEN 'pg_class'::regclass THEN
                   (SELECT indrelid FROM pg_index WHERE indexrelid = objid)
               END) AS root, min(pg_describe_object(classid, objid, 0) || ' ' || whose) AS reason
        FROM use GROUP BY 1
    )
    SELECT root.oid::regclass, attname, rest.oid::regclass, root.relowner = owner,
           CASE
           WHEN root.relowner <> owner THEN
               format('it belongs to %s, not to %s', root.relowner::regrole, owner::regrole)
           WHEN rest.relowner <> owner THEN
               format('its DEFAULT partition belongs to %s, not to %s',
                      rest.relowner::regrole, owner::regrole)
           WHEN NOT sees_all_rows
                AND (root.relrowsecurity AND root.relforcerowsecurity
                     OR rest.relrowsecurity AND rest.relforcerowsecurity) THEN
               format('row level security is forced on %s too', owner::regrole)
           ELSE reason
           END
    FROM self JOIN pg_class AS root ON root.relnamespace = pronamespace
         JOIN pg_partitioned_table ON partrelid = root.oid
         JOIN pg_attribute ON attrelid = root.oid AND attnum = partattrs[0]
         LEFT JOIN pg_class AS rest ON rest.oid = partdefid
         LEFT JOIN foreign_code ON foreign_code.root = root.oid
    WHERE NOT root.relispartition
          AND partstrat = 'r'
          AND partnatts = 1
          AND atttypid = 'timestamptz'::regtype
    ORDER BY root.relname;
END
$function$;

COMMENT ON FUNCTION all_time_partitioned_tables() IS
'The tables beside this function that are partitioned by range of one timestamptz column, with '
'their DEFAULT partition, NULL where that is missing, and whether they belong to the owner of the '
'routines. Those run nobody else''s code: where skipped says why, they leave the table alone.';
