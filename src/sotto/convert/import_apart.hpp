// Importing in a process of its own: on some damaged files the HDF5 library crashes or never ends (docs/import.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>

#include <chrono>
#include <cstdint>
#include <functional>

namespace sotto::convert {

// Whether this build keeps an import to its limit of memory: not under AddressSanitizer, which takes all addresses.
[[nodiscard]] bool import_memory_is_limited() noexcept;

// Many times what a model of a gigabyte takes.
struct ImportLimits {
  std::chrono::seconds processor_time{30};
  std::uint64_t memory_bytes = std::uint64_t{16} << 30;  // of addresses
};

// What `import` returns, or an error that says how its process ended instead. It runs in a fork of this process, which
// has the calling thread alone: no other may hold a lock that it needs. Only its result comes back, the model as a
// file's bytes that are read like any other's.
[[nodiscard]] Result<ImportedModel> import_apart(const std::function<Result<ImportedModel>()>& import,
                                                 const ImportLimits& limits = {});

}  // namespace sotto::convert
