#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"

namespace topograph {

/// Reads a file or standard input in pieces, undoing gzip or zstd compression on the way. The
/// compression is recognised by its first bytes, not by the file's name.
class ByteStream {
 public:
  /// @param path  A file, or `-` for standard input.
  /// @param name  What errors call it.
  /// @param stop  Ends the waiting for a silent pipe: this and `next` return cancelled then.
  [[nodiscard]] static Result<ByteStream> open(const std::string& path, std::string name,
                                               std::stop_token stop);
  ByteStream(ByteStream&&) noexcept;
  ByteStream& operator=(ByteStream&&) = delete;
  ~ByteStream();

  /// The next piece, valid until the next call; empty at the end.
  [[nodiscard]] Result<std::string_view> next();
  /// Bytes taken from the file so far, before decompression.
  [[nodiscard]] std::uint64_t consumed_bytes() const;
  [[nodiscard]] const std::string& name() const;

 private:
  ByteStream();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A ByteStream that promises text: a UTF-8 byte order mark is dropped; UTF-16 and binary bytes are
/// errors that name what was found.
class TextStream {
 public:
  [[nodiscard]] static Result<TextStream> open(const std::string& path, std::string name,
                                               std::stop_token stop);
  /// The next piece, valid until the next call; empty at the end.
  [[nodiscard]] Result<std::string_view> next();
  [[nodiscard]] std::uint64_t consumed_bytes() const { return bytes_.consumed_bytes(); }
  [[nodiscard]] const std::string& name() const { return bytes_.name(); }

 private:
  explicit TextStream(ByteStream bytes) : bytes_(std::move(bytes)) {}
  ByteStream bytes_;
  std::uint64_t offset_ = 0;
};

}  // namespace topograph
