// The source of a log's bytes: a file, standard input or memory. The bytes may be compressed with gzip or zstd.
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
  // Fills the front of `into` and returns the number of bytes. It returns 0 only at the end. Precondition: `into` is
  // not empty. Error details are phrases without the file's name.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<std::byte> into) = 0;
};

// The bytes must outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> memory_source(std::span<const std::byte> bytes);

// Passes plain bytes through. Decompresses bytes that start with the magic number of gzip (RFC 1952) or zstd (RFC
// 8878), with any number of members or frames.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> decompress_if_compressed(std::unique_ptr<ByteSource> source);

// The part of a file that has been read, in bytes on the disk.
struct FilePosition {
  std::uint64_t read = 0;
  std::uint64_t size = 0;  // 0: unknown, as for a pipe
};

// The path that stands for standard input.
inline constexpr const char* standard_input = "-";

// The file's name in errors: its path, or "standard input".
[[nodiscard]] std::string name_of(const std::filesystem::path& file);

// Reads the file's bytes and decompresses them if they are compressed. The error names the file. If `position` is set,
// it is kept up to date while the source exists.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> open_log_source(const std::filesystem::path& file,
                                                                  FilePosition* position = nullptr);

}  // namespace sotto::data
