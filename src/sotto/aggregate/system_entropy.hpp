// Random bytes of the operating system, by way of OpenSSL's generator.
#pragma once

#include <sotto/privacy/entropy.hpp>

namespace sotto::aggregate {

class SystemEntropy final : public privacy::Entropy {
 public:
  Status fill(std::span<std::byte> out) override;
};

}  // namespace sotto::aggregate
