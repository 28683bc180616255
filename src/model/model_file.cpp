#include <sotto/model/model_file.hpp>
#include <sotto/model/safetensors.hpp>
#include <sotto/model/spec_json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <string>
#include <utility>

namespace sotto {
namespace {

constexpr const char* format_name = "sotto";
constexpr const char* format_key = "format";
constexpr const char* version_key = "format_version";
constexpr const char* spec_key = "sotto";
constexpr const char* sketch_name = "training.event_sketch";
constexpr const char* history_age_name = "history.age";
constexpr const char* history_count_name = "history.count";
constexpr const char* history_follow_name = "history.follow";

std::string layer_name(std::size_t layer, const char* part) { return "lstm." + std::to_string(layer) + "." + part; }

// ---- writing ----

template <class T>
constexpr TensorType type_of() {
  if constexpr (std::is_same_v<T, std::int8_t>) return TensorType::i8;
  if constexpr (std::is_same_v<T, std::int32_t>) return TensorType::i32;
  if constexpr (std::is_same_v<T, std::uint32_t>) return TensorType::u32;
  if constexpr (std::is_same_v<T, float>) return TensorType::f32;
}

class TensorList {
 public:
  template <class T>
  void add(std::string name, TensorShape shape, const std::vector<T>& values, std::string role) {
    roles_.push_back({name, std::move(role)});
    tensors_.push_back({std::move(name), {type_of<T>(), std::move(shape), std::as_bytes(std::span(values))}});
  }

  void add_history(const std::optional<HistoryTerm>& term) {
    if (!term) return;
    const auto add_table = [this](const char* name, std::span<const std::int32_t> values, std::string role) {
      roles_.push_back({name, std::move(role)});
      tensors_.push_back({name, {TensorType::i32, {values.size()}, std::as_bytes(values)}});
    };
    add_table(history_age_name, term->age, "logit of a seen item by events since, Q15.16 [age buckets]");
    add_table(history_count_name, term->count, "logit of a seen item by occurrences, Q15.16 [count buckets]");
    add_table(history_follow_name, std::span(&term->follow, 1),
              "logit of what followed the last item before, Q15.16 [1]");
  }

  std::vector<std::byte> write(const ModelInfo& info, const std::optional<FixedNumbers>& fixed) {
    if (!info.training_event_sketch.empty()) {
      add(sketch_name, {info.training_event_sketch.size()}, info.training_event_sketch,
          "bottom-k sketch of the events trained on");
    }
    // Wider types first, so that every tensor is aligned to its type.
    std::stable_partition(tensors_.begin(), tensors_.end(),
                          [](const NamedTensor& t) { return t.view.type != TensorType::i8; });
    const std::map<std::string, std::string, std::less<>> metadata{{format_key, format_name},
                                                                   {version_key, std::to_string(format_version)},
                                                                   {spec_key, to_json_text(info, fixed, roles_)}};
    return write_safetensors(metadata, tensors_);
  }

 private:
  std::vector<NamedTensor> tensors_;
  std::vector<TensorRole> roles_;
};

// ---- reading ----

// Takes tensors out of the container by name, checking type, shape and, where asked, the values. The first
// thing wrong is kept.
class TensorTaker {
 public:
  explicit TensorTaker(const Safetensors& file) : file_(file) {}

  template <class T>
  std::vector<T> take(const std::string& name, const TensorShape& shape) {
    ++taken_;
    const auto found = file_.tensors.find(name);
    if (found == file_.tensors.end()) {
      fail(ErrorCode::missing, "tensor '" + name + "' is missing");
      return {};
    }
    const TensorView& view = found->second;
    if (view.type != type_of<T>()) {
      fail(ErrorCode::wrong_type, "tensor '" + name + "' has type " + std::string(tensor_type_name(view.type)) +
                                      ", expected " + std::string(tensor_type_name(type_of<T>())));
      return {};
    }
    if (view.shape != shape) {
      fail(ErrorCode::wrong_shape,
           "tensor '" + name + "' has shape " + to_string(view.shape) + ", expected " + to_string(shape));
      return {};
    }
    std::vector<T> values(view.bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), view.bytes.data(), view.bytes.size());
    if constexpr (std::is_same_v<T, float>) check_finite(name, values);
    return values;
  }

