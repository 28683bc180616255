#include <sotto/model/catalogue_json.hpp>
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
constexpr const char* catalogue_name = "catalogue";
constexpr const char* sketch_name = "training.event_sketch";
constexpr const char* history_age_name = "history.age";
constexpr const char* history_count_name = "history.count";
constexpr const char* history_follow_name = "history.follow";
constexpr const char* memory_temperature_name = "memory.temperature";
constexpr const char* memory_weight_name = "memory.weight";
constexpr const char* memory_recent_name = "memory.recent";
constexpr const char* memory_direction_name = "memory.direction";
constexpr const char* counts_begin_name = "counts.begin";
constexpr const char* counts_neighbour_name = "counts.neighbour";
constexpr const char* counts_weight_name = "counts.weight";
constexpr const char* counts_multiplier_name = "counts.multiplier";
constexpr const char* counts_decay_name = "counts.decay";
constexpr const char* counts_curve_name = "counts.curve";

// Item indices of a catalogue up to this size are stored in 16 bits.
constexpr std::uint32_t max_items_of_u16 = 1U << 16;

std::string layer_name(std::size_t layer, const char* part) { return "lstm." + std::to_string(layer) + "." + part; }

// ---- writing ----

template <class T>
constexpr TensorType type_of() {
  if constexpr (std::is_same_v<T, std::int8_t>) return TensorType::i8;
  if constexpr (std::is_same_v<T, std::uint8_t>) return TensorType::u8;
  if constexpr (std::is_same_v<T, std::uint16_t>) return TensorType::u16;
  if constexpr (std::is_same_v<T, std::int32_t>) return TensorType::i32;
  if constexpr (std::is_same_v<T, std::uint32_t>) return TensorType::u32;
  if constexpr (std::is_same_v<T, float>) return TensorType::f32;
}

class TensorList {
 public:
  template <class T>
  void add(std::string name, TensorShape shape, const std::vector<T>& values, std::string role) {
    add(std::move(name), std::move(shape), std::span<const T>(values), std::move(role));
  }

  template <class T>
  void add(std::string name, TensorShape shape, std::span<const T> values, std::string role) {
    roles_.push_back({name, std::move(role)});
    tensors_.push_back({std::move(name), {type_of<T>(), std::move(shape), std::as_bytes(values)}});
  }

  void add_s4(std::string name, const MatrixS4& matrix, std::string role) {
    roles_.push_back({name, std::move(role)});
    tensors_.push_back(
        {std::move(name), {TensorType::u8, {matrix.rows, matrix.stride()}, std::as_bytes(matrix.bytes.span())}});
  }

  void add_history(const std::optional<HistoryTerm>& term) {
    if (!term) return;
    add_table(history_age_name, term->age, "logit of a seen item by events since, Q15.16 [age buckets]");
    add_table(history_count_name, term->count, "logit of a seen item by occurrences, Q15.16 [count buckets]");
    add_table(history_follow_name, std::span(&term->follow, 1),
              "logit of what followed the last item before, Q15.16 [1]");
  }

  void add_memory(const std::optional<MemoryTerm>& term, std::size_t hidden_dim) {
    if (!term) return;
    add_table(memory_temperature_name, std::span(&term->temperature, 1), "of the scores as log-odds, Q15.16 [1]");
    add_table(memory_weight_name, term->weight, "first weights of the personal memory, Q15.16 [weights]");
    add_table(memory_recent_name, term->recent, "first parts of the recent means, Q15.16 [means]");
    add(memory_direction_name, {adapter_rank_of(hidden_dim), hidden_dim}, term->direction,
        "what a user's adapter reads of the head's input, 1/127 [directions, hidden]");
  }

