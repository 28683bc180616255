// Files that are on the disk when a function returns.
#pragma once

#include <sotto/base/result.hpp>

#include <filesystem>
#include <string_view>
#include <utility>

namespace sotto::store {

// Owns a file descriptor. -1 means that there is none.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int value) noexcept : value_(value) {}
  FileDescriptor(FileDescriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~FileDescriptor();
  [[nodiscard]] int get() const noexcept { return value_; }
  [[nodiscard]] bool is_open() const noexcept { return value_ >= 0; }

 private:
  int value_ = -1;
};

// "cannot DOING 'FILE': REASON", with the reason of errno.
[[nodiscard]] Error file_error(std::string_view doing, const std::filesystem::path& file);

[[nodiscard]] Status write_all(const FileDescriptor& descriptor, std::string_view text,
                               const std::filesystem::path& file);
[[nodiscard]] Status sync_file(const std::filesystem::path& file);
// Makes the names in the file's folder durable: what was created, renamed or removed there.
[[nodiscard]] Status sync_folder_of(const std::filesystem::path& file);
// Replaces the file, readable for its owner alone. After a crash the old one or the new one is there.
[[nodiscard]] Status replace_file(const std::filesystem::path& file, std::string_view text);
// Gives a complete file its name. Fails with io where there is a file of that name already.
[[nodiscard]] Status rename_without_replacing(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace sotto::store
