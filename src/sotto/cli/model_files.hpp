// Model files by name: the fixed-point model, and its float original beside it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>

#include <cstdint>
#include <filesystem>
#include <variant>

namespace sotto::cli {

// "model.safetensors" → "model.float.safetensors".
[[nodiscard]] std::filesystem::path float_sibling(const std::filesystem::path& model);

template <class Model>
struct LoadedModel {
  Model model;
  std::uint64_t fingerprint = 0;  // XXH64 of the file
  std::uint64_t bytes = 0;
};
using AnyModel = std::variant<FloatModel, FixedModel>;

// Errors name the file, and what to do when it is the wrong kind of model.
[[nodiscard]] Result<LoadedModel<AnyModel>> load_model(const std::filesystem::path& file);
[[nodiscard]] Result<LoadedModel<FloatModel>> load_float_model(const std::filesystem::path& file);
[[nodiscard]] Result<LoadedModel<FixedModel>> load_fixed_model(const std::filesystem::path& file);

// Written atomically; the number of bytes.
[[nodiscard]] Result<std::uint64_t> save_model(const FloatModel& model, const std::filesystem::path& file);
[[nodiscard]] Result<std::uint64_t> save_model(const FixedModel& model, const std::filesystem::path& file);

// Whether a file can be created there, to be asked before hours of work.
[[nodiscard]] Status check_writable(const std::filesystem::path& file);

}  // namespace sotto::cli
