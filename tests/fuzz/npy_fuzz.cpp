// .npy files of arbitrary bytes: what is accepted has exactly the bytes that its shape says.
#include <sotto/data/npy_file.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sotto;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto array = data::parse_npy(bytes);
  if (!array) {
    if (array.error().detail.empty()) __builtin_trap();
    return 0;
  }
  std::uint64_t expected = tensor_type_size(array->type);
  for (const std::uint64_t extent : array->shape) expected *= extent;
  if (array->bytes.size() != expected) __builtin_trap();
  if (!array->bytes.empty() &&
      (array->bytes.data() < bytes.data() || array->bytes.data() + array->bytes.size() > bytes.data() + bytes.size())) {
    __builtin_trap();
  }
  return 0;
}
