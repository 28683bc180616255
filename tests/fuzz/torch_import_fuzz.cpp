// The PyTorch importer on arbitrary bytes.
#include "imported_model.hpp"

#include <sotto/convert/torch_state_dict.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  sotto::fuzz::check(sotto::convert::import_torch_state_dict(bytes, {}));
  sotto::fuzz::check(sotto::convert::import_torch_state_dict(bytes, {"embedding", "lstm", "linear"}));
  return 0;
}
