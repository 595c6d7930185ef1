#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace topograph {

enum class DigestKind : std::uint8_t { sha1, sha256 };

/// Digest of bytes given in pieces.
class Digest {
 public:
  explicit Digest(DigestKind kind);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  Digest(Digest&&) = delete;
  Digest& operator=(Digest&&) = delete;

  void update(std::string_view bytes);
  [[nodiscard]] std::string hex();  ///< Call once, at the end.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class Sha256 : public Digest {
 public:
  Sha256() : Digest(DigestKind::sha256) {}
};

/// Only to compare with what git and the hubs built on it name a file.
class Sha1 : public Digest {
 public:
  Sha1() : Digest(DigestKind::sha1) {}
};

}  // namespace topograph
