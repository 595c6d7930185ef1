#include "topograph/core/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace topograph {
namespace fs = std::filesystem;
namespace {

std::unexpected<Error> system_failure(const fs::path& path, const std::string& what, int code) {
  std::string hint;
  if (code == ENOSPC || code == EDQUOT) hint = "free some space or write to another disk";
  if (code == EACCES || code == EPERM || code == EROFS) hint = "choose a folder you may write to";
  if (code == ENOENT) hint = "does the folder exist?";
  return output_error(path.string(), what + ": " + std::strerror(code), hint);
}

fs::path temporary_name(const fs::path& target) {
  fs::path name = target.filename();
  name += ".tmp-" + std::to_string(::getpid());
  return target.parent_path() / ("." + name.string());
}

/// Swaps two folders in one step, so that no moment has neither; false where the system cannot.
bool exchange([[maybe_unused]] const fs::path& a, [[maybe_unused]] const fs::path& b) {
#ifdef RENAME_EXCHANGE
  return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
#else
  return false;
#endif
}

fs::path without_trailing_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

Result<AtomicFile> AtomicFile::create(fs::path target) {
  fs::path temporary = temporary_name(target);
  return create(std::move(target), std::move(temporary));
}

Result<AtomicFile> AtomicFile::create(fs::path target, fs::path temporary) {
  return open(std::move(target), std::move(temporary), O_TRUNC);
}

Result<AtomicFile> AtomicFile::grow(fs::path target, fs::path temporary) {
  TG_TRY(auto file, open(std::move(target), std::move(temporary), 0));
  file.is_kept_ = true;
  return file;
}

Result<AtomicFile> AtomicFile::open(fs::path target, fs::path temporary, int flags) {
  AtomicFile file;
  file.target_ = std::move(target);
  std::error_code ignored;
  if (fs::is_directory(file.target_, ignored)) {
    return output_error(file.target_.string(), "expected a file name, found a folder");
  }
  file.descriptor_ = ::open(temporary.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | flags, 0644);
  if (file.descriptor_ < 0) return system_failure(file.target_, "cannot create the file", errno);
  file.temporary_ = std::move(temporary);
  return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      is_kept_(other.is_kept_) {}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty() && !is_kept_) ::unlink(temporary_.c_str());
}

Result<void> AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_failure(target_, "cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
  return write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

Result<void> AtomicFile::write_at(std::size_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_failure(target_, "cannot write", errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
    offset += static_cast<std::size_t>(n);
  }
  return {};
}

Result<void> AtomicFile::cut(std::size_t size) {
  const auto end = static_cast<off_t>(size);
  if (::ftruncate(descriptor_, end) != 0 || ::lseek(descriptor_, end, SEEK_SET) < 0) {
    return system_failure(target_, "cannot write", errno);
  }
  return {};
}

void AtomicFile::begin_sync() {
#ifdef SYNC_FILE_RANGE_WRITE
  // Advice: where it fails, `commit` does all of it.
  static_cast<void>(::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE));
#endif
}

Result<void> AtomicFile::commit() {
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) {
    return system_failure(target_, "cannot write to disk", errno);
  }
  return commit_unsynced();
}

Result<void> AtomicFile::commit_unsynced() {
  if (::close(std::exchange(descriptor_, -1)) != 0) {
    return system_failure(target_, "cannot close the file", errno);
  }
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
    return system_failure(target_, "cannot put the finished file in place", errno);
  }
  temporary_.clear();
  return {};
}

Result<void> write_file(const fs::path& target, std::string_view bytes) {
  TG_TRY(auto file, AtomicFile::create(target));
  TG_TRY(file.write(bytes));
  return file.commit();
}

Result<AtomicDirectory> AtomicDirectory::create(fs::path target, const std::string& marker) {
  AtomicDirectory folder;
  folder.target_ = without_trailing_slash(target);
  std::error_code code;
  if (fs::exists(folder.target_, code)) {
    if (!fs::is_directory(folder.target_, code)) {
      return output_error(folder.target_.string(), "expected a folder, found a file",
                          "choose another name with -o");
    }
    if (!fs::is_empty(folder.target_, code) && !fs::exists(folder.target_ / marker, code)) {
      return output_error(
          folder.target_.string(),
          "the folder is not empty and holds no " + marker + ", so it will not be replaced",
          "choose another name with -o");
    }
  }
  if (const fs::path parent = folder.target_.parent_path(); !parent.empty()) {
    fs::create_directories(parent, code);
    if (code) return system_failure(parent, "cannot create the folder", code.value());
  }
  const fs::path temporary = temporary_name(folder.target_);
  fs::remove_all(temporary, code);
  fs::create_directory(temporary, code);
  if (code) return system_failure(folder.target_, "cannot create the folder", code.value());
  folder.temporary_ = temporary;
  return folder;
}

AtomicDirectory::AtomicDirectory(AtomicDirectory&& other) noexcept
    : target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, {})) {}

AtomicDirectory::~AtomicDirectory() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

Error AtomicDirectory::in_target(Error error) const {
  const std::string name = temporary_.string();
  if (!name.empty() && error.where.starts_with(name)) {
    error.where.replace(0, name.size(), target_.string());
  }
  return error;
}

Result<void> AtomicDirectory::commit() {
  std::error_code code;
  const fs::path old = temporary_.string() + ".old";
  const bool has_old = fs::exists(target_, code);
  if (has_old && exchange(temporary_, target_)) {
    fs::remove_all(temporary_, code);  // Now the old one.
    temporary_.clear();
    return {};
  }
  if (has_old) {
    fs::rename(target_, old, code);
    if (code) return system_failure(target_, "cannot replace the old folder", code.value());
  }
  fs::rename(temporary_, target_, code);
  if (code) {
    std::error_code ignored;
    if (has_old) fs::rename(old, target_, ignored);
    return system_failure(target_, "cannot put the finished folder in place", code.value());
  }
  temporary_.clear();
  if (has_old) fs::remove_all(old, code);
  return {};
}

}  // namespace topograph
