// The importers of Keras's two containers on arbitrary bytes, and with them libzip and the HDF5 library.
#include "imported_model.hpp"

#include <sotto/convert/keras_archive.hpp>
#include <sotto/convert/keras_h5.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  sotto::fuzz::check(sotto::convert::import_keras_archive(bytes));
  sotto::fuzz::check(sotto::convert::import_keras_h5(bytes));
  return 0;
}
