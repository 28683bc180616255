// Manifests, lists of tasks, their envelopes and upload tokens: no bytes may break the readers, and what they accept
// has a form that reads as the same.
#include <sotto/aggregate/manifest_json.hpp>
#include <sotto/aggregate/signed_document.hpp>
#include <sotto/aggregate/task_list.hpp>
#include <sotto/aggregate/upload_token.hpp>

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Nobody signs for these keys.
  if (sotto::aggregate::verify_document("manifest", text, {}).ok()) std::abort();
  if (sotto::aggregate::check_upload_token(text, {}, 0, sotto::sync::Bytes(32)).ok()) std::abort();
  if (const auto manifest = sotto::aggregate::parse_manifest(text)) {
    const auto body = sotto::aggregate::manifest_json(*manifest);
    if (!body) std::abort();
    const auto again = sotto::aggregate::parse_manifest(*body);
    if (!again || !(*again == *manifest)) std::abort();
  }
  if (const auto list = sotto::aggregate::parse_task_list(text)) {
    const auto body = sotto::aggregate::task_list_json(*list);
    if (!body) std::abort();
    const auto again = sotto::aggregate::parse_task_list(*body);
    if (!again || !(*again == *list)) std::abort();
  }
  return 0;
}
