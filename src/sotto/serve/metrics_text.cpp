#include <sotto/serve/metrics_text.hpp>
#include <sotto/serve/process_usage.hpp>

#include <fmt/format.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::serve {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class Families {
 public:
  // Begins a family; what is added next belongs to it.
  void begin(const char* name, const char* help, MetricType type) { families_.push_back({name, help, type, {}}); }

  void add(double value, Labels labels = {}) {
    ClientMetric& metric = add_metric(std::move(labels));
    if (families_.back().type == MetricType::Counter) metric.counter.value = value;
    if (families_.back().type == MetricType::Gauge) metric.gauge.value = value;
  }

  void add(const Histogram& histogram, Labels labels = {}) {
    ClientMetric::Histogram& target = add_metric(std::move(labels)).histogram;
    const BucketBounds& bounds = histogram.bounds();
    for (std::size_t bucket = 0; bucket <= bounds.size(); ++bucket) {
      target.sample_count += histogram.count(bucket);
      const double bound = bucket < bounds.size() ? bounds[bucket] : std::numeric_limits<double>::infinity();
      target.bucket.push_back({target.sample_count, bound});
    }
    target.sample_sum = histogram.sum();
  }

  void counter(const char* name, const char* help, double value) {
    begin(name, help, MetricType::Counter);
    add(value);
  }
  void counter(const char* name, const char* help, const Counter& value) {
    counter(name, help, static_cast<double>(value.value()));
  }
  void gauge(const char* name, const char* help, double value) {
    begin(name, help, MetricType::Gauge);
    add(value);
  }
  void gauge(const char* name, const char* help, const Gauge& value) {
    gauge(name, help, static_cast<double>(value.value()));
  }
  void histogram(const char* name, const char* help, const Histogram& value) {
    begin(name, help, MetricType::Histogram);
    add(value);
  }

  [[nodiscard]] const std::vector<MetricFamily>& all() const noexcept { return families_; }

 private:
  ClientMetric& add_metric(Labels labels) {
    ClientMetric& metric = families_.back().metric.emplace_back();
    metric.label = std::move(labels);
    return metric;
  }

  std::vector<MetricFamily> families_;
};

double real_of(std::uint64_t value) noexcept { return static_cast<double>(value); }

void add_process(Families& families, const Observed& observed) {
  families.begin("sotto_build_info", "The program's version; the value is 1.", MetricType::Gauge);
  families.add(1, {{"version", SOTTO_VERSION}});
  const ProcessUsage usage = process_usage();
  families.counter("process_cpu_seconds_total", "Time on all processors, in seconds.", usage.cpu_seconds);
  families.gauge("process_resident_memory_bytes", "Resident memory, in bytes.", real_of(usage.resident_bytes));
  families.gauge("process_start_time_seconds", "When the process began, in seconds since 1970.",
                 static_cast<double>(observed.started));
}

void add_requests(Families& families, const Observed& observed) {
  const Metrics& metrics = observed.metrics;
  families.begin("sotto_http_requests_total", "Answered requests by route and class of status.", MetricType::Counter);
  for (const RouteMetrics& route : metrics.routes) {
    for (std::size_t status = 0; status < route.answers.size(); ++status) {
      const std::uint64_t answers = route.answers[status].value();
      if (answers == 0) continue;
      families.add(real_of(answers),
                   {{"method", route.method}, {"route", route.pattern}, {"status", std::to_string(status + 1) + "xx"}});
    }
  }
  families.begin("sotto_http_request_duration_seconds", "Time from a request's arrival to its answer, by route.",
                 MetricType::Histogram);
  for (const RouteMetrics& route : metrics.routes) {
    families.add(route.time, {{"method", route.method}, {"route", route.pattern}});
  }
  families.begin("sotto_auth_refused_total", "Requests refused for want of a key or of its scope.",
                 MetricType::Counter);
  families.add(real_of(metrics.refused_without_key.value()), {{"reason", "key"}});
  families.add(real_of(metrics.refused_by_scope.value()), {{"reason", "scope"}});

  const http::ServerFigures* connections = observed.connections();
  if (connections == nullptr) return;
  families.gauge("sotto_http_connections", "Open connections.", real_of(connections->open));
  families.counter("sotto_http_connections_accepted_total", "Accepted connections.", real_of(connections->accepted));
  families.counter("sotto_http_connections_refused_total", "Connections refused for their number.",
                   real_of(connections->refused_connections));
  families.counter("sotto_http_requests_rate_limited_total", "Requests refused for a client's rate.",
                   real_of(connections->refused_by_rate));
  families.counter("sotto_http_requests_malformed_total", "Requests that are no HTTP.",
                   real_of(connections->malformed));
  families.counter("sotto_http_timeouts_total", "Clients that were too slow.", real_of(connections->timed_out));
}

void add_events(Families& families, const Metrics& metrics) {
  families.counter("sotto_events_accepted_total", "Events stored.", metrics.events_accepted);
  families.counter("sotto_events_unknown_items_total", "Events of items that the user's model does not have.",
                   metrics.events_unknown);
  families.counter("sotto_events_repeated_requests_total", "Requests answered again by their Idempotency-Key.",
                   metrics.events_repeated);
  families.counter("sotto_recommendation_ids_refused_total", "Events that cite a recommendation_id which is not good.",
                   metrics.choices_refused);
  families.gauge("sotto_writer_queue_requests", "Requests that wait for the writer.", metrics.writer_queue);
  families.histogram("sotto_commit_requests", "Requests of a transaction.", metrics.commit_requests);
  families.histogram("sotto_commit_duration_seconds", "Time of a transaction, in seconds.", metrics.commit_time);
  families.counter("sotto_commit_failures_total", "Transactions that failed.", metrics.commit_failures);
  families.gauge("sotto_outbox_events", "Events that wait for the topic.", metrics.outbox_length);
  families.counter("sotto_outbox_sent_total", "Events that the broker has.", metrics.outbox_sent);
  families.counter("sotto_outbox_failed_total", "Attempts to send an event that failed; each is made again.",
                   metrics.outbox_failed);
}

