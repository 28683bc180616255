#include <sotto/present/check_report.hpp>
#include <sotto/present/provenance.hpp>

namespace sotto::present {
using report::Json;

namespace {

Json to_json(const data::Quantiles& q) {
  return Json::object({{"mean", q.mean},
                       {"min", q.min},
                       {"p10", q.p10},
                       {"p25", q.p25},
                       {"median", q.median},
                       {"p75", q.p75},
                       {"p90", q.p90},
                       {"p99", q.p99},
                       {"max", q.max}});
}

Json filters_to_json(const data::FilterReport& filtered) {
  Json steps = Json::array();
  for (const data::FilterStep& step : filtered.steps) {
    steps.push_back(
        Json::object({{"filter", step.name}, {"events", step.events}, {"users", step.users}, {"items", step.items}}));
  }
  return steps;
}

Json users_to_json(const data::Quality& quality) {
  const data::UserFigures& user = quality.user;
  Json outliers = Json::array();
  for (const data::OutlyingUser& outlier : user.outliers) {
    outliers.push_back(Json::object({{"id", outlier.id},
                                     {"events", outlier.events},
                                     {"events_per_day", outlier.events_per_day},
                                     {"score", outlier.score}}));
  }
  return Json::object({{"users", quality.users},
                       {"cold", user.cold_users},
                       {"events_per_user", to_json(user.history_length)},
                       {"users_by_events_doubling", Json::array_of(user.length_histogram)},
                       {"repeat_rate", user.repeat_rate},
                       {"tie_share", user.tie_share},
                       {"outlying", user.outlying_users},
                       {"events_of_outlying", user.events_of_outlying_users},
                       {"most_outlying", outliers}});
}

Json items_to_json(const CheckReport& report) {
  const data::ItemFigures& item = report.quality.item;
  Json items = Json::object({{"items", report.quality.items},
                             {"cold", item.cold_items},
                             {"gini", item.gini},
                             {"top_1_percent", item.top_1_percent},
                             {"top_10_percent", item.top_10_percent}});
  if (report.coverage) {
    items.set("items_file", Json::object({{"items", report.coverage->file_items},
                                          {"of_the_log", report.coverage->described_items},
                                          {"titles", report.coverage->titles},
                                          {"categories", report.coverage->categories},
                                          {"prices", report.coverage->prices},
                                          {"rounded_ids", report.coverage->rounded_ids.count}}));
  }
  return items;
}

Json time_to_json(const data::Quality& quality) {
  const data::DriftFigures& drift = quality.drift;
  Json periods = Json::array();
  for (const data::PeriodFigures& period : drift.periods) {
    periods.push_back(Json::object(
        {{"begin", period.begin}, {"events", period.events}, {"events_on_new_items", period.events_on_new_items}}));
  }
  return Json::object({{"first_timestamp", quality.first_timestamp},
                       {"last_timestamp", quality.last_timestamp},
                       {"period", data::period_name(drift.period)},
                       {"periods", periods},
                       {"new_item_share", drift.new_item_share},
                       {"popularity_distance", drift.popularity_distance}});
}

}  // namespace

Json to_json(const data::ReadReport& read) {
  Json refused = Json::object();
  for (const data::RefusedRows& rows : read.refused) {
    refused.set(data::row_rule_name(rows.rule), Json::object({{"rows", rows.rows}, {"first", rows.first}}));
  }
  Json files = Json::array();
  for (const data::FileReading& file : read.files) {
    files.push_back(
        Json::object({{"name", file.name},
                      {"format", data::table_format_name(file.table.format)},
                      {"delimiter", file.table.delimiter.is_run_of_spaces() ? "space" : file.table.delimiter.text()},
                      {"header", file.table.has_header},
                      {"utf16", file.table.is_utf16},
                      {"columns", Json::array_of(file.columns)},
                      {"dates", file.times.dates},
                      {"numbers", file.times.numbers},
                      {"unit", data::time_unit_name(file.times.unit)},
                      {"numbers_in_other_units", file.times.numbers_in_other_units}}));
  }
  return Json::object({{"files", files},
                       {"read", read.rows},
                       {"refused", read.rows_refused},
                       {"refused_by_rule", refused},
                       {"without_weight", read.rows_without_weight},
                       {"rated_low", read.rows_rated_low},
                       {"backwards_in_time", read.events_backwards},
                       {"users_backwards_in_time", read.users_backwards},
                       {"newest_first", read.newest_first},
                       {"missing_ids", read.missing_ids},
                       {"rounded_ids", read.rounded_ids.count}});
}

Json to_json(const CheckReport& report) {
  Json problems = Json::array();
  for (const data::Problem problem : report.problems) {
    problems.push_back(
        Json::object({{"problem", data::problem_name(problem)}, {"sentence", in_words(problem, report)}}));
  }
  return Json::object({{"log", to_json(report.log)},
                       {"rows", to_json(report.read)},
                       {"filters", filters_to_json(report.filtered)},
                       {"duplicates", report.quality.duplicates},
                       {"users", users_to_json(report.quality)},
                       {"items", items_to_json(report)},
                       {"time", time_to_json(report.quality)},
                       {"problems", problems},
                       {"seconds", report.seconds}});
}

}  // namespace sotto::present
