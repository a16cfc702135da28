"""What the snapshot does not read of PostgreSQL's catalog, and why: each relation, each column.

Columns that a function of PostgreSQL reads for the snapshot stand here too, with its name. What a
user may miss of it is told in docs/autogenerate.md, where the comparison is promised.
"""

ELSEWHERE = "belongs to the database or the server, not to a schema"
PRIVILEGES = "owners and privileges are granted by whoever runs the database"
DATA = "data and its statistics"

RELATIONS = {
    "pg_auth_members": PRIVILEGES,
    "pg_authid": PRIVILEGES,
    "pg_database": ELSEWHERE,
    "pg_db_role_setting": ELSEWHERE,
    "pg_default_acl": PRIVILEGES,
    "pg_description": "read by obj_description() and col_description()",
    "pg_event_trigger": ELSEWHERE,
    "pg_foreign_data_wrapper": ELSEWHERE,
    "pg_init_privs": PRIVILEGES,
    "pg_largeobject": DATA,
    "pg_largeobject_metadata": DATA,
    "pg_parameter_acl": PRIVILEGES,
    "pg_publication": ELSEWHERE,
    "pg_publication_namespace": ELSEWHERE,
    "pg_publication_rel": "what is published is said by the publication, which is the database's",
    "pg_replication_origin": ELSEWHERE,
    "pg_seclabel": "labels mean something to their provider alone, and come with it",
    "pg_shdepend": PRIVILEGES,
    "pg_shdescription": ELSEWHERE,
    "pg_shseclabel": ELSEWHERE,
    "pg_statistic": DATA,
    "pg_statistic_ext_data": DATA,
    "pg_subscription": ELSEWHERE,
    "pg_subscription_rel": ELSEWHERE,
    "pg_user_mapping": ELSEWHERE,
}

COLUMNS: dict[str, dict[str, str]] = {
    PRIVILEGES: {
        "pg_attribute": "attacl",
        "pg_class": "relowner relacl",
        "pg_collation": "collowner",
        "pg_conversion": "conowner",
        "pg_extension": "extowner",
        "pg_foreign_server": "srvowner srvacl",
        "pg_language": "lanowner lanacl",
        "pg_namespace": "nspowner nspacl",
        "pg_opclass": "opcowner",
        "pg_operator": "oprowner",
        "pg_opfamily": "opfowner",
        "pg_proc": "proowner proacl",
        "pg_statistic_ext": "stxowner",
        "pg_tablespace": "spcowner spcacl",
        "pg_ts_config": "cfgowner",
        "pg_ts_dict": "dictowner",
        "pg_type": "typowner typacl",
    },
    ELSEWHERE: {
        "pg_am": "amhandler amtype",
        "pg_extension": "extname extrelocatable extversion extconfig extcondition",
        "pg_foreign_server": "srvfdw srvtype srvversion srvoptions",
        "pg_language": "lanispl lanpltrusted lanplcallfoid laninline lanvalidator",
        "pg_tablespace": "spcoptions",
        "pg_collation": "collencoding",
    },
    DATA: {
        "pg_attribute": "atthasmissing attmissingval",
        "pg_class": "relfilenode relpages reltuples relallvisible relallfrozen relrewrite "
        "relfrozenxid relminmxid",
        "pg_collation": "collversion",
    },
    "follows from the type": {"pg_attribute": "attlen attbyval attalign"},
    "PostgreSQL does not enforce it": {"pg_attribute": "attndims", "pg_type": "typndims"},
    "kept to be found faster, and follows from the objects themselves": {
        "pg_amop": "amoppurpose amopmethod",
        "pg_attribute": "attcacheoff atthasdef",
        "pg_class": "reltype relhasindex relisshared relnatts relchecks relhasrules "
        "relhastriggers relhassubclass",
        "pg_constraint": "conpfeqop conppeqop conffeqop",
        "pg_operator": "oprkind oprresult",
    },
    "whether a table that inherits declares it too": {
        "pg_attribute": "attislocal attinhcount",
        "pg_constraint": "conislocal coninhcount",
    },
    "of partitions, which maintenance makes": {
        "pg_class": "relpartbound",
        "pg_inherits": "inhdetachpending",
    },
    "lasts as long as CREATE INDEX CONCURRENTLY": {
        "pg_index": "indcheckxmin indisready indislive",
    },
    "printed by pg_get_constraintdef()": {
        "pg_constraint": "condeferrable condeferred conenforced confrelid confupdtype confdeltype "
        "confmatchtype confkey confdelsetcols conexclop conbin conperiod",
        "pg_index": "indisprimary indisexclusion indimmediate",
    },
    "printed by pg_get_indexdef()": {
        "pg_index": "indnatts indnkeyatts indnullsnotdistinct indkey indcollation indclass "
        "indoption indexprs indpred",
    },
    "printed by pg_get_triggerdef()": {
        "pg_trigger": "tgfoid tgtype tgconstrrelid tgconstrindid tgconstraint tgdeferrable "
        "tginitdeferred tgnargs tgattr tgargs tgqual tgoldtable tgnewtable",
    },
    "printed by pg_get_ruledef() and pg_get_viewdef()": {
        "pg_rewrite": "ev_type is_instead ev_qual ev_action",
    },
    "printed by pg_get_partkeydef()": {
        "pg_partitioned_table": "partstrat partnatts partattrs partclass partcollation partexprs",
    },
    "printed by pg_get_function_arguments() and its like": {
        "pg_aggregate": "aggnumdirectargs",
        "pg_proc": "provariadic pronargs pronargdefaults prorettype proargtypes proallargtypes "
        "proargmodes proargnames proargdefaults prosqlbody",
    },
    "printed by pg_get_statisticsobjdef_columns()": {"pg_statistic_ext": "stxkeys stxexprs"},
    "printed by regoperator": {"pg_operator": "oprleft oprright"},
    "sequences and members of extensions depend as a whole": {"pg_depend": "objsubid"},
}