void add_users(Families& families, const Metrics& metrics) {
  families.gauge("sotto_users_in_memory", "Users in memory.", metrics.users_in_memory);
  families.counter("sotto_user_cache_hits_total", "Requests that found their user in memory.", metrics.user_hits);
  families.counter("sotto_user_loads_total", "Users read from the store.", metrics.user_loads);
  families.counter("sotto_user_evictions_total", "Users that left memory for another one.", metrics.user_evictions);
  families.counter("sotto_users_carried_over_total", "Users carried over to another version of the model.",
                   metrics.users_carried_over);
  families.histogram("sotto_fold_duration_seconds", "Time in which a user's waiting events join the state.",
                     metrics.fold_time);
  families.counter("sotto_events_folded_total", "Events that joined their user's state.", metrics.folded_events);
  families.gauge("sotto_snapshots_due", "Users whose state is due to be saved.", metrics.snapshot_backlog);
  families.counter("sotto_snapshots_saved_total", "States saved.", metrics.snapshots_saved);
  families.gauge("sotto_compute_queue_requests", "Requests that wait for a worker.", metrics.compute_queue);
  families.histogram("sotto_compute_requests", "Requests of a worker's pass.", metrics.compute_requests);
  families.histogram("sotto_compute_duration_seconds", "Time of a worker's pass, in seconds.", metrics.compute_time);
  families.counter("sotto_background_failures_total", "Failures of work that no request waits for.",
                   metrics.background_failures);
}

void add_models(Families& families, const Observed& observed) {
  const std::vector<DeploymentPointer> deployments = observed.deployments();
  families.begin("sotto_model_info", "Versions of models in use; the value is 1.", MetricType::Gauge);
  for (const DeploymentPointer& deployment : deployments) {
    const auto add = [&](const char* role, const ModelPointer& version) {
      if (version) families.add(1, {{"model", deployment->name}, {"version", version->version()}, {"role", role}});
    };
    add("current", deployment->current);
    add("previous", deployment->previous);
    add("candidate", deployment->candidate);
    add("shadow", deployment->shadow);
  }
  families.begin("sotto_model_share", "The share of users or requests that a version gets.", MetricType::Gauge);
  for (const DeploymentPointer& deployment : deployments) {
    if (deployment->candidate) families.add(deployment->share, {{"model", deployment->name}, {"role", "candidate"}});
    if (deployment->shadow) families.add(deployment->shadow_share, {{"model", deployment->name}, {"role", "shadow"}});
  }
  const Metrics& metrics = observed.metrics;
  families.counter("sotto_models_loaded_total", "Versions of models loaded.", metrics.models_loaded);
  families.counter("sotto_models_refused_total", "Model files that could not be opened.", metrics.models_refused);
  families.counter("sotto_model_downloads_total", "Model files sent.", metrics.model_downloads);
}

void add_feedback(Families& families, FeedbackFigures& feedback) {
  const std::map<std::uint64_t, Figures> totals = feedback.totals();
  const auto add = [&](const char* name, const char* help, auto value_of) {
    families.begin(name, help, MetricType::Counter);
    for (const auto& [version, figures] : totals) {
      families.add(static_cast<double>(value_of(figures)), {{"version", fmt::format("{:016x}", version)}});
    }
  };
  add("sotto_feedback_lists_total", "Lists shown, by the model's version.", [](const Figures& f) { return f.lists; });
  add("sotto_feedback_choices_total", "Choices that cite a list.", [](const Figures& f) { return f.choices.count; });
  add("sotto_feedback_hits_total", "Choices of one of the list's first ten items.",
      [](const Figures& f) { return f.choices.hits; });
  add("sotto_feedback_ndcg_total", "Sum of the choices' NDCG@10.", [](const Figures& f) { return f.choices.ndcg.sum; });
  add("sotto_feedback_reciprocal_rank_total", "Sum of the choices' reciprocal ranks.",
      [](const Figures& f) { return f.choices.reciprocal_rank; });
  add("sotto_feedback_shadow_choices_total", "Choices that a shadow's list was compared on.",
      [](const Figures& f) { return f.as_shadow.shadow.count; });
  add("sotto_feedback_shadow_hits_total", "Choices of one of the first ten items of the shadow's list.",
      [](const Figures& f) { return f.as_shadow.shadow.hits; });
}

void add_store(Families& families, StoreWatch& watch) {
  const std::optional<store::StoreSize> size = watch.size();
  if (!size) return;
  families.gauge("sotto_store_users", "Users in the store.", real_of(size->users));
  families.gauge("sotto_store_events", "Events in the store that no saved state has yet.", real_of(size->events));
  families.gauge("sotto_store_bytes", "The store's size, in bytes.", real_of(size->bytes));
  families.gauge("sotto_store_schema_version", "The version of the store's tables.", size->schema);
}

}  // namespace

std::string metrics_text(const Observed& observed) {
  Families families;
  add_process(families, observed);
  add_requests(families, observed);
  add_events(families, observed.metrics);
  add_users(families, observed.metrics);
  add_models(families, observed);
  add_feedback(families, observed.feedback);
  add_store(families, observed.watch);
  return prometheus::TextSerializer().Serialize(families.all());
}

}  // namespace sotto::serve
