// A version's file as clients fetch it: as it is, and in the codings that were prepared once beside it.
//
// Beside VERSION.safetensors stand VERSION.HASH.br and VERSION.HASH.zst. HASH is the XXH64 of the coded bytes, so that
// a damaged file is noticed and made again.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/serve/byte_range.hpp>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::serve {

struct ModelDelivery {
  std::string version;
  std::vector<Representation> representations;  // the identity first; the others where they are prepared and smaller
};
using DeliveryPointer = std::shared_ptr<const ModelDelivery>;

// "VERSION.safetensors".
[[nodiscard]] std::string model_file_name(std::string_view version);

// Maps the files of a version and compares their content with their names. Fails with io where there is no such file,
// and with mismatch where the model's file is another one than its name says.
[[nodiscard]] Result<DeliveryPointer> open_delivery(const std::filesystem::path& folder, const std::string& version);

// Removes the version's file, and then its codings. Fails with io where the file stays.
[[nodiscard]] Status remove_files(const std::filesystem::path& folder, const std::string& version);

// Makes the codings that are missing, which takes seconds for each MB. Fails with interrupted soon after `stop` is set.
[[nodiscard]] Status prepare_encodings(const std::filesystem::path& folder, const std::string& version,
                                       const std::atomic<bool>& stop);

}  // namespace sotto::serve
