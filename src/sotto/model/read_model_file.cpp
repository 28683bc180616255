#include <sotto/model/internal/checksum.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/model/internal/tensor_names.hpp>
#include <sotto/model/internal/tensor_taker.hpp>
#include <sotto/model/model_file.hpp>

#include <optional>
#include <string>
#include <utility>

namespace sotto {
namespace {

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

// Asked last, so that an error that says more comes before it. Files of earlier builds have no checksum.
std::optional<Error> damage_of(const Safetensors& file) {
  const auto stated = file.metadata.find(checksum_key);
  if (stated == file.metadata.end()) return std::nullopt;
  TensorBytes tensors;
  for (const auto& [name, view] : file.tensors) tensors.emplace(name, view.bytes);
  const std::string computed = model_checksum(file.metadata.find(spec_key)->second, tensors);
  if (computed == stated->second) return std::nullopt;
  return Error{ErrorCode::malformed, "the file is damaged: its checksum is '" + stated->second +
                                         "', its content gives '" + computed + "'; copy or load it again"};
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
  if (auto damage = damage_of(opened.file)) return std::move(*damage);
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
  if (auto damage = damage_of(opened.file)) return std::move(*damage);
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

}  // namespace sotto
