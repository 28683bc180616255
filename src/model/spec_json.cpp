#include <sotto/model/spec_json.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <limits>
#include <unordered_set>
#include <utility>

namespace sotto {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* architecture_kind = "embedding-lstm-head";
constexpr const char* gate_order = "ifgo";
constexpr const char* softmax_head = "softmax";
constexpr const char* binary_head = "binary";

std::string hex64(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 0; i < 16; ++i) text[15 - i] = "0123456789abcdef"[(value >> (4 * i)) & 15U];
  return text;
}

// Reads the fields of one JSON object. The first thing wrong is kept and named by its path; reads after
// it return defaults, so that the caller checks once.
class FieldReader {
 public:
  FieldReader(const json& object, std::string path, std::optional<Error>& error)
      : object_(object), path_(std::move(path)), error_(error) {
    if (!object_.is_object()) fail(ErrorCode::wrong_type, path_ + " is not a JSON object");
  }

  FieldReader child(const char* name) {
    const json* value = find(name);
    return {value == nullptr ? empty_object() : *value, path_of(name), error_};
  }

  std::string string(const char* name) {
    const json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
      fail(ErrorCode::wrong_type, path_of(name) + " is " + shown(*value) + ", expected a string");
      return {};
    }
    return value->get<std::string>();
  }

  void expect(const char* name, std::string_view expected) {
    const std::string value = string(name);
    if (!error_ && value != expected) {
      fail(ErrorCode::unsupported,
           path_of(name) + " is '" + value + "', this build knows only '" + std::string(expected) + "'");
    }
  }

  std::int64_t integer(const char* name, std::int64_t low, std::int64_t high) {
    const json* value = find(name);
    return value == nullptr ? low : checked_integer(*value, path_of(name), low, high);
  }

  std::uint32_t u32(const char* name, std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint32_t>(integer(name, low, high));
  }

  std::uint64_t u64(const char* name) {
    return static_cast<std::uint64_t>(integer(name, 0, std::numeric_limits<std::int64_t>::max()));
  }

  bool boolean(const char* name) {
    const json* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_boolean())
      fail(ErrorCode::wrong_type, path_of(name) + " is " + shown(*value) + ", expected true or false");
    return value->is_boolean() && value->get<bool>();
  }

  double number(const char* name) {
    const json* value = find(name);
    if (value == nullptr) return 0;
    if (!value->is_number())
      fail(ErrorCode::wrong_type, path_of(name) + " is " + shown(*value) + ", expected a number");
    return value->is_number() ? value->get<double>() : 0;
  }

  std::uint64_t hex(const char* name) {
    const std::string text = string(name);
    std::uint64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (!error_ && (text.size() != 16 || status != std::errc{} || end != text.data() + text.size())) {
      fail(ErrorCode::malformed, path_of(name) + " is '" + text + "', expected 16 hexadecimal digits");
    }
    return value;
  }

  std::string object_text(const char* name) {
    const json* value = find(name);
    if (value == nullptr) return "{}";
    if (!value->is_object()) fail(ErrorCode::wrong_type, path_of(name) + " is not a JSON object");
    return value->dump();
  }

  std::vector<std::int32_t> integers(const char* name, std::size_t count, std::int32_t low, std::int32_t high) {
    std::vector<std::int32_t> values;
    if (const json* array = column(name, count)) {
      for (const auto& value : *array) {
        values.push_back(static_cast<std::int32_t>(checked_integer(value, path_of(name) + " entry", low, high)));
      }
    }
    return values;
  }

  // A catalogue column: an array of `count` strings.
  std::vector<std::string> strings(const char* name, std::size_t count) {
    std::vector<std::string> values;
    const json* array = column(name, count);
    if (array == nullptr) return values;
    values.reserve(count);
    for (const auto& value : *array) {
      if (!value.is_string()) {
        fail(ErrorCode::wrong_type,
             path_of(name) + "[" + std::to_string(values.size()) + "] is " + shown(value) + ", expected a string");
        return {};
      }
      values.push_back(value.get<std::string>());
    }
    return values;
  }

  // A catalogue column of numbers; null stands for unknown.
  std::vector<double> numbers_or_null(const char* name, std::size_t count) {
    std::vector<double> values;
    const json* array = column(name, count);
    if (array == nullptr) return values;
    for (const auto& value : *array) {
      if (!value.is_number() && !value.is_null()) {
        fail(ErrorCode::wrong_type, path_of(name) + "[" + std::to_string(values.size()) + "] is " + shown(value) +
                                        ", expected a number or null");
        return {};
      }
      values.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
    }
    return values;
  }

  [[nodiscard]] bool has(const char* name) const { return object_.is_object() && object_.contains(name); }
  void fail(ErrorCode code, std::string detail) {
    if (!error_) error_ = Error{code, std::move(detail)};
  }
  [[nodiscard]] std::string path_of(const char* name) const { return path_ + "." + name; }

 private:
  static const json& empty_object() {
    static const json empty = json::object();
    return empty;
  }

  static std::string shown(const json& value) {
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > 60) text = text.substr(0, 60) + "…";
    return text;
  }

  const json* find(const char* name) {
    if (error_) return nullptr;
    const auto found = object_.find(name);
    if (found == object_.end()) {
      fail(ErrorCode::missing, path_of(name) + " is missing");
      return nullptr;
    }
    return &*found;
  }

  const json* column(const char* name, std::size_t count) {
    const json* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array() || value->size() != count) {
      fail(ErrorCode::wrong_shape, path_of(name) + " is not an array of " + std::to_string(count) + " entries");
      return nullptr;
    }
    return value;
  }

  std::int64_t checked_integer(const json& value, const std::string& where, std::int64_t low, std::int64_t high) {
    const bool fits =
        value.is_number_integer() &&
        !(value.is_number_unsigned() &&
          value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    const std::int64_t number = fits ? value.get<std::int64_t>() : 0;
    if (!fits || number < low || number > high) {
      fail(ErrorCode::out_of_range, where + " is " + shown(value) + ", expected a whole number from " +
                                        std::to_string(low) + " to " + std::to_string(high));
      return low;
    }
    return number;
  }

  const json& object_;
  std::string path_;
  std::optional<Error>& error_;
};