  void add_counts(const std::optional<CountExpert>& expert, std::uint32_t items) {
    if (!expert) return;
    add(counts_begin_name, {expert->begin.size()}, expert->begin, "first neighbour of each item [items + 1]");
    const std::string role = "items that followed the item [neighbours]";
    if (items <= max_items_of_u16) {
      narrow_indices_.assign(expert->neighbour.begin(), expert->neighbour.end());
      add(counts_neighbour_name, {narrow_indices_.size()}, narrow_indices_, role);
    } else {
      add(counts_neighbour_name, {expert->neighbour.size()}, expert->neighbour, role);
    }
    add(counts_weight_name, {expert->weight.size()}, expert->weight, "how often, in units of the row [neighbours]");
    add(counts_multiplier_name, {expert->multiplier.size()}, expert->multiplier, "a row's unit, 2^-20 [items]");
    add_table(counts_decay_name, expert->decay, "weight of the latest events by age, Q15 [events]");
    add_table(counts_curve_name, expert->curve, "logit at counts of powers of two, Q15.16 [knots]");
  }

  std::vector<std::byte> write(const ModelInfo& info, const std::optional<FixedNumbers>& fixed) {
    if (!info.training_event_sketch.empty()) {
      add(sketch_name, {info.training_event_sketch.size()}, info.training_event_sketch,
          "bottom-k sketch of the events trained on");
    }
    const std::string catalogue = to_json_text(info.catalogue);
    add(catalogue_name, {catalogue.size()},
        std::span(reinterpret_cast<const std::uint8_t*>(catalogue.data()), catalogue.size()),
        "ids and what is known of the items, JSON text [bytes]");
    // Wider types first, so that every tensor is aligned to its type.
    std::ranges::stable_sort(tensors_, std::ranges::greater{},
                             [](const NamedTensor& t) { return tensor_type_size(t.view.type); });
    const int version = info.architecture.memory_term    ? format_version_with_memory
                        : fixed && fixed->head_bits == 4 ? format_version_with_s4_head
                                                         : format_version;
    const std::map<std::string, std::string, std::less<>> metadata{{format_key, format_name},
                                                                   {version_key, std::to_string(version)},
                                                                   {spec_key, to_json_text(info, fixed, roles_)}};
    return write_safetensors(metadata, tensors_);
  }

 private:
  void add_table(const char* name, std::span<const std::int32_t> values, std::string role) {
    roles_.push_back({name, std::move(role)});
    tensors_.push_back({name, {TensorType::i32, {values.size()}, std::as_bytes(values)}});
  }

  std::vector<NamedTensor> tensors_;
  std::vector<TensorRole> roles_;
  std::vector<std::uint16_t> narrow_indices_;
};

// ---- reading ----

// Takes tensors out of the container by name, checking type, shape and, where asked, the values. The first
// thing wrong is kept.
class TensorTaker {
 public:
  explicit TensorTaker(const Safetensors& file, WeightStorage storage = WeightStorage::copied)
      : file_(file), storage_(storage) {}

