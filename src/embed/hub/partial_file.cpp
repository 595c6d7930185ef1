#include "embed/hub/partial_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace topograph::detail {
namespace fs = std::filesystem;
namespace {

std::unexpected<Error> failure(const fs::path& path, int code) {
  const bool is_full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  return output_error(path.string(), std::string("cannot write: ") + std::strerror(code),
                      is_full ? "free some space and pull again: it goes on where it stopped"
                              : "HF_HUB_CACHE names another folder for the cache");
}

}  // namespace

Result<PartialFile> PartialFile::open(const fs::path& path) {
  PartialFile file;
  file.path_ = path;
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  file.descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file.descriptor_ < 0) return failure(path, errno);
  const off_t end = ::lseek(file.descriptor_, 0, SEEK_END);
  if (end < 0) return failure(path, errno);
  file.size_ = static_cast<std::uint64_t>(end);
  return file;
}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      answer_begin_(other.answer_begin_),
      is_checked_(other.is_checked_) {}

PartialFile::~PartialFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void PartialFile::begin_answer() {
  answer_begin_ = size_;
  is_checked_ = false;
}

bool PartialFile::is_expecting(const HttpResponse& response) {
  if (std::exchange(is_checked_, true)) return true;
  if (answer_begin_ == 0) return response.status != 206;
  const std::string* range = response.header("content-range");
  return response.status == 206 && range != nullptr &&
         range->starts_with(fmt::format("bytes {}-", answer_begin_));
}

Result<void> PartialFile::restart() {
  if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0) {
    return failure(path_, errno);
  }
  size_ = 0;
  return {};
}

Result<void> PartialFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure(path_, errno);
    size_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> PartialFile::close() {
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) return failure(path_, errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) return failure(path_, errno);
  return {};
}

Result<void> PartialFile::move_to(const fs::path& target) {
  if (::rename(path_.c_str(), target.c_str()) != 0) return failure(target, errno);
  return {};
}

void PartialFile::remove() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

}  // namespace topograph::detail
