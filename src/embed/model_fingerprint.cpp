#include "embed/model_fingerprint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

namespace topograph::detail {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;

void append_json_files(const fs::path& folder, std::vector<fs::path>& found) {
  std::error_code code;
  for (fs::directory_iterator entry(folder, code); !code && entry != fs::directory_iterator();
       entry.increment(code)) {
    std::error_code ignored;
    if (entry->path().extension() == ".json" && entry->is_regular_file(ignored)) {
      found.push_back(entry->path());
    }
  }
}

}  // namespace

void ModelFingerprint::add(std::string_view name, std::string_view value) {
  digest_.update(fmt::format("{} {} {} ", name.size(), name, value.size()));
  digest_.update(value);
}

void ModelFingerprint::add(std::string_view name, std::int64_t value) {
  add(name, std::string_view(std::to_string(value)));
}

void ModelFingerprint::add(std::string_view name, std::size_t value) {
  add(name, std::string_view(std::to_string(value)));
}

void ModelFingerprint::add(std::string_view name, bool value) {
  add(name, std::string_view(value ? "true" : "false"));
}

Result<void> ModelFingerprint::add_file(const fs::path& path) {
  const auto failure = [&](ErrorCode code) {
    return model_error(code, path.string(),
                       fmt::format("cannot read the file: {}", std::strerror(errno)));
  };
  std::ifstream file(path, std::ios::binary);
  if (!file) return failure(ErrorCode::not_found);
  // A digest of its own: the file's length is not known before it is read.
  Sha256 content;
  std::vector<char> piece(kPieceBytes);
  while (file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    content.update({piece.data(), static_cast<std::size_t>(file.gcount())});
  }
  if (file.bad()) return failure(ErrorCode::io);
  add(path.filename().string(), std::string_view(content.hex()));
  return {};
}

Result<void> ModelFingerprint::add_json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  append_json_files(folder, files);
  std::error_code code;
  for (fs::directory_iterator entry(folder, code); !code && entry != fs::directory_iterator();
       entry.increment(code)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) append_json_files(entry->path(), files);
  }
  if (code) {
    return model_error(ErrorCode::io, folder.string(), "cannot list the folder: " + code.message());
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    add("file", std::string_view(file.lexically_relative(folder).generic_string()));
    TG_TRY(add_file(file));
  }
  return {};
}

}  // namespace topograph::detail
