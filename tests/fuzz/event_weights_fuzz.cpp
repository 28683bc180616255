// Event weights from arbitrary text: refused, or every weight in its range.
#include <sotto/data/event_weights.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sotto;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto weights = data::EventWeights::parse(text);
  if (!weights) return 0;
  const auto weight = weights->find(text.substr(0, text.rfind('=')));
  if (weight && !(*weight >= 0 && *weight <= data::max_event_weight)) __builtin_trap();
  if (weights->in_words().empty()) __builtin_trap();
  return 0;
}
