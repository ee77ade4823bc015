"""Where a witness differs from what AWS documents: each row must fail, and is removed when the witness is mended.

No row is for our own engine. `variants` are the test's parameters that differ; none means all of them.
"""

from typing import NamedTuple

CONDITIONS = "Condition and filter expressions, operators, and functions in DynamoDB"
UPDATES = "Using update expressions in DynamoDB"
TYPES = "Supported data types and naming rules in Amazon DynamoDB"
KEY_CONDITIONS = "Key condition expressions for the Query operation in DynamoDB"
INDEXES = "Using Global Secondary Indexes in DynamoDB"
LATER_INDEXES = "Managing Global Secondary Indexes in DynamoDB"
VIOLATIONS = "Detecting and correcting index key violations in DynamoDB"
PAGES = "Paginating table query results in DynamoDB"
QUOTAS = "Quotas in Amazon DynamoDB"
PLACEHOLDERS = "Using expression attribute values in DynamoDB"
PROJECTIONS = "Using projection expressions in DynamoDB"


class Difference(NamedTuple):
    engine: str
    test: str
    why: str
    source: str
    """The AWS documentation page that says otherwise."""
    variants: tuple[str, ...] = ()


TABLE = (
    # Conditions
    Difference("moto", "test_comparators_compare_values_of_one_kind", "crashes on two kinds", CONDITIONS,
               ("n > :text-False",)),
    Difference("moto", "test_what_is_absent_equals_nothing_and_is_before_nothing", "crashes on size of nothing", CONDITIONS,
               ("size(absent) < :n-False",)),
    Difference("ministack", "test_begins_with_takes_a_prefix_of_the_same_kind", "mixes text and binary", CONDITIONS,
               ("he-False",)),
    Difference("moto", "test_contains_means_substring_or_member", "knows no part of a binary", "API Reference, Condition",
               ("abc-b-True",)),
    Difference("ministack", "test_contains_means_substring_or_member", "knows no part of a binary", "API Reference, Condition",
               ("abc-b-True",)),
    Difference("moto", "test_not_binds_tighter_than_and_and_and_than_or", "can't read NOT NOT", CONDITIONS,
               ("NOT NOT yes = :t OR yes = :f-True",)),
    Difference("moto", "test_a_condition_that_can_not_be_read_is_refused", "reads on, or crashes", CONDITIONS,
               ("v =", "= :v", "v == :v", "v = :v AND", "(v = :v", "v = :v)", "v ~ :v", "attribute_exists(:v)",
                "attribute_exists(v, :v)", "v", "v BETWEEN :v", "v IN ()", "v = :v v = :v", "contains(v)", "")),
    Difference("ministack", "test_a_condition_that_can_not_be_read_is_refused", "skips a strange character", CONDITIONS,
               ("v ~ :v",)),
    Difference("moto", "test_in_takes_at_most_100_values", "isn't checked", QUOTAS),
    Difference("ministack", "test_in_takes_at_most_100_values", "isn't checked", QUOTAS),
    Difference("moto", "test_a_reserved_word_needs_a_placeholder", "crashes on a keyword of its own",
               "Reserved words in DynamoDB", ("AND",)),
    Difference("moto", "test_an_attribute_type_that_does_not_exist_is_refused", "isn't checked", CONDITIONS),
    Difference("ministack", "test_an_attribute_type_that_does_not_exist_is_refused", "isn't checked", CONDITIONS),
    Difference("moto", "test_begins_with_a_number_is_refused", "isn't checked", CONDITIONS),
    Difference("moto", "test_between_with_bounds_the_wrong_way_round_is_refused", "isn't checked", CONDITIONS),
    Difference("moto", "test_an_attribute_compared_with_itself_is_refused", "isn't checked", CONDITIONS),
    Difference("ministack", "test_an_attribute_compared_with_itself_is_refused", "isn't checked", CONDITIONS),
    Difference("moto", "test_ordering_by_a_kind_without_order_is_refused", "isn't checked", CONDITIONS),
    Difference("ministack", "test_ordering_by_a_kind_without_order_is_refused", "isn't checked", CONDITIONS),
    Difference("moto", "test_an_undefined_value_is_refused", "crashes", PLACEHOLDERS),
    Difference("moto", "test_an_undefined_name_is_refused", "isn't checked", PLACEHOLDERS),
    Difference("moto", "test_placeholders_without_an_expression_are_refused", "isn't checked", PLACEHOLDERS),
    # Updates
    Difference("moto", "test_an_update_without_expression_makes_the_bare_key", "crashes", "API Reference, UpdateItem"),
    Difference("moto", "test_setting_beyond_the_end_of_a_list_appends", "appends as written, not by index", UPDATES),
    Difference("ministack", "test_setting_beyond_the_end_of_a_list_appends", "appends as written, not by index", UPDATES),
    Difference("moto", "test_setting_below_what_is_not_there_is_refused", "sets on a number", UPDATES),
    Difference("ministack", "test_adding_to_what_is_no_number_is_refused", "adds text", UPDATES),
    Difference("ministack", "test_remove_takes_list_elements_by_their_old_places", "places shift as it removes", UPDATES),
    Difference("moto", "test_set_and_remove_mean_the_list_as_it_was", "removes before it sets", UPDATES),
    Difference("moto", "test_set_copies_a_nested_part", "the copy changes with the original", UPDATES),
    Difference("moto", "test_an_update_has_at_most_300_operators_and_functions", "crashes on many", QUOTAS),
    Difference("ministack", "test_an_update_has_at_most_300_operators_and_functions", "isn't checked", QUOTAS),
    Difference("ministack", "test_overlapping_paths_are_refused", "isn't checked", UPDATES,
               ("SET a = :x REMOVE a", "SET a.b = :x, a[0] = :x", "SET a = :x, a = :x", "REMOVE a[0], a")),
    Difference("ministack", "test_an_update_that_can_not_be_read_is_refused", "reads on", UPDATES,
               ("SET", "SET a", "SET a =", "SET a = :x SET b = :x", "SET a = :x,", "SET a = :x :x", "ADD a",
                "SET a = if_not_exists(:x, :x)")),
    # Keys and values
    Difference("moto", "test_a_number_has_one_spelling", "keeps the spelling", TYPES),
    Difference("moto", "test_a_number_of_39_digits_is_refused", "isn't checked", TYPES),
    Difference("moto", "test_what_is_no_number_is_refused", "isn't checked", TYPES, ("1E126", "-1E126", "1_000")),
    Difference("moto", "test_a_set_with_duplicates_is_refused", "isn't checked", TYPES),
    Difference("moto", "test_two_spellings_of_a_number_are_duplicates_in_a_set", "isn't checked", TYPES),
    Difference("moto", "test_an_unknown_kind_of_value_is_refused", "isn't checked", "API Reference, AttributeValue"),
    Difference("moto", "test_an_empty_binary_key_is_refused", "isn't checked", TYPES),
    Difference("moto", "test_an_item_has_at_most_400_kb", "counts otherwise", QUOTAS),
    Difference("moto", "test_values_nest_32_levels_deep_and_no_deeper", "isn't checked", QUOTAS),
    Difference("moto", "test_a_projection_returns_nested_parts_in_their_place", "takes #a[0] for unused", PROJECTIONS),
    Difference("moto", "test_a_projection_of_overlapping_paths_is_refused", "isn't checked", PROJECTIONS),
    # Queries and indexes
    Difference("moto", "test_a_key_condition_picks_a_range", "can't read begins_with first", KEY_CONDITIONS,
               ("begins_with(sk, :b)-expected6",)),
    Difference("moto", "test_a_key_condition_is_one_partition_and_one_range", "reads on", KEY_CONDITIONS,
               ("pk = :v OR pk = :w", "pk = :v AND NOT sk = :w", "pk = :v AND sk <> :w", "pk = :v AND sk IN (:w)",
                "pk = :v AND sk > :w AND sk < :x", "pk = :v AND pk = :w")),
    Difference("ministack", "test_a_key_condition_is_one_partition_and_one_range", "reads on", KEY_CONDITIONS,
               ("pk = :v OR pk = :w", "pk = :v AND NOT sk = :w", "pk = :v AND sk <> :w", "pk = :v AND contains(sk, :w)")),
    Difference("moto", "test_a_key_condition_of_another_type_is_refused", "isn't checked", KEY_CONDITIONS),
    Difference("moto", "test_a_filter_on_a_key_is_refused", "isn't checked",
               "Filter expressions for the Query operation in DynamoDB"),
    Difference("ministack", "test_a_filter_on_a_key_is_refused", "isn't checked",
               "Filter expressions for the Query operation in DynamoDB"),
    Difference("moto", "test_limit_is_at_least_one", "isn't checked", "API Reference, Query"),
    Difference("moto", "test_a_page_that_ends_with_the_last_item_still_names_it", "knows that there is no more", PAGES),
    Difference("moto", "test_a_page_along_an_index_ends_with_both_keys", "knows that there is no more", PAGES),
    Difference("moto", "test_a_start_key_of_elsewhere_is_refused", "isn't checked", PAGES),
    Difference("ministack", "test_a_start_key_of_elsewhere_is_refused", "isn't checked", PAGES, ("key2",)),
    Difference("moto", "test_an_index_can_not_tell_what_it_does_not_project", "isn't checked", INDEXES),
    Difference("ministack", "test_an_index_can_not_tell_what_it_does_not_project", "isn't checked", INDEXES),
    Difference("moto", "test_an_index_key_of_another_type_is_refused", "isn't checked on update", INDEXES),
    Difference("moto", "test_an_index_that_does_not_exist_is_refused", "is refused by another code", "API Reference, Query"),
    # Indexes made later
    Difference("moto", "test_an_index_made_later_leaves_out_what_can_not_be_its_key", "takes whatever stands there", VIOLATIONS),
    Difference("ministack", "test_an_index_made_later_leaves_out_what_can_not_be_its_key", "takes whatever stands there",
               VIOLATIONS),
    Difference("moto", "test_an_index_made_later_takes_keys_of_the_right_length_only", "isn't checked", VIOLATIONS, ("0", "1025")),
    Difference("ministack", "test_an_index_made_later_takes_keys_of_the_right_length_only", "isn't checked", VIOLATIONS,
               ("0", "1025")),
    Difference("moto", "test_what_can_not_be_a_later_indexs_key_is_written_no_more", "isn't checked on update", VIOLATIONS),
    Difference("moto", "test_an_index_made_later_is_described_with_its_attributes", "forgets the others' definitions",
               "API Reference, UpdateTable"),
    Difference("moto", "test_a_dropped_index_is_gone_and_the_others_stay", "keeps what no key uses any more", LATER_INDEXES),
    Difference("moto", "test_one_request_makes_or_drops_one_index", "isn't checked", "API Reference, UpdateTable"),
    Difference("ministack", "test_one_request_makes_or_drops_one_index", "isn't checked", "API Reference, UpdateTable"),
    Difference("moto", "test_a_change_of_indexes_that_makes_no_sense_is_refused", "isn't checked, or crashes",
               "API Reference, UpdateTable"),
    Difference("ministack", "test_a_change_of_indexes_that_makes_no_sense_is_refused", "isn't checked", "API Reference, UpdateTable",
               ("an empty list", "no action", "one key twice", "projection", "including nothing", "a key that is no scalar")),
    # Batches, transactions, tables
    Difference("ministack", "test_a_batch_tells_at_most_16_mb_and_names_the_rest", "tells all", "API Reference, BatchGetItem"),
    Difference("moto", "test_a_batch_that_writes_one_item_twice_is_refused", "isn't checked", "API Reference, BatchWriteItem"),
    Difference("moto", "test_a_batch_writes_at_most_25_items", "is refused by another code", "API Reference, BatchWriteItem"),
    Difference("moto", "test_a_batch_with_a_wrong_key_is_refused_as_a_whole", "crashes", "API Reference, BatchWriteItem"),
    Difference("moto", "test_an_empty_batch_is_refused", "isn't checked", "API Reference, BatchWriteItem"),
    Difference("moto", "test_an_empty_transaction_is_refused", "isn't checked", "API Reference, TransactWriteItems"),
    Difference("moto", "test_a_transaction_that_can_not_be_read_is_refused", "cancels instead",
               "API Reference, TransactWriteItems"),
    Difference("ministack", "test_a_transaction_that_can_not_be_read_is_refused", "reads on",
               "API Reference, TransactWriteItems"),
    Difference("moto", "test_what_can_not_be_applied_cancels_with_a_validation_error", "refuses instead",
               "API Reference, TransactWriteItems"),
    Difference("ministack", "test_what_can_not_be_applied_cancels_with_a_validation_error", "adds to text",
               "API Reference, TransactWriteItems"),
    Difference("moto", "test_a_transaction_sent_again_is_done_once", "ignores the token", "API Reference, TransactWriteItems"),
    Difference("moto", "test_a_transaction_sent_again_succeeds_though_its_condition_no_longer_holds", "ignores the token",
               "API Reference, TransactWriteItems"),
    Difference("moto", "test_another_transaction_with_the_same_token_is_refused", "ignores the token",
               "API Reference, TransactWriteItems"),
    Difference("moto", "test_reading_in_a_transaction_keeps_places", "ignores the projection", "API Reference, TransactGetItems"),
    Difference("moto", "test_reading_in_a_transaction_has_at_most_100_items", "allows 25", "API Reference, TransactGetItems"),
    Difference("moto", "test_a_table_that_makes_no_sense_is_refused", "isn't checked", "API Reference, CreateTable",
               ("_with_wrong_type", "_without_hash_key", "_with_unknown_projection", "_with_doubled_index")),
    Difference("moto", "test_time_to_live_is_switched_on_and_told", "may be switched on twice",
               "API Reference, UpdateTimeToLive"),
    Difference("ministack", "test_time_to_live_is_switched_on_and_told", "may be switched on twice",
               "API Reference, UpdateTimeToLive"),
)  # fmt: skip


def difference(engine: str, test: str, variant: str) -> str | None:
    """Why this engine fails this test, if it's known to."""
    for row in TABLE:
        if (row.engine, row.test) == (engine, test) and (not row.variants or variant in row.variants):
            return f"{row.why}; but see {row.source}"
    return None
