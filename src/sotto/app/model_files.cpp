#include <sotto/app/model_files.hpp>
#include <sotto/base/hash.hpp>
#include <sotto/data/files.hpp>
#include <sotto/model/model_file.hpp>

#include <fmt/format.h>

#include <utility>

namespace sotto::app {
namespace {

template <class Model>
Result<std::uint64_t> save(const Model& model, const std::filesystem::path& file) {
  const auto bytes = serialize(model);
  if (auto written = data::write_file_atomically(file, bytes); !written) return std::move(written).error();
  return std::uint64_t{bytes.size()};
}

template <class Model>
Result<LoadedModel<Model>> load_kind(const std::filesystem::path& file, std::string_view advice) {
  auto loaded = load_model(file);
  if (!loaded) return std::move(loaded).error();
  Model* model = std::get_if<Model>(&loaded->model);
  if (model == nullptr) return Error{ErrorCode::wrong_type, fmt::format("{}: {}", file.string(), advice)};
  return LoadedModel<Model>{std::move(*model), loaded->fingerprint, loaded->bytes};
}

}  // namespace

std::filesystem::path float_sibling(const std::filesystem::path& model) {
  const std::string name = model.stem().string() + ".float" + model.extension().string();
  return std::filesystem::path(model).replace_filename(name);
}

Result<LoadedModel<AnyModel>> load_model(const std::filesystem::path& file) {
  auto bytes = data::read_file(file);
  if (!bytes) return std::move(bytes).error();
  auto model = parse_model(*bytes);
  if (!model) return Error{model.error().code, fmt::format("{}: {}", file.string(), model.error().detail)};
  return LoadedModel<AnyModel>{std::move(*model), xxh64(*bytes), bytes->size()};
}

Result<LoadedModel<FloatModel>> load_float_model(const std::filesystem::path& file) {
  return load_kind<FloatModel>(file,
                               "this is a fixed-point model; name the float model that 'sotto train' wrote beside it");
}

Result<LoadedModel<FixedModel>> load_fixed_model(const std::filesystem::path& file) {
  return load_kind<FixedModel>(file,
                               "this is a float model; name the fixed-point model, or make one with 'sotto quantize'");
}

Result<std::uint64_t> save_model(const FloatModel& model, const std::filesystem::path& file) {
  return save(model, file);
}
Result<std::uint64_t> save_model(const FixedModel& model, const std::filesystem::path& file) {
  return save(model, file);
}

Result<SavedPair> save_pair(const FixedModel& fixed, const FloatModel& original,
                            const std::filesystem::path& fixed_file) {
  SavedPair saved{.fixed_file = fixed_file, .float_file = float_sibling(fixed_file)};
  auto float_bytes = save_model(original, saved.float_file);
  if (!float_bytes) return std::move(float_bytes).error();
  auto fixed_bytes = save_model(fixed, saved.fixed_file);
  if (!fixed_bytes) return std::move(fixed_bytes).error();
  saved.float_bytes = *float_bytes;
  saved.fixed_bytes = *fixed_bytes;
  return saved;
}

}  // namespace sotto::app
