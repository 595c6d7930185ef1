#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace topograph {

/// SHA-256 of bytes given in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256(Sha256&&) = delete;
  Sha256& operator=(Sha256&&) = delete;

  void update(std::string_view bytes);
  [[nodiscard]] std::string hex();  ///< Call once, at the end.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph
