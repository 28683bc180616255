// What the store reads back: a user's packed state and the list of the forgotten. No bytes may break the readers, and
// what is accepted is written again as it was. SQLite's own format is left to tests/store/damaged_file_test.cpp.
#include <sotto/store/internal/forgotten_users.hpp>
#include <sotto/store/internal/packed_state.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include <unistd.h>

namespace {

using namespace sotto::store;

// The row's columns come first: the size and the checksum. A checksum is hard to guess, so the state's own is tried
// too.
void read_state(std::span<const std::byte> bytes) {
  std::uint64_t columns[2]{};
  if (bytes.size() < sizeof columns) return;
  std::memcpy(columns, bytes.data(), sizeof columns);
  const auto packed = bytes.subspan(sizeof columns);
  if (unpack_state(packed, columns[0], columns[1])) return;
  const auto again = pack_state(packed);
  if (!again) std::abort();
  const auto state = unpack_state(again->bytes, again->size, again->checksum);
  if (!state || !std::ranges::equal(*state, packed)) std::abort();
  if (unpack_state(again->bytes, again->size + 1, again->checksum)) std::abort();
}

void read_list(std::span<const std::byte> bytes) {
  static const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("sotto-forgotten-fuzz-" + std::to_string(::getpid()));
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (const auto list = ForgottenList::open(file, 3)) {
    const auto again = ForgottenList::open(file, 3);
    if (!again || again->last() != list->last() || again->after(0) != list->after(0)) std::abort();
  }
  std::filesystem::remove(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  if (size == 0) return 0;
  if (data[0] % 2 == 0) {
    read_state(bytes.subspan(1));
  } else {
    read_list(bytes.subspan(1));
  }
  return 0;
}
