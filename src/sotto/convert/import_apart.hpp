// Imports in a separate process, because the HDF5 library crashes or never ends on some damaged files (docs/import.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>

#include <chrono>
#include <cstdint>
#include <functional>

namespace sotto::convert {

// Tells whether this build limits the memory of an import. AddressSanitizer reserves all addresses, so that no limit is
// possible with it.
[[nodiscard]] bool import_memory_is_limited() noexcept;

// The limits are many times the needs of a model of one gigabyte.
struct ImportLimits {
  std::chrono::seconds processor_time{30};
  std::uint64_t memory_bytes = std::uint64_t{16} << 30;  // address space
};

// Returns the result of `import`, or an error that tells how its process ended. `import` runs in a fork of this
// process, which contains only the calling thread. Precondition: no other thread holds a lock that `import` needs. The
// process returns the model as the bytes of a model file, which are read and checked like any other file.
[[nodiscard]] Result<ImportedModel> import_apart(const std::function<Result<ImportedModel>()>& import,
                                                 const ImportLimits& limits = {});

}  // namespace sotto::convert
