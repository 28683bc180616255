#include <sotto/app/float_original.hpp>
#include <sotto/app/model_files.hpp>

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace sotto::app {
namespace {

// A fixed-point model differs from its original in its weights only.
bool same_origin(const ModelInfo& fixed, const ModelInfo& floating) {
  return fixed.architecture == floating.architecture && fixed.catalogue.item_ids == floating.catalogue.item_ids &&
         fixed.training.log.fingerprint == floating.training.log.fingerprint &&
         fixed.training.split.kind == floating.training.split.kind;
}

}  // namespace

Result<FloatOriginal> find_float_original(const std::filesystem::path& fixed_file, const ModelInfo& fixed,
                                          const std::filesystem::path& named) {
  const std::filesystem::path file = named.empty() ? float_sibling(fixed_file) : named;
  std::error_code ignored;
  if (named.empty() && !std::filesystem::exists(file, ignored)) {
    return FloatOriginal{{}, fmt::format("there is no {} beside the model; name it with --float-model", file.string())};
  }
  auto loaded = load_float_model(file);
  if (loaded && same_origin(fixed, loaded->model.info)) return FloatOriginal{std::move(loaded->model), {}};
  Error error =
      loaded ? Error{ErrorCode::mismatch, fmt::format("{}: not the float original of {}: its architecture, items "
                                                      "or training log differ",
                                                      file.string(), fixed_file.string())}
             : std::move(loaded).error();
  if (!named.empty()) return error;
  return FloatOriginal{{}, std::move(error.detail)};
}

}  // namespace sotto::app
