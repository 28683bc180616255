// The TensorFlow.js importer on arbitrary text and weights. An input is model.json, a zero byte, and the bytes of all
// shards one after the other; the shards are handed out in equal parts.
#include "imported_model.hpp"

#include <sotto/convert/tfjs_model.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sotto;
  const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
  const auto text_size = static_cast<std::size_t>(std::ranges::find(bytes, std::byte{0}) - bytes.begin());
  const std::string_view text(reinterpret_cast<const char*>(data), text_size);
  std::span<const std::byte> weights = bytes.subspan(std::min(text_size + 1, size));
  const std::size_t part = weights.size() / 2;
  fuzz::check(convert::import_tfjs_model(text, [&](const std::string& path) -> Result<std::vector<std::byte>> {
    if (path.empty() || path.front() == '/' || path == ".." || path.starts_with("../")) __builtin_trap();
    const auto shard = weights.first(std::min(weights.size(), std::max(part, weights.size() - part)));
    weights = weights.subspan(shard.size());
    return std::vector<std::byte>(shard.begin(), shard.end());
  }));
  return 0;
}
