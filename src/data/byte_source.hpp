// Where a log's bytes come from: a file, memory, and either of them through gzip.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace sotto::data {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `into` and returns how many bytes that were; 0 only at the end. Precondition: `into`
  // is not empty. Error details are phrases without the file's name.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<std::byte> into) = 0;
};

// The bytes must outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> memory_source(std::span<const std::byte> bytes);

// Passes plain bytes through and inflates what starts with gzip's magic number (RFC 1952), with any number
// of members.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> gunzip_if_compressed(std::unique_ptr<ByteSource> source);

// The file's bytes, inflated if they are compressed. The error names the file.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> open_log_source(const std::filesystem::path& file);

}  // namespace sotto::data
