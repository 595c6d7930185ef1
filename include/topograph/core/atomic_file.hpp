#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"

namespace topograph {

/// Writes a file that appears complete or not at all: a temporary name in the same folder, fsync,
/// rename. Without `commit()` the temporary file is removed.
class AtomicFile {
 public:
  [[nodiscard]] static Result<AtomicFile> create(std::filesystem::path target);
  /// The same under a temporary name of the caller's choice, on the same disk as `target`.
  [[nodiscard]] static Result<AtomicFile> create(std::filesystem::path target,
                                                 std::filesystem::path temporary);
  /// A file that outlives the process: `temporary` goes on where an earlier process left it, and
  /// stays there without `commit()`.
  [[nodiscard]] static Result<AtomicFile> grow(std::filesystem::path target,
                                               std::filesystem::path temporary);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  [[nodiscard]] Result<void> write(std::string_view bytes);
  [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
  /// Writes over bytes that are already there; what `write` appends next is not affected.
  [[nodiscard]] Result<void> write_at(std::size_t offset, std::string_view bytes);
  /// Removes all after the first `size` bytes; `write` goes on there.
  [[nodiscard]] Result<void> cut(std::size_t size);
  /// Lets the disk begin with what was written, so that `commit` need not wait for all of it.
  void begin_sync();
  /// The file to hand to a library that writes by itself; `commit()` still finishes it.
  [[nodiscard]] const std::filesystem::path& temporary_path() const { return temporary_; }
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }
  [[nodiscard]] Result<void> commit();
  /// As `commit`, without waiting for the disk: for files whose reader notices the damage that a
  /// power failure may do to them.
  [[nodiscard]] Result<void> commit_unsynced();

 private:
  AtomicFile() = default;
  static Result<AtomicFile> open(std::filesystem::path target, std::filesystem::path temporary,
                                 int flags);
  std::filesystem::path target_ = {};
  std::filesystem::path temporary_ = {};
  int descriptor_ = -1;
  bool is_kept_ = false;
};

/// Writes `bytes` to `target` atomically.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& target, std::string_view bytes);

/// A folder built under a temporary name beside `target` and put in its place by `commit()`.
/// An existing folder is replaced only when it is empty or holds `marker`.
class AtomicDirectory {
 public:
  [[nodiscard]] static Result<AtomicDirectory> create(std::filesystem::path target,
                                                      const std::string& marker);
  AtomicDirectory(AtomicDirectory&& other) noexcept;
  AtomicDirectory& operator=(AtomicDirectory&&) = delete;
  AtomicDirectory(const AtomicDirectory&) = delete;
  AtomicDirectory& operator=(const AtomicDirectory&) = delete;
  ~AtomicDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return temporary_; }
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }
  /// The same error with the temporary name in `where` replaced by the name that the user gave.
  [[nodiscard]] Error in_target(Error error) const;
  [[nodiscard]] Result<void> commit();

 private:
  AtomicDirectory() = default;
  std::filesystem::path target_ = {};
  std::filesystem::path temporary_ = {};
};

}  // namespace topograph