  template <class T>
  std::vector<T> take(const std::string& name, const TensorShape& shape) {
    const TensorView* view = find(name, type_of<T>(), shape);
    if (view == nullptr) return {};
    std::vector<T> values(view->bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), view->bytes.data(), view->bytes.size());
    if constexpr (std::is_same_v<T, float>) check_finite(name, values);
    return values;
  }

  WeightValues take_weights(const std::string& name, const TensorShape& shape, TensorType type = TensorType::i8) {
    const TensorView* view = find(name, type, shape);
    if (view == nullptr) return {};
    if (storage_ == WeightStorage::in_file) return WeightValues::in_file(view->bytes);
    WeightValues values(view->bytes.size());
    if (!values.empty()) std::memcpy(&values[0], view->bytes.data(), view->bytes.size());
    return values;
  }

  MatrixS4 take_s4(const std::string& name, std::uint32_t rows, std::uint32_t cols) {
    MatrixS4 matrix;
    matrix.rows = rows;
    matrix.cols = cols;
    matrix.bytes = take_weights(name, {rows, matrix.stride()}, TensorType::u8);
    if (!error_) check_padding(name, matrix);
    return matrix;
  }

  // Multipliers scale: zero or a negative one would silence or flip a row.
  std::vector<std::int32_t> take_multipliers(const std::string& name, std::uint64_t count,
                                             std::int32_t most = std::numeric_limits<std::int32_t>::max()) {
    auto values = take<std::int32_t>(name, {count});
    const auto bad = std::ranges::find_if(values, [most](std::int32_t v) { return v < 1 || v > most; });
    if (bad != values.end()) {
      fail(ErrorCode::out_of_range, "tensor '" + name + "' has " + std::to_string(*bad) + " at index " +
                                        std::to_string(bad - values.begin()) + ", expected a multiplier of 1 … " +
                                        std::to_string(most));
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
    matrix.values = take_weights(prefix + ".weight", {rows, cols});
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

  Catalogue take_catalogue(std::uint32_t items, const InfoReaders& readers) {
    ++taken_;
    const auto found = file_.tensors.find(catalogue_name);
    if (found == file_.tensors.end() || found->second.type != TensorType::u8) {
      fail(ErrorCode::missing, std::string("tensor '") + catalogue_name + "' of type U8 is missing");
      return {};
    }
    if (readers.catalogue == nullptr || error_) return {};
    const auto bytes = found->second.bytes;
    auto catalogue = readers.catalogue({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, items);
    if (!catalogue) {
      fail(catalogue.error().code, catalogue.error().detail);
      return {};
    }
    return std::move(catalogue).value();
  }

  std::optional<HistoryTerm> take_history(const Architecture& architecture) {
    if (!architecture.history_term) return std::nullopt;
    HistoryTerm term;
    fill(history_age_name, term.age);
    fill(history_count_name, term.count);
    fill(history_follow_name, std::span(&term.follow, 1));
    return term;
  }

  std::optional<MemoryTerm> take_memory(const Architecture& architecture) {
    if (!architecture.memory_term) return std::nullopt;
    MemoryTerm term;
    fill(memory_temperature_name, std::span(&term.temperature, 1));
    fill(memory_weight_name, term.weight);
    fill(memory_recent_name, term.recent);
    term.direction =
        take<std::int8_t>(memory_direction_name, {adapter_rank_of(architecture.hidden_dim), architecture.hidden_dim});
    if (term.temperature < min_memory_temperature || term.temperature > max_memory_temperature) {
      fail(ErrorCode::out_of_range,
           std::string("tensor '") + memory_temperature_name + "' is " + std::to_string(term.temperature) +
               ", expected " + std::to_string(min_memory_temperature) + " … " + std::to_string(max_memory_temperature));
    }
    return term;
  }

  std::optional<CountExpert> take_counts(const Architecture& architecture) {
    if (!architecture.count_expert) return std::nullopt;
    CountExpert expert;
    expert.begin = take<std::uint32_t>(counts_begin_name, {std::uint64_t{architecture.items} + 1});
    const std::uint64_t neighbours = expert.begin.empty() ? 0 : expert.begin.back();
    if (architecture.items <= max_items_of_u16) {
      const auto narrow = take<std::uint16_t>(counts_neighbour_name, {neighbours});
      expert.neighbour.assign(narrow.begin(), narrow.end());
    } else {
      expert.neighbour = take<std::uint32_t>(counts_neighbour_name, {neighbours});
    }
    expert.weight = take<std::uint8_t>(counts_weight_name, {neighbours});
    expert.multiplier = take_multipliers(counts_multiplier_name, architecture.items, max_count_multiplier);
    fill(counts_decay_name, expert.decay);
    fill(counts_curve_name, expert.curve);
    if (!error_) check_counts(expert, architecture.items);
    return expert;
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
  // Null where the tensor is not there as it should be.
  const TensorView* find(const std::string& name, TensorType type, const TensorShape& shape) {
    ++taken_;
    const auto found = file_.tensors.find(name);
    if (found == file_.tensors.end()) {
      fail(ErrorCode::missing, "tensor '" + name + "' is missing");
      return nullptr;
    }
    const TensorView& view = found->second;
    if (view.type != type) {
      fail(ErrorCode::wrong_type, "tensor '" + name + "' has type " + std::string(tensor_type_name(view.type)) +
                                      ", expected " + std::string(tensor_type_name(type)));
      return nullptr;
    }
    if (view.shape != shape) {
      fail(ErrorCode::wrong_shape,
           "tensor '" + name + "' has shape " + to_string(view.shape) + ", expected " + to_string(shape));
      return nullptr;
    }
    return &view;
  }

  void fill(const char* name, std::span<std::int32_t> to) {
    const auto values = take<std::int32_t>(name, {to.size()});
    if (values.size() == to.size()) std::ranges::copy(values, to.begin());
  }

  void check_counts(const CountExpert& expert, std::uint32_t items) {
    if (expert.begin.front() != 0 || !std::ranges::is_sorted(expert.begin)) {
      return fail(ErrorCode::malformed,
                  std::string("tensor '") + counts_begin_name + "' does not ascend from 0 to the number of neighbours");
    }
    for (std::uint32_t item = 0; item < items; ++item) {
      const auto row =
          std::span(expert.neighbour).subspan(expert.begin[item], expert.begin[item + 1] - expert.begin[item]);
      const bool ascends = std::ranges::adjacent_find(row, std::ranges::greater_equal{}) == row.end();
      if (row.empty() || (ascends && row.back() < items)) continue;
      return fail(ErrorCode::malformed, std::string("tensor '") + counts_neighbour_name + "': the neighbours of item " +
                                            std::to_string(item) + " are not ascending indices below " +
                                            std::to_string(items));
    }
    if (std::ranges::find(expert.weight, 0) != expert.weight.end()) {
      return fail(ErrorCode::out_of_range, std::string("tensor '") + counts_weight_name + "' has a weight of 0");
    }
    for (const std::int32_t decay : expert.decay) {
      if (decay >= 0 && decay <= 1 << count_decay_bits) continue;
      return fail(ErrorCode::out_of_range, std::string("tensor '") + counts_decay_name + "' has " +
                                               std::to_string(decay) + ", expected 0 … 32768");
    }
  }

  void fail(ErrorCode code, std::string detail) {
    if (!error_) error_ = Error{code, std::move(detail)};
  }

  // Behind a row's last column the kernels read on.
  void check_padding(const std::string& name, const MatrixS4& matrix) {
    for (std::size_t r = 0; r < matrix.rows; ++r) {
      for (std::size_t c = matrix.cols; c < 2 * matrix.stride(); ++c) {
        if (weight_s4(matrix.row(r), matrix.stride(), c) == 0) continue;
        return fail(ErrorCode::out_of_range, "tensor '" + name + "' has a weight behind the last column of row " +
                                                 std::to_string(r) + ", expected the weight 0 there");
      }
    }
  }

  void check_finite(const std::string& name, const std::vector<float>& values) {
    const auto bad = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
    if (bad != values.end()) {
      fail(ErrorCode::out_of_range,
           "tensor '" + name + "' has a value that is not finite at index " + std::to_string(bad - values.begin()));
    }
  }

  const Safetensors& file_;
  WeightStorage storage_;
  std::size_t taken_ = 0;
  std::optional<Error> error_;
};

struct Opened {
  Safetensors file;
  Spec spec;
};

Result<Opened> open_container(std::span<const std::byte> bytes, RecordReader record = read_record) {
  auto file = parse_safetensors(bytes);
  if (!file) return std::move(file).error();
  const auto& metadata = file->metadata;
  const auto format = metadata.find(format_key);
  const auto spec_text = metadata.find(spec_key);
  if (format == metadata.end() || format->second != format_name || spec_text == metadata.end()) {
    return Error{ErrorCode::unsupported,
                 "this is a safetensors file, but not a Sotto model: __metadata__ has no format 'sotto' with a spec"};
  }
  const auto stated = metadata.find(version_key);
  const std::string version = stated == metadata.end() ? "missing" : stated->second;
  int number = format_version;
  while (number <= format_version_with_memory && version != std::to_string(number)) ++number;
  if (number > format_version_with_memory) {
    return Error{ErrorCode::unsupported_version, "format_version is '" + version + "', this build reads versions " +
                                                     std::to_string(format_version) + " to " +
                                                     std::to_string(format_version_with_memory)};
  }
  auto spec = parse_spec(spec_text->second, number, record);
  if (!spec) return std::move(spec).error();
  return Opened{std::move(file).value(), std::move(spec).value()};
}

Result<FloatModel> read_float(Opened&& opened) {
  const Architecture a = opened.spec.info.architecture;
  TensorTaker tensors(opened.file);
  FloatModel model;
  model.info = std::move(opened.spec.info);
  model.info.training_event_sketch = tensors.take_sketch();
  model.info.catalogue = tensors.take_catalogue(a.items, read_info);
  auto& w = model.weights;
  w.embedding = tensors.take_f32("embedding.weight", a.items, a.embedding_dim);
  for (std::uint32_t layer = 0; layer < a.layers; ++layer) {
    auto& l = w.lstm.emplace_back();
    l.input_weights = tensors.take_f32(layer_name(layer, "input.weight"), 4 * a.hidden_dim, a.layer_input_dim(layer));
    l.hidden_weights = tensors.take_f32(layer_name(layer, "hidden.weight"), 4 * a.hidden_dim, a.hidden_dim);
    l.bias = tensors.take<float>(layer_name(layer, "bias"), {std::uint64_t{4} * a.hidden_dim});
  }
  if (a.skip_connection) w.skip = tensors.take_f32("skip.weight", a.hidden_dim, a.embedding_dim);
  w.head_kind = a.head;
  if (!a.tied_head) w.head = tensors.take_f32("head.weight", a.head_rows(), a.hidden_dim);
  w.head_bias = tensors.take<float>("head.bias", {a.head_rows()});
  w.history = tensors.take_history(a);
  w.counts = tensors.take_counts(a);
  w.memory = tensors.take_memory(a);
  if (auto error = tensors.finish()) return std::move(*error);
  return model;
}

Result<FixedModel> read_fixed(Opened&& opened, FixedModelReading reading) {
  const Architecture a = opened.spec.info.architecture;
  const FixedNumbers numbers = *std::move(opened.spec.fixed);
  TensorTaker tensors(opened.file, reading.weights);
  FixedModel model;
  model.info = std::move(opened.spec.info);
  model.info.training_event_sketch = tensors.take_sketch();
  model.info.catalogue = tensors.take_catalogue(a.items, reading.info);
  auto& w = model.weights;
  const bool s4_head = numbers.head_bits == 4;
  if (s4_head && a.tied_head) {
    w.embedding.rows = a.items;
    w.embedding.cols = a.embedding_dim;
    w.head_s4 = tensors.take_s4("embedding.weight", a.items, a.embedding_dim);
    w.embedding.multiplier = tensors.take_multipliers("embedding.multiplier", a.items);
  } else {
    w.embedding = tensors.take_s8("embedding", a.items, a.embedding_dim);
  }
  for (std::uint32_t layer = 0; layer < a.layers; ++layer) {
    auto& l = w.lstm.emplace_back();
    l.input_weights = tensors.take_s8(layer_name(layer, "input"), 4 * a.hidden_dim, a.layer_input_dim(layer));
    l.hidden_weights = tensors.take_s8(layer_name(layer, "hidden"), 4 * a.hidden_dim, a.hidden_dim);
    l.bias = tensors.take<std::int32_t>(layer_name(layer, "bias"), {std::uint64_t{4} * a.hidden_dim});
    l.hidden_multiplier = numbers.hidden_multiplier[layer];
    l.cell_bits = numbers.cell_bits[layer];
  }
  if (a.skip_connection) w.skip = tensors.take_s8("skip", a.hidden_dim, a.embedding_dim);
  if (!a.tied_head && s4_head) w.head_s4 = tensors.take_s4("head.weight", a.items, a.hidden_dim);
  if (!a.tied_head && !s4_head) w.head = tensors.take_weights("head.weight", {a.head_rows(), a.hidden_dim});
  w.head_multiplier = tensors.take_multipliers("head.multiplier", a.head_rows());
  w.head_bias = tensors.take<std::int32_t>("head.bias", {a.head_rows()});
  w.history = tensors.take_history(a);
  w.counts = tensors.take_counts(a);
  w.memory = tensors.take_memory(a);
  if (auto error = tensors.finish()) return std::move(*error);
  return model;
}

}  // namespace

Result<std::variant<FloatModel, FixedModel>> parse_model(std::span<const std::byte> file) {
  auto opened = open_container(file);
  if (!opened) return std::move(opened).error();
  if (opened->spec.fixed) {
    auto model = read_fixed(std::move(opened).value(), {});
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

Result<FixedModel> parse_fixed_model(std::span<const std::byte> file, FixedModelReading reading) {
  auto opened = open_container(file, reading.info.record);
  if (!opened) return std::move(opened).error();
  if (!opened->spec.fixed) {
    return Error{ErrorCode::wrong_type,
                 "this is a float32 model; a fixed-point one is needed here: make it with `sotto quantize`"};
  }
  return read_fixed(std::move(opened).value(), reading);
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
  if (w.head.rows != 0) add("head.weight", w.head, "head [items or 1, hidden_dim]");
  tensors.add("head.bias", {w.head_bias.size()}, w.head_bias, "head biases [items or 1]");
  tensors.add_history(w.history);
  tensors.add_counts(w.counts, model.info.architecture.items);
  tensors.add_memory(w.memory, model.info.architecture.hidden_dim);
  return tensors.write(model.info, std::nullopt);
}

std::vector<std::byte> serialize(const FixedModel& model) {
  const auto& w = model.weights;
  TensorList tensors;
  const auto add = [&tensors](const std::string& prefix, const MatrixS8& m, const std::string& role,
                              const std::string& multiplier_role) {
    tensors.add(prefix + ".weight", {m.rows, m.cols}, m.values.span(), role);
    tensors.add(prefix + ".multiplier", {m.multiplier.size()}, m.multiplier, multiplier_role);
  };
  const auto& a = model.info.architecture;
  FixedNumbers numbers;
  numbers.head_bits = w.head_bits();
  const bool s4_head = w.head_bits() == 4;
  const std::string embedding_multiplier = "embedding row → 7-bit activation, 2^-24 [items]";
  if (s4_head && a.tied_head) {
    tensors.add_s4("embedding.weight", w.head_s4,
                   "item embedding and head, two 4-bit weights + 8 a byte [items, bytes]");
    tensors.add("embedding.multiplier", {a.items}, w.embedding.multiplier, embedding_multiplier);
  } else {
    add("embedding", w.embedding, "item embedding [items, embedding_dim]", embedding_multiplier);
  }
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
  if (s4_head && !a.tied_head)
    tensors.add_s4("head.weight", w.head_s4, "head, two 4-bit weights + 8 a byte [items, bytes]");
  if (!w.head.empty())
    tensors.add("head.weight", {a.head_rows(), a.hidden_dim}, w.head.span(), "head [items or 1, hidden_dim]");
  tensors.add("head.multiplier", {w.head_multiplier.size()}, w.head_multiplier, "head row scale, 2^-30 [items or 1]");
  tensors.add("head.bias", {w.head_bias.size()}, w.head_bias, "head biases, logits Q15.16 [items or 1]");
  tensors.add_history(w.history);
  tensors.add_counts(w.counts, a.items);
  tensors.add_memory(w.memory, model.info.architecture.hidden_dim);
  return tensors.write(model.info, numbers);
}

}  // namespace sotto
