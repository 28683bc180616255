// Imports in a separate process: the HDF5 library crashes or never ends on some damaged files (docs/import.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>

#include <chrono>
#include <cstdint>
#include <functional>

namespace sotto::convert {

// Whether this build limits the memory of an import. AddressSanitizer reserves all addresses and rules a limit out.
[[nodiscard]] bool import_memory_is_limited() noexcept;

// Many times what the import of a model of one gigabyte takes.
struct ImportLimits {
  std::chrono::seconds processor_time{30};
  std::uint64_t memory_bytes = std::uint64_t{16} << 30;  // of addresses
};

// Returns the result of `import`, or an error that tells how its process ended. `import` runs in a fork of this
// process, which contains only the calling thread: no other thread may hold a lock that `import` needs. The model comes
// back as the bytes of a model file, which are read and checked like any other file.
[[nodiscard]] Result<ImportedModel> import_apart(const std::function<Result<ImportedModel>()>& import,
                                                 const ImportLimits& limits = {});

}  // namespace sotto::convert
