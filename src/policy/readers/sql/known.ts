/**
 * Functions that only compute from what they are given, under their plain names or in pg_catalog: whatever else is called may do
 * anything. Reviewed against pg_proc: none is volatile, reads a file or a table, runs a text or waits.
 */
export const computing = new Set(
  `abs age array_agg array_append array_cat array_length array_position array_prepend array_remove array_to_string avg bool_and
bool_or btrim cardinality ceil ceiling char_length character_length chr coalesce concat concat_ws corr count cume_dist date_bin
date_part date_trunc dense_rank div every exp extract first_value floor format greatest initcap isfinite json_agg json_array_length
json_build_array json_build_object json_object_agg jsonb_agg jsonb_array_length jsonb_build_array jsonb_build_object
jsonb_extract_path jsonb_extract_path_text jsonb_object_agg jsonb_typeof json_typeof justify_days justify_hours justify_interval
lag last_value lead least left length ln log log10 lower lpad ltrim make_date make_interval make_timestamp max md5 min mod mode now nth_value
ntile nullif octet_length overlay percent_rank percentile_cont percentile_disc position power quote_literal rank regexp_count
regexp_like regexp_match regexp_replace regexp_substr regr_count regr_r2 regr_slope replace reverse right round row_number rpad rtrim
scale sign split_part sqrt starts_with statement_timestamp stddev stddev_pop stddev_samp strpos string_agg string_to_array substr substring sum
timezone to_char to_date to_number to_timestamp transaction_timestamp translate trim trunc unnest upper var_pop var_samp variance width_bucket`.split(
    /\s+/,
  ),
)

/** Operators of the built-in types. Another name, or one with a schema, is one that somebody made. */
export const operators = new Set(
  `= <> != < <= > >= + - * / % ^ || ~~ !~~ ~~* !~~* ~ ~* !~ !~* & | # << >> -> ->> #> #>> @> <@ ? ?| ?& && BETWEEN NOT_BETWEEN`.split(
    /\s+/,
  ),
)

/** Types whose input function only reads its text; the parser writes the schema where SQL names the type by a word of its own. */
export const types = new Set(
  `bool boolean bpchar bytea char date float4 float8 inet cidr int2 int4 int8 interval json jsonb numeric text time timestamp
timestamptz timetz uuid varchar bit varbit integer bigint smallint`.split(/\s+/),
)
