// Where a log's bytes come from: a file, standard input or memory, and any of them through gzip or zstd.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

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

// Passes plain bytes through and decompresses what starts with the magic number of gzip (RFC 1952) or zstd
// (RFC 8878), with any number of members or frames.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> decompress_if_compressed(std::unique_ptr<ByteSource> source);

// How far a file has been read, in bytes as they lie on the disk.
struct FilePosition {
  std::uint64_t read = 0;
  std::uint64_t size = 0;  // 0: unknown, as for a pipe
};

// The path that stands for standard input.
inline constexpr const char* standard_input = "-";

// What errors call the file: its path, or "standard input".
[[nodiscard]] std::string name_of(const std::filesystem::path& file);

// The file's bytes, decompressed if they are compressed. The error names the file. `position`, if there is one, is
// kept up to date while the source lives.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> open_log_source(const std::filesystem::path& file,
                                                                  FilePosition* position = nullptr);

}  // namespace sotto::data
