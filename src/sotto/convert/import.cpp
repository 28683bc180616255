#include <sotto/base/internal/bytes.hpp>
#include <sotto/convert/import.hpp>
#include <sotto/convert/import_apart.hpp>
#include <sotto/convert/keras_archive.hpp>
#include <sotto/convert/keras_h5.hpp>
#include <sotto/convert/tfjs_model.hpp>
#include <sotto/data/files.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/report/json.hpp>

#include <fmt/format.h>

#include <cctype>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sotto::convert {
namespace {

bool starts_with(std::span<const std::byte> file, std::string_view magic) noexcept {
  return file.size() >= magic.size() &&
         std::string_view(reinterpret_cast<const char*>(file.data()), magic.size()) == magic;
}

// A folder stands for the model.json in it.
std::filesystem::path file_of(const std::filesystem::path& source) {
  std::error_code ignored;
  return std::filesystem::is_directory(source, ignored) ? source / "model.json" : source;
}

std::string_view text_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Result<ImportedModel> import_as(SourceFormat format, std::span<const std::byte> bytes,
                                const std::filesystem::path& file, const TorchModules& torch) {
  switch (format) {
    case SourceFormat::keras: return import_apart([&] { return import_keras_archive(bytes); });
    case SourceFormat::keras_h5: return import_apart([&] { return import_keras_h5(bytes); });
    case SourceFormat::tfjs:
      return import_tfjs_model(text_of(bytes),
                               [&](const std::string& shard) { return data::read_file(file.parent_path() / shard); });
    case SourceFormat::torch: return import_torch_state_dict(bytes, torch);
  }
  return Error{ErrorCode::unsupported, "no such format"};
}

}  // namespace

std::string_view format_name(SourceFormat format) noexcept {
  switch (format) {
    case SourceFormat::keras: return "keras";
    case SourceFormat::keras_h5: return "keras-h5";
    case SourceFormat::tfjs: return "tfjs";
    case SourceFormat::torch: return "torch";
  }
  return "?";
}

std::optional<SourceFormat> recognize(std::span<const std::byte> file) noexcept {
  constexpr std::size_t size_field = 8;  // of a safetensors file: the length of the JSON that follows
  if (starts_with(file, "PK\x03\x04")) return SourceFormat::keras;
  if (starts_with(file, "\x89HDF\r\n\x1a\n")) return SourceFormat::keras_h5;
  if (file.size() > size_field && file[size_field] == std::byte{'{'} &&
      load_le<std::uint64_t>(file.data()) <= max_safetensors_header) {
    return SourceFormat::torch;
  }
  for (const std::byte byte : file) {
    const auto character = static_cast<unsigned char>(byte);
    if (character == '{') return SourceFormat::tfjs;
    if (std::isspace(character) == 0) break;
  }
  return std::nullopt;
}

std::vector<std::filesystem::path> files_of_import(const std::filesystem::path& source) {
  std::vector<std::filesystem::path> files{file_of(source)};
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(files.front(), ignored)) return files;  // a pipe can be read only once
  const auto bytes = data::read_file(files.front());
  if (!bytes || recognize(*bytes) != SourceFormat::tfjs) return files;
  const std::filesystem::path folder = files.front().parent_path();
  for (const std::string& shard : tfjs_shards(text_of(*bytes))) files.push_back(folder / shard);
  return files;
}

Result<ImportedFile> import_file(const std::filesystem::path& source, const ImportOptions& options) {
  std::error_code ignored;
  if (std::filesystem::exists(source / "saved_model.pb", ignored)) {
    return Error{ErrorCode::unsupported,
                 fmt::format("{}: this is a SavedModel, which holds operations instead of layers; save the Keras model "
                             "with model.save('model.keras')",
                             source.string())};
  }
  const std::filesystem::path file = file_of(source);
  const auto bytes = data::read_file(file);
  if (!bytes) return bytes.error();
  const auto format = recognize(bytes.value());
  if (!format) {
    return Error{
        ErrorCode::unsupported,
        starts_with(bytes.value(), "version https://git-lfs.github.com/spec/")
            ? fmt::format("{}: this is a Git LFS pointer, not the file itself; fetch the file: git lfs pull",
                          file.string())
            : fmt::format("{}: neither a .keras or .h5 file of Keras, nor a TensorFlow.js model.json, nor safetensors",
                          file.string())};
  }
  auto imported = import_as(*format, bytes.value(), file, options.torch);
  if (!imported) return Error{imported.error().code, fmt::format("{}: {}", file.string(), imported.error().detail)};
  ModelInfo& info = imported->model.info;
  info.licence = options.licence;
  info.attribution = options.attribution;
  info.lineage = options.lineage;
  info.training.settings = report::Json::object({{"imported_by", "sotto " SOTTO_VERSION},
                                                 {"format", std::string(format_name(*format))},
                                                 {"file", source.filename().string()}})
                               .compact_text();
  return ImportedFile{*format, *std::move(imported)};
}

}  // namespace sotto::convert
