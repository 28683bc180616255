// A terminal for what a program shows on one.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace sotto::test {

// The near end of a pseudo-terminal that a program writes its standard error to.
class Terminal {
 public:
  Terminal() : descriptor_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(descriptor_ >= 0);
    REQUIRE(::grantpt(descriptor_) == 0);
    REQUIRE(::unlockpt(descriptor_) == 0);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() { ::close(descriptor_); }

  [[nodiscard]] std::string far_end() const { return ::ptsname(descriptor_); }
  // What was written until `text` was among it, or until the program had closed the far end.
  [[nodiscard]] std::string read_until(const std::string& text) const {
    std::string all;
    char buffer[256];
    while (all.find(text) == std::string::npos) {
      const ::ssize_t count = ::read(descriptor_, buffer, sizeof buffer);
      if (count <= 0) break;
      all.append(buffer, static_cast<std::size_t>(count));
    }
    return all;
  }

 private:
  int descriptor_;
};

}  // namespace sotto::test
