// The ZIP reader on arbitrary bytes, as the importer of .keras files uses it. The HDF5 file inside is not fuzzed: the
// library itself hangs and crashes on damaged files (docs/import.md).
#include <sotto/convert/zip_archive.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto archive = sotto::convert::ZipArchive::open(std::as_bytes(std::span(data, size)));
  if (!archive) return 0;
  for (const char* name : {"config.json", "metadata.json", "model.weights.h5"}) {
    const bool is_there = archive.value().contains(name);
    const auto bytes = archive.value().read(name);
    if (bytes.ok() && !is_there) __builtin_trap();
  }
  return 0;
}
