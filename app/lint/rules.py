"""Which hazard each of squawk's rules is about; the others are about style or transactions."""

from ..revisions.hazards import Hazard

HAZARDS = {
    "adding-field-with-default": Hazard.TABLE_REWRITTEN,
    "adding-foreign-key-constraint": Hazard.CHECKED_UNDER_LOCK,
    "adding-not-nullable-field": Hazard.NOT_NULL_SET,
    "adding-required-field": Hazard.REQUIRED_COLUMN_ADDED,
    "ban-drop-column": Hazard.COLUMN_DROPPED,
    "ban-drop-constraint": Hazard.RULE_DROPPED,
    "ban-drop-not-null": Hazard.RULE_DROPPED,
    "ban-drop-sequence": Hazard.SEQUENCE_DROPPED,
    "ban-drop-table": Hazard.TABLE_DROPPED,
    "changing-column-type": Hazard.TABLE_REWRITTEN,
    "constraint-missing-not-valid": Hazard.CHECKED_UNDER_LOCK,
    "disallowed-unique-constraint": Hazard.INDEX_BLOCKS,
    "renaming-column": Hazard.COLUMN_RENAMED,
    "renaming-table": Hazard.TABLE_RENAMED,
    "require-concurrent-index-creation": Hazard.INDEX_BLOCKS_WRITERS,
}
