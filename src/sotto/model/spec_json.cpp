#include <sotto/model/internal/field_reader.hpp>
#include <sotto/model/internal/hex64.hpp>
#include <sotto/model/internal/json_document.hpp>
#include <sotto/model/spec_json.hpp>

#include <nlohmann/json.hpp>

#include <limits>
#include <utility>

namespace sotto {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* architecture_kind = "embedding-lstm-head";
constexpr const char* gate_order = "ifgo";
constexpr const char* softmax_head = "softmax";
constexpr const char* binary_head = "binary";

Architecture parse_architecture(FieldReader reader, int version) {
  reader.expect("kind", architecture_kind);
  reader.expect("gate_order", gate_order);
  Architecture a;
  a.items = reader.u32("items", 1, max_items);
  a.embedding_dim = reader.u32("embedding_dim", 1, max_dim);
  a.hidden_dim = reader.u32("hidden_dim", 1, max_dim);
  a.layers = reader.u32("layers", 1, max_layers);
  a.tied_head = reader.boolean("tied_head");
  a.skip_connection = reader.boolean("skip_connection");
  a.history_term = reader.boolean("history_term");
  a.count_expert = reader.boolean("count_expert");
  if (version >= format_version_with_memory) a.memory_term = reader.boolean("memory_term");
  const std::string head = reader.string("head");
  if (head == binary_head) {
    a.head = HeadKind::binary;
  } else if (head != softmax_head) {
    reader.fail(ErrorCode::unsupported,
                "spec.architecture.head is '" + head + "', this build knows 'softmax' and 'binary'");
  }
  if (a.head == HeadKind::binary &&
      (a.tied_head || a.skip_connection || a.history_term || a.count_expert || a.memory_term)) {
    reader.fail(ErrorCode::unsupported,
                "spec.architecture has a binary head with a tied head, skip connection, history term, count expert or "
                "memory term; "
                "it can have none of them");
  }
  if (a.tied_head && a.embedding_dim != a.hidden_dim) {
    reader.fail(ErrorCode::wrong_shape, "spec.architecture ties the head to the embedding, but embedding_dim " +
                                            std::to_string(a.embedding_dim) + " is not hidden_dim " +
                                            std::to_string(a.hidden_dim));
  }
  return a;
}

TrainingRecord parse_training(FieldReader reader) {
  TrainingRecord t;
  t.tool = reader.string("tool");
  t.seed = reader.hex("seed");
  t.epochs = reader.u32("epochs", 0, std::numeric_limits<std::uint32_t>::max());
  t.validation_ndcg10 = reader.number("validation_ndcg@10");
  if (reader.has("validation_accuracy")) t.validation_accuracy = reader.number("validation_accuracy");
  t.settings = reader.object_text("settings");
  FieldReader log = reader.child("log");
  t.log.name = log.string("name");
  t.log.fingerprint = log.hex("fingerprint");
  if (log.has("order_fingerprint")) t.log.order_fingerprint = log.hex("order_fingerprint");
  t.log.events = log.u64("events");
  t.log.users = log.u64("users");
  constexpr auto any_time = std::numeric_limits<std::int64_t>::max();
  t.log.first_timestamp = log.integer("first_timestamp", -any_time, any_time);
  t.log.last_timestamp = log.integer("last_timestamp", -any_time, any_time);
  if (reader.has("vocabulary")) {
    FieldReader vocabulary = reader.child("vocabulary");
    t.vocabulary.max_items = vocabulary.u64("max_items");
    t.vocabulary.oov_item = vocabulary.string("oov_item");
  }
  FieldReader split = reader.child("split");
  t.split.kind = split.string("kind");
  t.split.training_events = split.u64("training_events");
  t.split.validation_targets = split.u64("validation_targets");
  t.split.test_targets = split.u64("test_targets");
  if (split.has("validation_trained")) t.split.validation_trained = split.boolean("validation_trained");
  return t;
}

FixedNumbers parse_fixed_numbers(FieldReader reader, const Architecture& architecture, int version) {
  const std::uint32_t layers = architecture.layers;
  FixedNumbers numbers;
  numbers.hidden_multiplier = reader.integers("hidden_multiplier", layers, 1, std::numeric_limits<std::int32_t>::max());
  numbers.cell_bits = reader.integers("cell_fraction_bits", layers, 1, 15);
  if (version < format_version_with_s4_head) return numbers;
  numbers.head_bits = static_cast<std::int32_t>(reader.integer("head_bits", 4, 8));
  if (numbers.head_bits != 8 && (numbers.head_bits != 4 || architecture.head == HeadKind::binary)) {
    reader.fail(ErrorCode::unsupported, "spec.numbers.head_bits is " + std::to_string(numbers.head_bits) +
                                            ", this build knows 8, and 4 for a softmax head");
  }
  return numbers;
}

}  // namespace

