#include "embed/hub/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "topograph/net/backoff.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;

Result<FileLock> FileLock::acquire(const fs::path& path, RunContext& run) {
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0664);
  if (descriptor < 0) {
    return output_error(path.string(),
                        std::string("cannot write the model cache: ") + std::strerror(errno),
                        "HF_HUB_CACHE names another folder for it");
  }
  FileLock lock(descriptor);
  bool is_told = false;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    // A file system without locks: the rename at the end still keeps files whole.
    if (errno != EWOULDBLOCK && errno != EINTR) break;
    if (!is_told) run.log(LogLevel::info, "another process fetches the same file; waiting for it");
    is_told = true;
    TG_TRY(pause(std::chrono::milliseconds(50), run));
  }
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace topograph::detail
