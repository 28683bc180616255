// Slot maps and trends: no bytes may break the decoders, and what they accept has one encoding and can be used.
#include <sotto/sync/slot_map.hpp>
#include <sotto/sync/trend_file.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  if (const auto map = sotto::sync::SlotMap::decode(bytes)) {
    const auto encoded = map->encode();
    if (!std::equal(encoded.begin(), encoded.end(), bytes.begin(), bytes.end())) std::abort();
    for (std::uint32_t slot = 1; slot < map->slot_count(); ++slot) {
      const std::uint32_t item = map->item_of(slot);
      if (item != sotto::sync::no_item && map->slot_of(item) != slot) std::abort();
    }
  }
  if (const auto trend = sotto::sync::TrendFile::decode(bytes)) {
    const auto encoded = trend->encode();
    if (!encoded || !std::equal(encoded->begin(), encoded->end(), bytes.begin(), bytes.end())) std::abort();
  }
  return 0;
}
