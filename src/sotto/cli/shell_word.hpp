// Words of a command line as a shell reads them.
#pragma once

#include <string>
#include <string_view>

namespace sotto::cli {

// Puts the word in single quotes unless a shell reads it unchanged without them.
[[nodiscard]] std::string shell_word(std::string_view word);

}  // namespace sotto::cli
