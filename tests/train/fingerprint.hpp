// Tells trained models apart by their bytes.
#pragma once

#include <sotto/base/hash.hpp>
#include <sotto/model/model_file.hpp>

#include <cstdint>

namespace sotto::test {

// Of the model file's bytes, apart from how long training took.
inline std::uint64_t fingerprint(FloatModel model) {
  model.info.training.seconds = 0;
  return xxh64(serialize(model));
}

}  // namespace sotto::test
