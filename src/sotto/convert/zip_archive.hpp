// Reads files from a ZIP archive in memory.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct zip;

namespace sotto::convert {

class ZipArchive {
 public:
  // The bytes must outlive the archive.
  [[nodiscard]] static Result<ZipArchive> open(std::span<const std::byte> bytes);

  [[nodiscard]] bool contains(const std::string& name) const;
  // Reads a whole file and verifies its checksum. Refuses a file that expands to more than a hundred times its size.
  [[nodiscard]] Result<std::vector<std::byte>> read(const std::string& name) const;

 private:
  struct Discard {
    void operator()(zip* archive) const noexcept;
  };
  ZipArchive(zip* archive, std::size_t size) : archive_(archive), size_(size) {}

  std::unique_ptr<zip, Discard> archive_;
  std::size_t size_;  // size of the archive, in bytes
};

}  // namespace sotto::convert
