#include "kept_blocks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "topograph/embed/block_journal.hpp"

namespace topograph::cli {
namespace fs = std::filesystem;
namespace {

/// Marks the folder as ours; locked while a process works in it.
constexpr const char* kLockFile = "topograph.lock";
constexpr const char* kGrowingFile = "growing";
constexpr const char* kJournalFile = "finished";

bool is_block(const fs::path& file) { return file.extension() == kStoredBlockExtension; }

/// Names that only this program gives to files in the folder.
bool is_ours(const fs::path& file) {
  const std::string name = file.filename().string();
  return is_block(file) || name == kLockFile || name == kGrowingFile || name == kJournalFile ||
         (name.starts_with('.') && name.find(".tmp-") != std::string::npos);
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code); !code && entry != fs::directory_iterator();
       entry.increment(code)) {
    files.push_back(entry->path());
  }
  return files;
}

std::string blocks_text(std::int64_t n) {
  return fmt::format("{} finished block{}", n, n == 1 ? "" : "s");
}

std::unexpected<Error> refused(const fs::path& folder, const std::string& what) {
  return output_error(folder.string(), what, "choose another name with -o");
}

/// A folder that this program did not make is left alone.
Result<void> check_is_ours(const fs::path& folder) {
  std::error_code code;
  if (!fs::exists(fs::symlink_status(folder, code))) return {};
  if (!fs::is_directory(folder, code)) {
    return refused(folder, "this name is needed for unfinished work, and something else has it");
  }
  for (const fs::path& file : files_in(folder)) {
    if (!is_ours(file)) {
      return refused(folder, fmt::format("this folder is needed for unfinished work, but holds {}",
                                         file.filename().string()));
    }
  }
  return {};
}

}  // namespace

void add_store_flags(CLI::App& command, StoreFlags& flags) {
  constexpr const char* group = "Running";
  command
      .add_option("--cache", flags.cache,
                  "Folder that keeps blocks of a model's vectors for later runs")
      ->envname("TOPOGRAPH_CACHE")
      ->type_name("DIR")
      ->group(group);
  command
      .add_flag("--resume", flags.resume,
                "Continue an interrupted run: blocks finished by then are not computed again")
      ->group(group);
}

Result<void> check_no_resume(const StoreFlags& flags, const std::string& what) {
  if (!flags.resume) return {};
  return option_error("--resume",
                      fmt::format("{} leaves no finished blocks to continue from", what),
                      "leave out --resume");
}

Result<PartialFolder> PartialFolder::open(const std::string& output) {
  const fs::path target = output;
  fs::path path = target.has_filename() ? target : target.parent_path();
  path += ".partial";
  TG_TRY(check_is_ours(path));
  std::error_code code;
  fs::create_directories(path, code);
  if (code) {
    return output_error(path.string(), "cannot create the folder: " + code.message(),
                        "choose a folder you may write to");
  }
  PartialFolder folder;
  folder.lock_ = ::open((path / kLockFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (folder.lock_ < 0) {
    return output_error(path.string(), fmt::format("cannot write: {}", std::strerror(errno)),
                        "choose a folder you may write to");
  }
  // Where the file system knows no locks, the folder is used without one.
  if (::flock(folder.lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return refused(path, "another process is writing this output");
  }
  folder.path_ = path;
  return folder;
}

PartialFolder::PartialFolder(PartialFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, -1)) {}

PartialFolder::~PartialFolder() {
  if (!path_.empty() && n_blocks() == 0) remove();
  if (lock_ >= 0) ::close(lock_);
}

fs::path PartialFolder::journal_path() const { return path_ / kJournalFile; }

std::int64_t PartialFolder::n_blocks() const {
  return std::ranges::count_if(files_in(path_), is_block) + BlockJournal::count(journal_path());
}

void PartialFolder::remove_blocks() {
  std::error_code ignored;
  for (const fs::path& file : files_in(path_)) {
    if (is_block(file)) fs::remove(file, ignored);
  }
  fs::remove(journal_path(), ignored);
}

void PartialFolder::remove() {
  std::error_code ignored;
  for (const fs::path& file : files_in(path_)) {
    if (is_ours(file)) fs::remove(file, ignored);
  }
  fs::remove(path_, ignored);
  path_.clear();
}

Result<KeptBlocks> KeptBlocks::open(const std::string& output, const StoreFlags& flags,
                                    KeptAs kept_as, const Embedder& embedder, RunContext& run) {
  TG_TRY(auto partial, PartialFolder::open(output));
  const bool is_cache = !flags.cache.empty();
  const std::int64_t n_blocks = partial.n_blocks();
  const std::string place = partial.path().string();
  if (is_cache) {
    // The cache says by itself what is finished.
  } else if (!flags.resume && n_blocks > 0) {
    run.log(LogLevel::info,
            fmt::format("removing {} of an interrupted run from {} (--resume would continue it)",
                        blocks_text(n_blocks), place));
    partial.remove_blocks();
  } else if (flags.resume) {
    run.log(LogLevel::info, n_blocks == 0 ? fmt::format("nothing to resume in {}", place)
                                          : fmt::format("continuing with {} from {}",
                                                        blocks_text(n_blocks), place));
  }
  const fs::path folder = is_cache ? fs::path(flags.cache) : partial.path();
  KeptBlocks kept(std::move(partial), folder, flags, embedder);
  if (is_cache || kept_as == KeptAs::files) {
    TG_TRY(kept.store_, EmbeddingStore::open(embedder, folder));
  }
  return kept;
}

fs::path KeptBlocks::growing_path() const { return partial_.path() / kGrowingFile; }

Error KeptBlocks::explain(Error error) const {
  const std::int64_t n_blocks = is_cache_ ? store_->use().n_blocks : partial_.n_blocks();
  if (n_blocks == 0) return error;
  if (!error.hint.empty()) error.hint += "; ";
  error.hint += fmt::format("{} {} kept in {}: the same command{} continues from there",
                            blocks_text(n_blocks), n_blocks == 1 ? "is" : "are", folder_.string(),
                            is_cache_ ? "" : " with --resume");
  return error;
}

std::string KeptBlocks::reuse_text(const StoreUse& use) {
  if (use.n_reused_blocks == 0) return {};
  return fmt::format("{} of {} blocks, {} of {} texts", use.n_reused_blocks, use.n_blocks,
                     use.n_reused_texts, use.n_texts);
}

}  // namespace topograph::cli
