#include <sotto/data/byte_source.hpp>
#include <sotto/data/other_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::data {
namespace {

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::span<const std::byte> bytes) noexcept : left_(bytes) {}

  Result<std::size_t> read(std::span<std::byte> into) override {
    const std::size_t count = std::min(into.size(), left_.size());
    std::copy_n(left_.begin(), count, into.begin());
    left_ = left_.subspan(count);
    return count;
  }

 private:
  std::span<const std::byte> left_;
};

class FileSource final : public ByteSource {
 public:
  FileSource(int descriptor, FilePosition* position) noexcept : descriptor_(descriptor), position_(position) {
    struct stat information{};
    if (position_ == nullptr) return;
    *position_ = {};
    if (::fstat(descriptor_, &information) == 0 && S_ISREG(information.st_mode))
      position_->size = static_cast<std::uint64_t>(information.st_size);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }

  Result<std::size_t> read(std::span<std::byte> into) override {
    while (true) {
      const ssize_t got = ::read(descriptor_, into.data(), into.size());
      if (got >= 0) {
        if (position_ != nullptr) position_->read += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
      }
      if (errno != EINTR) return Error{ErrorCode::io, std::string("cannot read: ") + std::strerror(errno)};
    }
  }

 private:
  int descriptor_;
  FilePosition* position_;
};

}  // namespace

std::unique_ptr<ByteSource> memory_source(std::span<const std::byte> bytes) {
  return std::make_unique<MemorySource>(bytes);
}

std::string name_of(const std::filesystem::path& file) {
  return file == standard_input ? "standard input" : file.string();
}

Result<std::unique_ptr<ByteSource>> open_log_source(const std::filesystem::path& file, FilePosition* position) {
  const int descriptor = file == standard_input ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return Error{ErrorCode::io, fmt::format("{}: cannot open: {}", file.string(), std::strerror(errno))};
  }
  struct stat information{};
  if (::fstat(descriptor, &information) == 0 && S_ISDIR(information.st_mode)) {
    ::close(descriptor);
    return Error{ErrorCode::io, fmt::format("{}: {}", file.string(), describe_folder(file))};
  }
  auto source = decompress_if_compressed(std::make_unique<FileSource>(descriptor, position));
  if (!source) return Error{source.error().code, fmt::format("{}: {}", name_of(file), source.error().detail)};
  return source;
}

}  // namespace sotto::data
