// The entry point of the importers. It recognizes a file's format and reads its model.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>
#include <sotto/convert/tfjs_weights.hpp>
#include <sotto/convert/torch_state_dict.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::convert {

enum class SourceFormat { keras, keras_h5, tfjs, torch };
[[nodiscard]] std::string_view format_name(SourceFormat format) noexcept;  // "keras", "keras-h5", "tfjs", "torch"

// Decides by the first bytes. Returns nothing if no importer reads the format.
[[nodiscard]] std::optional<SourceFormat> recognize(std::span<const std::byte> file) noexcept;

struct ImportOptions {
  TorchModules torch;       // of a PyTorch state dict; other formats leave it unread
  std::string licence;      // for the model's record
  std::string attribution;  // whom the model's record names
  std::string lineage;      // the name that the model's versions share
};

struct ImportedFile {
  SourceFormat format;
  ImportedModel imported;
};

// The files that import_file would read, whether they exist or not: the file itself, or model.json and its shards.
[[nodiscard]] std::vector<std::filesystem::path> files_of_import(const std::filesystem::path& source);

// `source` is a .keras, .h5, model.json or .safetensors file, or a folder with a model.json. The model's record says
// what it was imported from and by which version. Errors start with the file's name.
[[nodiscard]] Result<ImportedFile> import_file(const std::filesystem::path& source, const ImportOptions& options = {});

}  // namespace sotto::convert
