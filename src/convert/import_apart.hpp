// Importing in a process of its own: on some damaged files the HDF5 library crashes or never ends (docs/import.md).
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>

#include <chrono>
#include <functional>

namespace sotto::convert {

// Many times what a model of a gigabyte takes.
inline constexpr std::chrono::seconds most_processor_time{30};

// What `import` returns, or an error that says how its process ended instead. It runs in a fork of this process, which
// has the calling thread alone: no other may hold a lock that it needs. Only its result comes back, the model as a
// file's bytes that are read like any other's.
[[nodiscard]] Result<ImportedModel> import_apart(const std::function<Result<ImportedModel>()>& import,
                                                 std::chrono::seconds processor_time = most_processor_time);

}  // namespace sotto::convert