  // Multipliers scale: zero or a negative one would silence or flip a row.
  std::vector<std::int32_t> take_multipliers(const std::string& name, std::uint64_t count) {
    auto values = take<std::int32_t>(name, {count});
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] < 1) {
        fail(ErrorCode::out_of_range, "tensor '" + name + "' has " + std::to_string(values[i]) + " at index " +
                                          std::to_string(i) + ", expected a multiplier ≥ 1");
        break;
      }
    }
    return values;
  }

  MatrixF32 take_f32(const std::string& name, std::uint32_t rows, std::uint32_t cols) {
    MatrixF32 matrix;
    matrix.rows = rows;
    matrix.cols = cols;
    matrix.values = take<float>(name, {rows, cols});
    return matrix;
  }

  MatrixS8 take_s8(const std::string& prefix, std::uint32_t rows, std::uint32_t cols) {
    MatrixS8 matrix;
    matrix.rows = rows;
    matrix.cols = cols;
    matrix.values = take<std::int8_t>(prefix + ".weight", {rows, cols});
    matrix.multiplier = take_multipliers(prefix + ".multiplier", rows);
    return matrix;
  }

  std::vector<std::uint32_t> take_sketch() {
    const auto found = file_.tensors.find(sketch_name);
    if (found == file_.tensors.end()) return {};
    if (found->second.shape.size() != 1) {
      fail(ErrorCode::wrong_shape, std::string("tensor '") + sketch_name + "' has shape " +
                                       to_string(found->second.shape) + ", expected one dimension");
      return {};
    }
    auto values = take<std::uint32_t>(sketch_name, found->second.shape);
    if (std::adjacent_find(values.begin(), values.end(), std::greater_equal<>{}) != values.end()) {
      fail(ErrorCode::malformed, std::string("tensor '") + sketch_name + "' is not strictly ascending");
    }
    return values;
  }

  std::optional<HistoryTerm> take_history(const Architecture& architecture) {
    if (!architecture.history_term) return std::nullopt;
    HistoryTerm term;
    const auto fill = [this](const char* name, std::span<std::int32_t> to) {
      const auto values = take<std::int32_t>(name, {to.size()});
      if (values.size() == to.size()) std::ranges::copy(values, to.begin());
    };
    fill(history_age_name, term.age);
    fill(history_count_name, term.count);
    fill(history_follow_name, std::span(&term.follow, 1));
    return term;
  }

  // To be called last: nothing may be in the file that no role asked for.
  std::optional<Error> finish() {
    if (!error_ && taken_ != file_.tensors.size()) {
      fail(ErrorCode::malformed, "the file has " + std::to_string(file_.tensors.size()) +
                                     " tensors, the architecture uses " + std::to_string(taken_));
    }
    return error_;
  }

 private:
  void fail(ErrorCode code, std::string detail) {
    if (!error_) error_ = Error{code, std::move(detail)};
  }

  void check_finite(const std::string& name, const std::vector<float>& values) {
    const auto bad = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
    if (bad != values.end()) {
      fail(ErrorCode::out_of_range,
           "tensor '" + name + "' has a value that is not finite at index " + std::to_string(bad - values.begin()));
    }
  }

  const Safetensors& file_;
  std::size_t taken_ = 0;
  std::optional<Error> error_;
};

struct Opened {
  Safetensors file;
  Spec spec;
};

Result<Opened> open_container(std::span<const std::byte> bytes) {
  auto file = parse_safetensors(bytes);
  if (!file) return std::move(file).error();
  const auto& metadata = file->metadata;
  const auto format = metadata.find(format_key);
  const auto spec_text = metadata.find(spec_key);
  if (format == metadata.end() || format->second != format_name || spec_text == metadata.end()) {
    return Error{ErrorCode::unsupported,
                 "this is a safetensors file, but not a Sotto model: __metadata__ has no format 'sotto' with a spec"};
  }
  const auto version = metadata.find(version_key);
  if (version == metadata.end() || version->second != std::to_string(format_version)) {
    return Error{ErrorCode::unsupported_version,
                 "format_version is '" + (version == metadata.end() ? std::string("missing") : version->second) +
                     "', this build reads version " + std::to_string(format_version)};
  }
  auto spec = parse_spec(spec_text->second);
  if (!spec) return std::move(spec).error();
  return Opened{std::move(file).value(), std::move(spec).value()};
}

