// A lock between the processes that share a folder.
#pragma once

#include <sotto/base/result.hpp>

#include <filesystem>
#include <utility>

namespace sotto::serve {

// The system gives the lock back when the process ends, however it ends.
class FolderLock {
 public:
  // Waits for the lock. It makes the file ".lock" in the folder. Fails with io, naming the file.
  [[nodiscard]] static Result<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) noexcept : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace sotto::serve
