#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/net/http.hpp"

namespace topograph::detail {

/// A file on its way, kept on disk until it is complete, so that a later attempt goes on with it.
class PartialFile {
 public:
  /// @error output subject.
  [[nodiscard]] static Result<PartialFile> open(const std::filesystem::path& path);
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&&) = delete;
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// From here on the bytes of another answer come.
  void begin_answer();
  /// True when the answer's bytes belong behind those that are here.
  [[nodiscard]] bool is_expecting(const HttpResponse& response);
  [[nodiscard]] Result<void> restart();
  [[nodiscard]] Result<void> append(std::string_view bytes);
  [[nodiscard]] Result<void> close();
  [[nodiscard]] Result<void> move_to(const std::filesystem::path& target);
  void remove();

 private:
  PartialFile() = default;
  std::filesystem::path path_ = {};
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t answer_begin_ = 0;
  bool is_checked_ = false;
};

}  // namespace topograph::detail
