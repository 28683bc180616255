// A file's bytes in the address space: the system reads them when they are used, and may forget them again.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/http/message.hpp>

#include <filesystem>

namespace sotto::serve {

// The bytes stay as long as the result has owners, also if the file is removed or replaced by a rename. Nobody may
// shorten the file itself meanwhile. Errors name the file.
[[nodiscard]] Result<http::SharedBytes> map_file(const std::filesystem::path& file);

}  // namespace sotto::serve
