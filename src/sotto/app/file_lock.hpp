// Keeps two runs from writing one file at the same time.
#pragma once

#include <sotto/base/result.hpp>

#include <filesystem>

namespace sotto::app {

// Held while the object lives. The system takes the lock away from a program that is killed; the file that carries it
// then stays and does no harm.
class FileLock {
 public:
  // The file that carries the lock of `file`: ".lock" is added to the name that links lead to.
  [[nodiscard]] static std::filesystem::path beside(const std::filesystem::path& file);
  // Fails where the name of a lock is taken by something else, such as a file of the user's: a lock is an empty file.
  [[nodiscard]] static Status check(const std::filesystem::path& lock);

  // Takes the lock of `file`. Fails with io where another program has it, or where the lock cannot be made, and as
  // check() does. What is no lock stays as it is.
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
