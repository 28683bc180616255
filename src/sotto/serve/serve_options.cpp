#include <sotto/serve/serve_options.hpp>

namespace sotto::serve {

bool is_loopback(const std::string& address) noexcept {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

std::filesystem::path store_file(const ServeOptions& options) { return options.data / "sotto.db"; }

}  // namespace sotto::serve
