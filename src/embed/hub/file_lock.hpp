#pragma once

#include <filesystem>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Holds a file locked (flock, which Python's filelock uses too) until the end of its scope.
class FileLock {
 public:
  /// Waits until nobody else holds it. @error output subject, or cancelled.
  [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path& path, RunContext& run);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace topograph::detail
