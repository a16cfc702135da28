"""Functions and procedures: everything after the name."""

from .names import function

# pg_get_functiondef prints the schema, so the definition is composed from the same columns.
# The settings that are lists of names stand as they are: in quotes they would be one name.
QUERY = f"""
SELECT CASE prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, NULL,
       quote_ident(proname) || '(' || pg_get_function_identity_arguments(pro.oid) || ')',
       '(' || pg_get_function_arguments(pro.oid) || ')'
       || coalesce(' RETURNS ' || pg_get_function_result(pro.oid), '')
       || E'\\nLANGUAGE ' || quote_ident(lanname)
       || coalesce((SELECT ' TRANSFORM ' || string_agg('FOR TYPE ' || type::regtype, ', '
                                                       ORDER BY position)
                    FROM unnest(protrftypes) WITH ORDINALITY AS transformed (type, position)), '')
       || CASE WHEN prokind = 'w' THEN ' WINDOW' ELSE '' END
       || CASE provolatile WHEN 'i' THEN ' IMMUTABLE' WHEN 's' THEN ' STABLE' ELSE '' END
       || CASE WHEN proleakproof THEN ' LEAKPROOF' ELSE '' END
       || CASE WHEN proisstrict THEN ' STRICT' ELSE '' END
       || CASE WHEN prosecdef THEN ' SECURITY DEFINER' ELSE '' END
       || CASE proparallel WHEN 's' THEN ' PARALLEL SAFE' WHEN 'r' THEN ' PARALLEL RESTRICTED'
                           ELSE '' END
       || CASE WHEN procost <> CASE WHEN lanname IN ('internal', 'c') THEN 1 ELSE 100 END
               THEN ' COST ' || procost ELSE '' END
       || CASE WHEN proretset AND prorows <> 1000 THEN ' ROWS ' || prorows ELSE '' END
       || coalesce(' SUPPORT ' || {function("prosupport")}, '')
       || coalesce((
              SELECT string_agg(E'\\nSET ' || quote_ident(split_part(setting, '=', 1)) || ' TO '
                                || CASE WHEN split_part(setting, '=', 1) IN (
                                            'local_preload_libraries', 'search_path',
                                            'session_preload_libraries', 'temp_tablespaces')
                                        THEN value ELSE quote_literal(value) END,
                                '' ORDER BY position)
              FROM unnest(proconfig) WITH ORDINALITY AS settings (setting, position),
                   substr(setting, strpos(setting, '=') + 1) AS value), '')
       || E'\\n' || coalesce(
              pg_get_function_sqlbody(pro.oid),
              'AS ' || coalesce(quote_literal(probin) || ', ' || quote_literal(prosrc),
                                tag || prosrc || tag)),
       obj_description(pro.oid, 'pg_proc')
FROM pg_proc AS pro JOIN pg_language AS lang ON lang.oid = prolang,
     LATERAL (SELECT CASE WHEN strpos(prosrc, '$function$') = 0 THEN '$function$'
                          ELSE '$' || md5(prosrc) || '$' END AS tag) AS quote
WHERE pronamespace = :namespace AND prokind <> 'a'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass
                      AND objid = pro.oid AND deptype IN ('e', 'i'))
"""  # noqa: S608 fixed text
