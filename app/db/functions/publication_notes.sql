CREATE OR REPLACE FUNCTION publication_notes(
    OUT parent regclass, OUT publication name, OUT moves text, OUT new_months text
) RETURNS SETOF record
LANGUAGE plpgsql STABLE
SET search_path TO pg_catalog, pg_temp
AS $function$
DECLARE
    routine oid;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_publication) THEN
        RETURN;
    END IF;
    GET DIAGNOSTICS routine = PG_ROUTINE_OID;
    RETURN QUERY EXECUTE format($query$
        SELECT tables.parent, pubname,
               format('publication %%I %%s, and subscribers would not have them once each: '
                      'ALTER PUBLICATION %%I %%s, and more (docs/dba.md)',
                      pubname, hindrance[1], pubname, hindrance[2]),
               format('publication %%I %%s: make each new month on the subscribers, then here, '
                      'then let them REFRESH PUBLICATION, all before its first row (docs/dba.md)',
                      pubname, CASE WHEN NOT (whole AND pubviaroot) THEN hindrance[1] END)
        FROM %s.time_partitioned_tables() AS tables
             JOIN pg_class AS root ON root.oid = tables.parent
             LEFT JOIN pg_class AS rest ON rest.oid = default_partition
             CROSS JOIN pg_publication AS published
             LEFT JOIN pg_publication_rel ON prpubid = published.oid AND prrelid = root.oid,
             LATERAL (SELECT puballtables OR prrelid IS NOT NULL OR EXISTS (
                          SELECT FROM pg_publication_namespace
                          WHERE pnpubid = published.oid AND pnnspid = root.relnamespace)
                     ) AS with_root (whole),
             LATERAL (SELECT CASE
                      WHEN NOT whole THEN
                          ARRAY['has the DEFAULT partition without the table',
                                'ADD TABLE ' || root.oid::regclass]
                      WHEN NOT pubviaroot THEN
                          ARRAY['does not publish via the root',
                                'SET (publish_via_partition_root = true)']
                      WHEN pubinsert <> pubdelete THEN
                          ARRAY['publishes not both inserts and deletes',
                                'SET (publish = ''insert, update, delete, truncate'')']
                      WHEN prqual IS NOT NULL THEN
                          ARRAY['has a row filter', 'DROP TABLE ' || root.oid::regclass]
                      WHEN prattrs IS NOT NULL THEN
                          ARRAY['has a column list', 'DROP TABLE ' || root.oid::regclass]
                      END) AS stands_in_the_way (hindrance)
        WHERE hindrance IS NOT NULL
              AND (whole OR EXISTS (
                       SELECT FROM pg_publication_rel
                       WHERE prpubid = published.oid AND prrelid = rest.oid)
                   OR EXISTS (
                       SELECT FROM pg_publication_namespace
                       WHERE pnpubid = published.oid AND pnnspid = rest.relnamespace))
        ORDER BY root.relname, pubname
    $query$, (SELECT pronamespace::regnamespace FROM pg_proc WHERE oid = routine));
END
$function$;

COMMENT ON FUNCTION publication_notes() IS
'The publications on account of which rows of a table cannot move out of DEFAULT, with the reason '
'and the way out, and in new_months what subscribers need before there is a new month, NULL if '
'nothing.';
