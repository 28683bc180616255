// Paths, queries and keys, as the door reads them.
#include <sotto/data/text.hpp>
#include <sotto/serve/deployment_record.hpp>
#include <sotto/serve/door.hpp>
#include <sotto/serve/router.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace sotto::serve;

Router small_router() {
  Router router;
  for (const char* pattern : {"/v1/models/{name}/versions/{version}", "/v1/users/{id}/state", "/v1/models", "/"}) {
    router.add({"GET", pattern, Scope::open, 0, [](Call, sotto::http::Reply) {}, {}});
  }
  return router;
}

void check_text(std::string_view text) {
  if (!sotto::data::is_utf8(text)) std::abort();
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), is_control)) std::abort();
  if (text.empty() || text == "." || text == "..") std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Router router = small_router();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t question = std::min(text.find('?'), size);
  const std::string_view path = text.substr(0, question);

  const Router::Match match = router.match("GET", path);
  if (match.route != nullptr && !match.is_malformed) {
    for (const auto& [name, value] : match.path) check_text(value);
  }
  if (const auto segment = decode_path_segment(path)) check_text(*segment);
  QueryError error;
  const auto query = decode_query(text.substr(std::min(question + 1, size)), error);
  if (!query && error.code.empty()) std::abort();

  // A name of a model never leaves its folder.
  if (is_model_name(text) && (text.find('/') != std::string_view::npos || text.starts_with('.'))) std::abort();
  (void)check_origin(text);
  if (const auto record = record_from_text(text)) {
    const auto again = record_from_text(to_text(*record));
    if (!again || !(*again == *record)) std::abort();
  }
  return 0;
}