Result<FloatModel> read_float(Opened&& opened) {
  const Architecture a = opened.spec.info.architecture;
  TensorTaker tensors(opened.file);
  FloatModel model;
  model.info = std::move(opened.spec.info);
  model.info.training_event_sketch = tensors.take_sketch();
  auto& w = model.weights;
  w.embedding = tensors.take_f32("embedding.weight", a.items, a.embedding_dim);
  for (std::uint32_t layer = 0; layer < a.layers; ++layer) {
    auto& l = w.lstm.emplace_back();
    l.input_weights = tensors.take_f32(layer_name(layer, "input.weight"), 4 * a.hidden_dim, a.layer_input_dim(layer));
    l.hidden_weights = tensors.take_f32(layer_name(layer, "hidden.weight"), 4 * a.hidden_dim, a.hidden_dim);
    l.bias = tensors.take<float>(layer_name(layer, "bias"), {std::uint64_t{4} * a.hidden_dim});
  }
  if (a.skip_connection) w.skip = tensors.take_f32("skip.weight", a.hidden_dim, a.embedding_dim);
  if (!a.tied_head) w.head = tensors.take_f32("head.weight", a.items, a.hidden_dim);
  w.head_bias = tensors.take<float>("head.bias", {a.items});
  w.history = tensors.take_history(a);
  if (auto error = tensors.finish()) return std::move(*error);
  return model;
}

Result<FixedModel> read_fixed(Opened&& opened) {
  const Architecture a = opened.spec.info.architecture;
  const FixedNumbers numbers = *std::move(opened.spec.fixed);
  TensorTaker tensors(opened.file);
  FixedModel model;
  model.info = std::move(opened.spec.info);
  model.info.training_event_sketch = tensors.take_sketch();
  auto& w = model.weights;
  w.embedding = tensors.take_s8("embedding", a.items, a.embedding_dim);
  for (std::uint32_t layer = 0; layer < a.layers; ++layer) {
    auto& l = w.lstm.emplace_back();
    l.input_weights = tensors.take_s8(layer_name(layer, "input"), 4 * a.hidden_dim, a.layer_input_dim(layer));
    l.hidden_weights = tensors.take_s8(layer_name(layer, "hidden"), 4 * a.hidden_dim, a.hidden_dim);
    l.bias = tensors.take<std::int32_t>(layer_name(layer, "bias"), {std::uint64_t{4} * a.hidden_dim});
    l.hidden_multiplier = numbers.hidden_multiplier[layer];
    l.cell_bits = numbers.cell_bits[layer];
  }
  if (a.skip_connection) w.skip = tensors.take_s8("skip", a.hidden_dim, a.embedding_dim);
  if (!a.tied_head) w.head = tensors.take<std::int8_t>("head.weight", {a.items, a.hidden_dim});
  w.head_multiplier = tensors.take_multipliers("head.multiplier", a.items);
  w.head_bias = tensors.take<std::int32_t>("head.bias", {a.items});
  w.history = tensors.take_history(a);
  if (auto error = tensors.finish()) return std::move(*error);
  return model;
}

}  // namespace

Result<std::variant<FloatModel, FixedModel>> parse_model(std::span<const std::byte> file) {
  auto opened = open_container(file);
  if (!opened) return std::move(opened).error();
  if (opened->spec.fixed) {
    auto model = read_fixed(std::move(opened).value());
    if (!model) return std::move(model).error();
    return std::variant<FloatModel, FixedModel>(std::move(model).value());
  }
  auto model = read_float(std::move(opened).value());
  if (!model) return std::move(model).error();
  return std::variant<FloatModel, FixedModel>(std::move(model).value());
}

Result<FloatModel> parse_float_model(std::span<const std::byte> file) {
  auto opened = open_container(file);
  if (!opened) return std::move(opened).error();
  if (opened->spec.fixed) {
    return Error{ErrorCode::wrong_type,
                 "this is a fixed-point model; a float32 model (as `sotto train` writes beside it) is needed here"};
  }
  return read_float(std::move(opened).value());
}