std::string to_json_text(const ModelInfo& info, const std::optional<FixedNumbers>& fixed,
                         const std::vector<TensorRole>& tensor_roles) {
  const auto& a = info.architecture;
  const auto& t = info.training;
  ordered_json spec;
  spec["architecture"] = {{"kind", architecture_kind},
                          {"items", a.items},
                          {"embedding_dim", a.embedding_dim},
                          {"hidden_dim", a.hidden_dim},
                          {"layers", a.layers},
                          {"tied_head", a.tied_head},
                          {"skip_connection", a.skip_connection},
                          {"history_term", a.history_term},
                          {"count_expert", a.count_expert},
                          {"head", a.head == HeadKind::binary ? binary_head : softmax_head},
                          {"gate_order", gate_order}};
  if (a.memory_term) spec["architecture"]["memory_term"] = true;
  if (fixed) {
    spec["numbers"] = {{"format", "fixed"},
                       {"weights", "int8, symmetric, one multiplier per row"},
                       {"activations", "7-bit, -64…63"},
                       {"scores", "int32 logits, Q15.16"},
                       {"hidden_multiplier", fixed->hidden_multiplier},
                       {"cell_fraction_bits", fixed->cell_bits}};
    if (fixed->head_bits != 8 || a.memory_term) spec["numbers"]["head_bits"] = fixed->head_bits;
  } else {
    spec["numbers"] = {{"format", "float32"}};
  }
  auto& roles = spec["tensors"] = ordered_json::object();
  for (const auto& [name, role] : tensor_roles) roles[name] = role;
  spec["training"] = {{"tool", t.tool},
                      {"log",
                       {{"name", t.log.name},
                        {"fingerprint", hex64(t.log.fingerprint)},
                        {"events", t.log.events},
                        {"users", t.log.users},
                        {"first_timestamp", t.log.first_timestamp},
                        {"last_timestamp", t.log.last_timestamp}}},
                      {"split",
                       {{"kind", t.split.kind},
                        {"training_events", t.split.training_events},
                        {"validation_targets", t.split.validation_targets},
                        {"test_targets", t.split.test_targets}}},
                      {"seed", hex64(t.seed)},
                      {"epochs", t.epochs},
                      {"validation_ndcg@10", t.validation_ndcg10}};
  if (t.log.order_fingerprint != 0) spec["training"]["log"]["order_fingerprint"] = hex64(t.log.order_fingerprint);
  if (t.split.validation_trained) spec["training"]["split"]["validation_trained"] = true;
  if (t.vocabulary.max_items > 0) {
    spec["training"]["vocabulary"] = {{"max_items", t.vocabulary.max_items}, {"oov_item", t.vocabulary.oov_item}};
  }
  if (t.validation_accuracy) spec["training"]["validation_accuracy"] = *t.validation_accuracy;
  const ordered_json settings = ordered_json::parse(t.settings, nullptr, false);
  spec["training"]["settings"] = settings.is_object() ? settings : ordered_json::object();
  spec["licence"] = info.licence;
  spec["attribution"] = info.attribution;
  if (!info.lineage.empty()) spec["lineage"] = info.lineage;
  return spec.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void read_record(FieldReader& spec, ModelInfo& info) {
  info.training = parse_training(spec.child("training"));
  info.licence = spec.string("licence");
  info.attribution = spec.string("attribution");
  if (spec.has("lineage")) info.lineage = spec.string("lineage");
}

Result<Spec> parse_spec(std::string_view text, int version, RecordReader record) {
  const json document = parse_json(text);
  if (!document.is_object())
    return Error{ErrorCode::malformed, "the spec in __metadata__.sotto is not a valid JSON object"};
  std::optional<Error> error;
  FieldReader reader(document, "spec", error);
  Spec spec;
  spec.info.architecture = parse_architecture(reader.child("architecture"), version);
  FieldReader numbers = reader.child("numbers");
  const std::string format = numbers.string("format");
  if (format == "fixed") {
    spec.fixed = parse_fixed_numbers(numbers, spec.info.architecture, version);
  } else if (format != "float32") {
    numbers.fail(ErrorCode::unsupported,
                 "spec.numbers.format is '" + format + "', this build knows 'float32' and 'fixed'");
  }
  if (record != nullptr) record(reader, spec.info);
  if (error) return std::move(*error);
  return spec;
}

}  // namespace sotto