ordered_json catalogue_json(const Catalogue& catalogue) {
  ordered_json out;
  out["item_id"] = catalogue.item_ids;
  if (!catalogue.titles.empty()) out["title"] = catalogue.titles;
  if (!catalogue.categories.empty()) out["category"] = catalogue.categories;
  if (!catalogue.images.empty()) out["image"] = catalogue.images;
  if (!catalogue.prices.empty()) {
    auto& prices = out["price"] = ordered_json::array();
    for (const double price : catalogue.prices) {
      prices.push_back(std::isfinite(price) ? ordered_json(price) : ordered_json(nullptr));
    }
  }
  if (!catalogue.currency.empty()) out["currency"] = catalogue.currency;
  return out;
}

Catalogue parse_catalogue(FieldReader reader, std::uint32_t items) {
  Catalogue catalogue;
  catalogue.item_ids = reader.strings("item_id", items);
  std::unordered_set<std::string_view> seen;
  for (const auto& id : catalogue.item_ids) {
    if (id.empty()) reader.fail(ErrorCode::malformed, "spec.catalogue.item_id has an empty id");
    if (!seen.insert(id).second) reader.fail(ErrorCode::malformed, "spec.catalogue.item_id has '" + id + "' twice");
  }
  if (reader.has("title")) catalogue.titles = reader.strings("title", items);
  if (reader.has("category")) catalogue.categories = reader.strings("category", items);
  if (reader.has("image")) catalogue.images = reader.strings("image", items);
  if (reader.has("price")) catalogue.prices = reader.numbers_or_null("price", items);
  if (reader.has("currency")) catalogue.currency = reader.string("currency");
  return catalogue;
}

Architecture parse_architecture(FieldReader reader) {
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
  const std::string head = reader.string("head");
  if (head == binary_head) {
    a.head = HeadKind::binary;
  } else if (head != softmax_head) {
    reader.fail(ErrorCode::unsupported,
                "spec.architecture.head is '" + head + "', this build knows 'softmax' and 'binary'");
  }
  if (a.head == HeadKind::binary && (a.tied_head || a.skip_connection || a.history_term || a.count_expert)) {
    reader.fail(ErrorCode::unsupported,
                "spec.architecture has a binary head with a tied head, skip connection, history term or count expert; "
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
  return t;
}

FixedNumbers parse_fixed_numbers(FieldReader reader, std::uint32_t layers) {
  FixedNumbers numbers;
  numbers.hidden_multiplier = reader.integers("hidden_multiplier", layers, 1, std::numeric_limits<std::int32_t>::max());
  numbers.cell_bits = reader.integers("cell_fraction_bits", layers, 1, 15);
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
  if (fixed) {
    spec["numbers"] = {{"format", "fixed"},
                       {"weights", "int8, symmetric, one multiplier per row"},
                       {"activations", "7-bit, -64…63"},
                       {"scores", "int32 logits, Q15.16"},
                       {"hidden_multiplier", fixed->hidden_multiplier},
                       {"cell_fraction_bits", fixed->cell_bits}};
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
  if (t.vocabulary.max_items > 0) {
    spec["training"]["vocabulary"] = {{"max_items", t.vocabulary.max_items}, {"oov_item", t.vocabulary.oov_item}};
  }
  if (t.validation_accuracy) spec["training"]["validation_accuracy"] = *t.validation_accuracy;
  const ordered_json settings = ordered_json::parse(t.settings, nullptr, false);
  spec["training"]["settings"] = settings.is_object() ? settings : ordered_json::object();
  spec["licence"] = info.licence;
  spec["attribution"] = info.attribution;
  spec["catalogue"] = catalogue_json(info.catalogue);
  return spec.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<Spec> parse_spec(std::string_view text) {
  const json document = json::parse(text.begin(), text.end(), nullptr, false);
  if (!document.is_object())
    return Error{ErrorCode::malformed, "the spec in __metadata__.sotto is not a valid JSON object"};
  std::optional<Error> error;
  FieldReader reader(document, "spec", error);
  Spec spec;
  spec.info.architecture = parse_architecture(reader.child("architecture"));
  FieldReader numbers = reader.child("numbers");
  const std::string format = numbers.string("format");
  if (format == "fixed") {
    spec.fixed = parse_fixed_numbers(numbers, spec.info.architecture.layers);
  } else if (format != "float32") {
    numbers.fail(ErrorCode::unsupported,
                 "spec.numbers.format is '" + format + "', this build knows 'float32' and 'fixed'");
  }
  spec.info.training = parse_training(reader.child("training"));
  spec.info.licence = reader.string("licence");
  spec.info.attribution = reader.string("attribution");
  if (!error) spec.info.catalogue = parse_catalogue(reader.child("catalogue"), spec.info.architecture.items);
  if (error) return std::move(*error);
  return spec;
}

}  // namespace sotto
