// What finds a model file that was damaged on its way: a bit that flipped in a weight would load without a word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace sotto {

using TensorBytes = std::map<std::string_view, std::span<const std::byte>>;

// XXH64 of the spec's text; then, in the order of the tensors' names, XXH64 of each tensor's bytes with the hash before
// it as the seed. 16 hexadecimal digits.
[[nodiscard]] std::string model_checksum(std::string_view spec, const TensorBytes& tensors);

}  // namespace sotto
