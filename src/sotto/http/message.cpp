#include <sotto/http/message.hpp>
#include <sotto/http/text.hpp>

namespace sotto::http {

std::string_view Request::header(std::string_view name) const noexcept {
  const Header* found = nullptr;
  for (const Header& header : headers) {
    if (!equal_in_any_case(header.name, name)) continue;
    if (found != nullptr) return {};
    found = &header;
  }
  return found == nullptr ? std::string_view() : std::string_view(found->value);
}

}  // namespace sotto::http
