// Opens and saves models by the names of their files. A float model lies beside the fixed-point model made from it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>

#include <cstdint>
#include <filesystem>
#include <variant>

namespace sotto::app {

// "model.safetensors" → "model.float.safetensors".
[[nodiscard]] std::filesystem::path float_sibling(const std::filesystem::path& model);

template <class Model>
struct LoadedModel {
  Model model;
  std::uint64_t fingerprint = 0;  // XXH64 of the file
  std::uint64_t bytes = 0;
};
using AnyModel = std::variant<FloatModel, FixedModel>;

// Errors name the file. Where it holds the wrong kind of model, they say what to do.
[[nodiscard]] Result<LoadedModel<AnyModel>> load_model(const std::filesystem::path& file);
[[nodiscard]] Result<LoadedModel<FloatModel>> load_float_model(const std::filesystem::path& file);
[[nodiscard]] Result<LoadedModel<FixedModel>> load_fixed_model(const std::filesystem::path& file);

// Write the file atomically (data/files.hpp) and return its size in bytes.
[[nodiscard]] Result<std::uint64_t> save_model(const FloatModel& model, const std::filesystem::path& file);
[[nodiscard]] Result<std::uint64_t> save_model(const FixedModel& model, const std::filesystem::path& file);

// The files that were written for a fixed-point model and its float original, with their sizes.
struct SavedPair {
  std::filesystem::path fixed_file;
  std::filesystem::path float_file;  // beside the fixed-point model
  std::uint64_t fixed_bytes = 0;
  std::uint64_t float_bytes = 0;
};
// Writes the float model first: a fixed-point model never lies there without the original that it was made from.
[[nodiscard]] Result<SavedPair> save_pair(const FixedModel& fixed, const FloatModel& original,
                                          const std::filesystem::path& fixed_file);

}  // namespace sotto::app
