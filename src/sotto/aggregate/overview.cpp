// What the operators see, as JSON.
#include <sotto/aggregate/helper.hpp>
#include <sotto/aggregate/leader.hpp>

#include <sotto/aggregate/trend_state_bytes.hpp>
#include <sotto/base/base64url.hpp>
#include <sotto/privacy/accountant.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sotto::aggregate {
namespace {

constexpr std::size_t shown_batches = 50;
constexpr std::size_t shown_releases = 50;
constexpr double delta = 1e-6;
constexpr std::int64_t window_seconds = std::int64_t{28} * 86'400;

const char* state_name(store::BatchState state) {
  switch (state) {
    case store::BatchState::open: return "open";
    case store::BatchState::closing: return "closing";
    case store::BatchState::released: return "released";
    case store::BatchState::given_up: return "given_up";
  }
  return "unknown";
}

nlohmann::json batches_part(const std::vector<store::StoredBatch>& batches) {
  nlohmann::json part = nlohmann::json::array();
  for (const store::StoredBatch& batch : batches) {
    part.push_back({{"id", to_base64url(batch.id)},
                    {"state", state_name(batch.state)},
                    {"reports", batch.reports},
                    {"opened", batch.opened},
                    {"closed", batch.closed},
                    {"reason", batch.reason}});
  }
  return part;
}

nlohmann::json refused_part(const std::vector<store::RefusalCount>& refusals) {
  nlohmann::json part = nlohmann::json::object();
  for (const store::RefusalCount& refusal : refusals) part[refusal.reason] = refusal.reports;
  return part;
}

nlohmann::json releases_part(const std::vector<store::Release>& releases) {
  nlohmann::json part = nlohmann::json::array();
  for (const store::Release& release : releases) {
    nlohmann::json entry = nlohmann::json::parse(release.figures, nullptr, false);
    if (!entry.is_object()) entry = nlohmann::json::object();
    entry["version"] = release.version;
    entry["reports"] = release.reports;
    entry["at"] = release.at;
    part.push_back(std::move(entry));
  }
  return part;
}

// How many reports of one device all releases together can have: one in a batch, and k in 28 days. Releases that are
// not shown are counted by the version, which also counts rollbacks.
std::uint64_t reports_of_one_device(const std::vector<store::Release>& releases, std::uint32_t reports_per_28_days) {
  if (releases.empty()) return 0;
  if (releases.size() == shown_releases) return releases.front().version;
  const auto batches =
      static_cast<std::uint64_t>(std::ranges::count_if(releases, [](const auto& one) { return one.reports > 0; }));
  const std::int64_t span = std::max<std::int64_t>(releases.front().at - releases.back().at, 0);
  return std::min(batches, reports_per_28_days * static_cast<std::uint64_t>(1 + span / window_seconds));
}

// What the releases cost a device at most, by the proven bound. Null where there is no noise.
nlohmann::json privacy_part(double noise, std::uint32_t reports_per_28_days, std::uint64_t reports_so_far) {
  if (noise <= 0) return nullptr;
  const auto epsilon = [noise](std::uint64_t reports) {
    return reports == 0 ? 0.0 : privacy::gaussian_epsilon_by_renyi(noise, static_cast<double>(reports), delta);
  };
  return {{"delta", delta},
          {"epsilon_in_28_days", epsilon(reports_per_28_days)},
          {"reports_so_far", reports_so_far},
          {"epsilon_so_far", epsilon(reports_so_far)}};
}

}  // namespace

Result<std::string> Leader::overview() {
  const LeaderTaskPointer task = current();
  nlohmann::json document = {{"role", "leader"},
                             {"task", nullptr},
                             {"waiting", 0},
                             {"privacy", nullptr},
                             {"batches", nlohmann::json::array()},
                             {"refused", nlohmann::json::object()}};
  auto releases = store_.releases(shown_releases);
  if (!releases) return std::move(releases).error();
  document["releases"] = releases_part(*releases);
  if (!releases->empty() && !releases->front().histogram.empty()) {
    document["histogram"] = decode_histogram(releases->front().histogram);
  }
  if (task) {
    const store::Id32& id = task->task.id.bytes;
    auto waiting = store_.waiting(id);
    if (!waiting) return std::move(waiting).error();
    auto batches = store_.batches(id, shown_batches);
    if (!batches) return std::move(batches).error();
    auto refusals = store_.refusals(id);
    if (!refusals) return std::move(refusals).error();
    document["task"] = {{"id", to_base64url(id)},
                        {"model", task->model.name},
                        {"min_batch", task->task.parameters.min_batch_size},
                        {"noise", static_cast<double>(task->task.noise_thousandths) / 1000},
                        {"reports_per_28_days", options_.reports_per_28_days},
                        {"expires", task->task.expires},
                        {"helper", task->task.parameters.helper_aggregator_endpoint},
                        {"single_operator", options_.is_single_operator}};
    document["waiting"] = *waiting;
    document["privacy"] =
        privacy_part(static_cast<double>(task->task.noise_thousandths) / 1000, options_.reports_per_28_days,
                     reports_of_one_device(*releases, options_.reports_per_28_days));
    document["batches"] = batches_part(*batches);
    document["refused"] = refused_part(*refusals);
  }
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<std::string> Helper::overview() {
  nlohmann::json document = {{"role", "helper"}, {"tasks", nlohmann::json::array()}};
  for (const TaskPointer& task : tasks()) {
    auto batches = store_.batches(task->id.bytes, shown_batches);
    if (!batches) return std::move(batches).error();
    auto refusals = store_.refusals(task->id.bytes);
    if (!refusals) return std::move(refusals).error();
    document["tasks"].push_back({{"id", to_base64url(task->id.bytes)},
                                 {"min_batch", task->parameters.min_batch_size},
                                 {"noise", static_cast<double>(task->noise_thousandths) / 1000},
                                 {"expires", task->expires},
                                 {"leader", task->parameters.leader_aggregator_endpoint},
                                 {"batches", batches_part(*batches)},
                                 {"refused", refused_part(*refusals)}});
  }
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace sotto::aggregate
