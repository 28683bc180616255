#include <sotto/aggregate/manifest_json.hpp>

#include <sotto/aggregate/internal/fingerprint_text.hpp>
#include <sotto/aggregate/internal/json_fields.hpp>
#include <sotto/aggregate/sha256.hpp>
#include <sotto/aggregate/signed_document.hpp>
#include <sotto/sync/slot_map.hpp>
#include <sotto/sync/task_configuration.hpp>

#include <algorithm>

namespace sotto::aggregate {
namespace {

using nlohmann::json;

constexpr std::string_view manifest_kind = "sotto-manifest";
constexpr std::size_t max_name_bytes = 200;
constexpr std::size_t max_words_bytes = 2000;
constexpr std::size_t max_url_bytes = 2000;
constexpr std::size_t max_configuration_bytes = 8192;
constexpr std::uint32_t max_noise_thousandths = 1'000'000;
constexpr std::uint32_t max_prior_thousandths = 900;  // max_trend_prior
constexpr std::uint32_t max_reports = 28 * 24;

json file_json(const sync::FileReference& file) { return {{"url", file.url}, {"sha256", to_base64url(file.sha256)}}; }

sync::FileReference file_from(JsonFields& fields, const std::string& path) {
  sync::FileReference file;
  file.url = fields.text(path + ".url", 1, max_url_bytes);
  fields.fixed_bytes(path + ".sha256", file.sha256);
  return file;
}

// Divides without a fraction where there is none: 8, not 8.0.
json number_of_thousandths(std::uint32_t thousandths) {
  if (thousandths % 1000 == 0) return thousandths / 1000;
  return thousandths / 1000.0;
}

Status check_text(std::string_view name, std::string_view text, std::size_t min, std::size_t max) {
  if (text.size() >= min && text.size() <= max) return Ok{};
  return Error{ErrorCode::out_of_range, "the manifest's " + std::string(name) + " has " + std::to_string(text.size()) +
                                            " bytes, expected " + std::to_string(min) + " to " + std::to_string(max)};
}

Status check_number(std::string_view name, std::uint64_t value, std::uint64_t min, std::uint64_t max) {
  if (value >= min && value <= max) return Ok{};
  return Error{ErrorCode::out_of_range, "the manifest's " + std::string(name) + " is " + std::to_string(value) +
                                            ", expected " + std::to_string(min) + " to " + std::to_string(max)};
}

Status check_values(const sync::Manifest& manifest) {
  for (const Status& status :
       {check_number("version", manifest.version, 1, max_json_integer),
        check_text("model name", manifest.model.name, 1, max_name_bytes),
        check_number("slots", manifest.slots.count, 2, sync::max_slots),
        check_text("slots url", manifest.slots.file.url, 1, max_url_bytes),
        check_number("noise in thousandths", manifest.noise_thousandths, 0, max_noise_thousandths),
        check_number("reports in 28 days", manifest.reports_per_28_days, 1, max_reports),
        check_number("min_batch", manifest.min_batch, 1, max_json_integer),
        check_number("expiry", manifest.expires, 1, max_json_integer),
        check_text("words of the operator", manifest.operators.words, 0, max_words_bytes),
        check_number("trend version", manifest.trend ? manifest.trend->version : 1, 1, max_json_integer),
        check_text("trend url", manifest.trend ? manifest.trend->file.url : manifest.slots.file.url, 1, max_url_bytes),
        check_number("prior in thousandths", manifest.trend ? manifest.trend->prior_thousandths : 0, 0,
                     max_prior_thousandths)}) {
    if (!status) return status;
  }
  return Ok{};
}

Error disagrees(std::string_view what) {
  return {ErrorCode::mismatch, "the manifest and its task's configuration have different " + std::string(what)};
}

Status check_task(const sync::Manifest& manifest) {
  if (manifest.task.configuration.size() > max_configuration_bytes) {
    return Error{ErrorCode::out_of_range, "the task's configuration has " +
                                              std::to_string(manifest.task.configuration.size()) +
                                              " bytes, expected at most " + std::to_string(max_configuration_bytes)};
  }
  const auto task = sync::TaskConfiguration::decode(manifest.task.configuration);
  if (!task) return Error{task.error().code, "the task's configuration: " + task.error().detail};
  if (task->batch_mode != sync::BatchMode::leader_selected || task->vdaf_type != sync::VdafType::prio3_histogram) {
    return Error{ErrorCode::unsupported, "the task is not leader-selected with Prio3Histogram"};
  }
  const auto histogram = sync::HistogramConfiguration::decode(task->vdaf_configuration);
  if (!histogram) return histogram.error();
  if (histogram->length != manifest.slots.count) return disagrees("slots");
  if (task->min_batch_size != manifest.min_batch) return disagrees("minimum batches");
  if (task->leader_aggregator_endpoint != manifest.leader) return disagrees("leaders");
  if (task->helper_aggregator_endpoint != manifest.helper) return disagrees("helpers");
  const sync::Sha256 info = task_info(manifest);
  if (!std::equal(info.begin(), info.end(), task->task_info.begin(), task->task_info.end())) {
    return Error{ErrorCode::mismatch, "the task's task_info is not the hash of the manifest's parameters"};
  }
  return Ok{};
}

}  // namespace

sync::Sha256 task_info(const sync::Manifest& manifest) {
  const std::string parameters = sync::task_parameters(manifest);
  return sha256(std::as_bytes(std::span(parameters)));
}

Status check_manifest(const sync::Manifest& manifest) {
  if (Status values = check_values(manifest); !values) return values;
  return check_task(manifest);
}

Result<std::string> manifest_json(const sync::Manifest& manifest) {
  if (Status checked = check_manifest(manifest); !checked) return std::move(checked).error();
  json body = {
      {"kind", manifest_kind},
      {"format", sync::manifest_format},
      {"version", manifest.version},
      {"model", {{"name", manifest.model.name}, {"fingerprint", fingerprint_text(manifest.model.fingerprint)}}},
      {"task",
       {{"id", to_base64url(manifest.task.id.bytes)}, {"configuration", to_base64url(manifest.task.configuration)}}},
      {"slots", file_json(manifest.slots.file)},
      {"noise", number_of_thousandths(manifest.noise_thousandths)},
      {"reports", manifest.reports_per_28_days},
      {"min_batch", manifest.min_batch},
      {"expires", manifest.expires},
      {"leader", manifest.leader},
      {"helper", manifest.helper},
      {"operator", {{"single", manifest.operators.is_single}, {"words", manifest.operators.words}}},
      {"trend", nullptr},
  };
  body["slots"]["count"] = manifest.slots.count;
  if (manifest.trend) {
    body["trend"] = file_json(manifest.trend->file);
    body["trend"]["version"] = manifest.trend->version;
    body["trend"]["prior"] = number_of_thousandths(manifest.trend->prior_thousandths);
  }
  // Invalid UTF-8, which has no JSON, becomes replacement characters.
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<sync::Manifest> parse_manifest(std::string_view text) {
  JsonFields fields(text);
  const std::string kind = fields.text("kind", 0, max_name_bytes);
  const std::uint64_t format = fields.integer("format", 0, max_json_integer);
  if (!fields.ok()) return std::move(fields.status()).error();
  if (kind != manifest_kind) return Error{ErrorCode::mismatch, "the document is no manifest but a '" + kind + "'"};
  if (format != sync::manifest_format) {
    return Error{ErrorCode::unsupported_version, "the manifest has format " + std::to_string(format)};
  }

  sync::Manifest manifest;
  manifest.version = fields.integer("version", 1, max_json_integer);
  manifest.model.name = fields.text("model.name", 1, max_name_bytes);
  const std::string fingerprint = fields.text("model.fingerprint", 0, fingerprint_digits);
  if (const auto value = fingerprint_from_text(fingerprint)) {
    manifest.model.fingerprint = *value;
  } else {
    fields.fail(ErrorCode::malformed, "'model.fingerprint' is not 16 hexadecimal digits");
  }
  fields.fixed_bytes("task.id", manifest.task.id.bytes);
  manifest.task.configuration = fields.bytes("task.configuration", max_configuration_bytes);
  manifest.slots.count = static_cast<std::uint32_t>(fields.integer("slots.count", 2, sync::max_slots));
  manifest.slots.file = file_from(fields, "slots");
  manifest.noise_thousandths = fields.thousandths("noise", max_noise_thousandths);
  manifest.reports_per_28_days = static_cast<std::uint32_t>(fields.integer("reports", 1, max_reports));
  manifest.min_batch = fields.integer("min_batch", 1, max_json_integer);
  manifest.expires = fields.integer("expires", 1, max_json_integer);
  manifest.leader = fields.text("leader", 1, max_url_bytes);
  manifest.helper = fields.text("helper", 1, max_url_bytes);
  manifest.operators.is_single = fields.boolean("operator.single");
  manifest.operators.words = fields.text("operator.words", 0, max_words_bytes);
  if (!fields.is_null("trend")) {
    manifest.trend = sync::TrendReference{};
    manifest.trend->version = fields.integer("trend.version", 1, max_json_integer);
    manifest.trend->file = file_from(fields, "trend");
    manifest.trend->prior_thousandths = fields.thousandths("trend.prior", max_prior_thousandths);
  }
  if (!fields.ok()) return std::move(fields.status()).error();
  if (Status checked = check_manifest(manifest); !checked) return std::move(checked).error();
  return manifest;
}

Result<std::string> sign_manifest(const sync::Manifest& manifest, const SigningKeyPair& keys) {
  const auto body = manifest_json(manifest);
  if (!body) return body.error();
  return sign_document("manifest", *body, keys);
}

Result<sync::Manifest> verify_manifest(std::string_view envelope, const ManifestExpectations& expectations) {
  const auto body = verify_document("manifest", envelope, expectations.key);
  if (!body) return body.error();
  auto manifest = parse_manifest(*body);
  if (!manifest) return manifest;
  if (manifest->version < expectations.min_version) {
    return Error{ErrorCode::out_of_range, "the manifest's version went down from " +
                                              std::to_string(expectations.min_version) + " to " +
                                              std::to_string(manifest->version)};
  }
  if (manifest->expires <= expectations.now) {
    return Error{ErrorCode::out_of_range, "the manifest expired at " + std::to_string(manifest->expires)};
  }
  return manifest;
}

}  // namespace sotto::aggregate