Result<FixedModel> parse_fixed_model(std::span<const std::byte> file) {
  auto opened = open_container(file);
  if (!opened) return std::move(opened).error();
  if (!opened->spec.fixed) {
    return Error{ErrorCode::wrong_type,
                 "this is a float32 model; a fixed-point one is needed here: make it with `sotto quantize`"};
  }
  return read_fixed(std::move(opened).value());
}

std::vector<std::byte> serialize(const FloatModel& model) {
  const auto& w = model.weights;
  TensorList tensors;
  const auto add = [&tensors](std::string name, const MatrixF32& m, std::string role) {
    tensors.add(std::move(name), {m.rows, m.cols}, m.values, std::move(role));
  };
  add("embedding.weight", w.embedding, "item embedding [items, embedding_dim]");
  for (std::size_t layer = 0; layer < w.lstm.size(); ++layer) {
    const auto& l = w.lstm[layer];
    add(layer_name(layer, "input.weight"), l.input_weights, "gates from the layer's input [4 hidden_dim, input_dim]");
    add(layer_name(layer, "hidden.weight"), l.hidden_weights,
        "gates from the layer's hidden state [4 hidden_dim, hidden_dim]");
    tensors.add(layer_name(layer, "bias"), {l.bias.size()}, l.bias, "gate biases [4 hidden_dim]");
  }
  if (w.skip.rows != 0)
    add("skip.weight", w.skip, "head input from the last item's embedding [hidden_dim, embedding_dim]");
  if (w.head.rows != 0) add("head.weight", w.head, "item head [items, hidden_dim]");
  tensors.add("head.bias", {w.head_bias.size()}, w.head_bias, "item biases [items]");
  tensors.add_history(w.history);
  return tensors.write(model.info, std::nullopt);
}

std::vector<std::byte> serialize(const FixedModel& model) {
  const auto& w = model.weights;
  TensorList tensors;
  const auto add = [&tensors](const std::string& prefix, const MatrixS8& m, const std::string& role,
                              const std::string& multiplier_role) {
    tensors.add(prefix + ".weight", {m.rows, m.cols}, m.values, role);
    tensors.add(prefix + ".multiplier", {m.multiplier.size()}, m.multiplier, multiplier_role);
  };
  FixedNumbers numbers;
  add("embedding", w.embedding, "item embedding [items, embedding_dim]",
      "embedding row → 7-bit activation, 2^-24 [items]");
  for (std::size_t layer = 0; layer < w.lstm.size(); ++layer) {
    const auto& l = w.lstm[layer];
    const std::string gate_multiplier = "accumulator → gate Q3.12, 2^-24 [4 hidden_dim]";
    add(layer_name(layer, "input"), l.input_weights, "gates from the layer's input [4 hidden_dim, input_dim]",
        gate_multiplier);
    add(layer_name(layer, "hidden"), l.hidden_weights, "gates from the layer's hidden state [4 hidden_dim, hidden_dim]",
        gate_multiplier);
    tensors.add(layer_name(layer, "bias"), {l.bias.size()}, l.bias, "gate biases, 2^-24 [4 hidden_dim]");
    numbers.hidden_multiplier.push_back(l.hidden_multiplier);
    numbers.cell_bits.push_back(l.cell_bits);
  }
  if (w.skip.rows != 0) {
    add("skip", w.skip, "head input from the last item's embedding [hidden_dim, embedding_dim]",
        "accumulator → head input Q3.12, 2^-24 [hidden_dim]");
  }
  const auto& a = model.info.architecture;
  if (!w.head.empty()) tensors.add("head.weight", {a.items, a.hidden_dim}, w.head, "item head [items, hidden_dim]");
  tensors.add("head.multiplier", {w.head_multiplier.size()}, w.head_multiplier, "head row scale, 2^-30 [items]");
  tensors.add("head.bias", {w.head_bias.size()}, w.head_bias, "item biases, logits Q15.16 [items]");
  tensors.add_history(w.history);
  return tensors.write(model.info, numbers);
}

}  // namespace sotto
