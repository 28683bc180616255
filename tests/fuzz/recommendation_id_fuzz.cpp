// Ids of recommendations and rows of figures: no bytes may break the readers, and what they accept has one form.
#include <sotto/base/base64url.hpp>
#include <sotto/serve/feedback_loop.hpp>
#include <sotto/serve/figures.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const sotto::serve::SigningKey key{};

  // As an id, and as a content that this server signed: nobody else gets behind the hash.
  if (const auto id = sotto::serve::verify(text, "user", key); id && sotto::serve::sign(*id, "user", key) != text)
    std::abort();
  if (const auto content = sotto::serve::parse_recommendation(text)) {
    const auto again = sotto::serve::verify(sotto::serve::sign(*content, "user", key), "user", key);
    if (!again || again->at != content->at || again->shown.items != content->shown.items) std::abort();
  }
  if (const auto bytes = sotto::from_base64url(text); bytes && sotto::to_base64url(*bytes) != text) std::abort();
  if (const auto figures = sotto::serve::figures_from_text(text)) {
    const auto again = sotto::serve::figures_from_text(sotto::serve::to_text(*figures));
    if (!again || again->lists != figures->lists || !(again->items == figures->items)) std::abort();
  }
  return 0;
}
