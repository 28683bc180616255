#include <sotto/present/bench_report.hpp>
#include <sotto/present/provenance.hpp>

namespace sotto::present {
using report::Json;

namespace {

Json micros(const measure::Spread& seconds) {
  return Json::object({{"median", 1e6 * seconds.median}, {"p10", 1e6 * seconds.p10}, {"p90", 1e6 * seconds.p90}});
}

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

}  // namespace

Json to_json(const BenchReport& report) {
  Json rows = Json::array();
  for (const measure::TaskSpeed& row : report.speed.tasks) {
    rows.push_back(Json::object({{"row", measure::describe(row.task).name},
                                 {"tier", row.tier->name},
                                 {"micros", micros(row.seconds)},
                                 {"calls_per_sample", row.calls_per_sample},
                                 {"times_as_fast_as_reference", or_null(row.times_as_fast_as_reference)},
                                 {"share_of_floor", or_null(row.share_of_floor)}}));
  }
  Json floors = Json::array();
  for (const measure::FloorSpeed& row : report.speed.floors) {
    floors.push_back(Json::object({{"weights", measure::weight_part_name(row.part)},
                                   {"tier", row.tier->name},
                                   {"bytes", row.bytes},
                                   {"micros", micros(row.seconds)}}));
  }
  return Json::object({{"model", report.model_file.empty() ? Json() : Json(report.model_file)},
                       {"architecture", to_json(report.architecture)},
                       {"head_bits", report.head_bits},
                       {"model_bytes", report.model_bytes},
                       {"stored_state_bytes", report.speed.stored_state_bytes},
                       {"rounds", report.speed.rounds},
                       {"seconds", report.speed.total_seconds},
                       {"interrupted", report.speed.stopped},
                       {"floor_goal", floor_goal},
                       {"rows", rows},
                       {"floors", floors}});
}

Json to_json(const CallChecks& checks) {
  Json rows = Json::array();
  for (const CallCheck& row : checks.rows)
    rows.push_back(Json::object({{"row", row.row}, {"tier", row.tier}, {"check", row.check}}));
  return Json::object({{"calls", checks.calls}, {"rows", rows}});
}

}  // namespace sotto::present
