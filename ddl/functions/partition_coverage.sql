-- The function partition_coverage().
-- Generated from the models, do not edit: creativeflow-schema reference

CREATE OR REPLACE FUNCTION partition_coverage(of_table regclass) RETURNS tstzmultirange
LANGUAGE plpgsql STABLE
AS $function$
BEGIN
    RETURN coalesce(range_agg(tstzrange(lower_bound, upper_bound)), '{}')
           FROM time_partitions() WHERE parent = of_table;
END
$function$;

COMMENT ON FUNCTION partition_coverage(regclass) IS
'The time for which the table has partitions other than DEFAULT.';
