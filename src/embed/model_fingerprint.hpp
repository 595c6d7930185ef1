#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "topograph/core/digest.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// Gathers what the vectors of an embedder depend on into one SHA-256. Every entry is named and
/// carries its length, so that no two different lists of entries can look alike.
class ModelFingerprint {
 public:
  /// @param kind  Of the embedder and its way of computing, e.g. "encoder openvino 2026.4".
  explicit ModelFingerprint(std::string_view kind) { add("kind", kind); }

  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, std::int64_t value);
  void add(std::string_view name, std::size_t value);
  void add(std::string_view name, bool value);

  /// The bytes of a file; 1–2 GB/s.
  /// @error model subject: not_found or io.
  [[nodiscard]] Result<void> add_file(const std::filesystem::path& path);
  /// Every *.json in `folder` and in the folders right below it, by name: configuration, tokenizer,
  /// pooling.
  [[nodiscard]] Result<void> add_json_files(const std::filesystem::path& folder);

  [[nodiscard]] std::string hex() && { return digest_.hex(); }

 private:
  Sha256 digest_ = {};
};

}  // namespace topograph::detail
