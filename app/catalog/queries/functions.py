"""Functions, procedures and aggregates: everything after the name."""

# pg_get_functiondef prints the schema, so the definition is composed from the same columns.
QUERY = """
SELECT CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
       NULL,
       quote_ident(proname) || '(' || pg_get_function_identity_arguments(pro.oid) || ')',
       CASE WHEN prokind = 'a' THEN concat_ws(', ',
                '(SFUNC = ' || aggtransfn::regproc, 'STYPE = ' || aggtranstype::regtype,
                'SSPACE = ' || nullif(aggtransspace, 0),
                'FINALFUNC = ' || nullif(aggfinalfn, 0)::regproc,
                'COMBINEFUNC = ' || nullif(aggcombinefn, 0)::regproc,
                'INITCOND = ' || quote_literal(agginitval),
                'PARALLEL = ' || CASE proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED'
                                                  ELSE 'UNSAFE' END) || ')'
       ELSE '(' || pg_get_function_arguments(pro.oid) || ')'
       || coalesce(' RETURNS ' || pg_get_function_result(pro.oid), '')
       || E'\nLANGUAGE ' || quote_ident(lanname)
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
       || coalesce(' SUPPORT ' || nullif(prosupport, 0)::regproc, '')
       || coalesce((
              SELECT string_agg(E'\nSET ' || quote_ident(split_part(setting, '=', 1)) || ' TO '
                                || CASE WHEN setting ~ '^(search_path|temp_tablespaces)='
                                        THEN value ELSE quote_literal(value) END,
                                '' ORDER BY position)
              FROM unnest(proconfig) WITH ORDINALITY AS settings (setting, position),
                   substr(setting, strpos(setting, '=') + 1) AS value), '')
       || E'\n' || coalesce(
              pg_get_function_sqlbody(pro.oid),
              'AS ' || coalesce(quote_literal(probin) || ', ' || quote_literal(prosrc),
                                tag || prosrc || tag))
       END,
       obj_description(pro.oid, 'pg_proc')
FROM pg_proc AS pro JOIN pg_language AS lang ON lang.oid = prolang
     LEFT JOIN pg_aggregate ON aggfnoid = pro.oid,
     LATERAL (SELECT CASE WHEN strpos(prosrc, '$function$') = 0 THEN '$function$'
                          ELSE '$' || md5(prosrc) || '$' END AS tag) AS quote
WHERE pronamespace = :namespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass
                      AND objid = pro.oid AND deptype IN ('e', 'i'))
"""
