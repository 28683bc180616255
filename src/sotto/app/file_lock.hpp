// Keeps two runs from writing one file at the same time.
#pragma once

#include <sotto/base/result.hpp>

#include <filesystem>

namespace sotto::app {

// Held while the object lives. The system takes the lock away from a program that is killed; the file that carries it
// then stays and does no harm.
class FileLock {
 public:
  // Takes the lock of `file`, which is a file beside it with ".lock" added. Fails with io where another program
  // has it, or where the lock cannot be made.
  [[nodiscard]] static Result<FileLock> take(const std::filesystem::path& file);

  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  FileLock(std::filesystem::path file, int descriptor);

  std::filesystem::path file_;
  int descriptor_;  // -1: moved away
};

}  // namespace sotto::app
