#include "topograph/core/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace topograph {

struct Digest::Impl {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Digest::Digest(DigestKind kind) : impl_(std::make_unique<Impl>()) {
  EVP_DigestInit_ex(impl_->context, kind == DigestKind::sha1 ? EVP_sha1() : EVP_sha256(), nullptr);
}
Digest::~Digest() { EVP_MD_CTX_free(impl_->context); }

void Digest::update(std::string_view bytes) {
  EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size());
}

std::string Digest::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int n = 0;
  EVP_DigestFinal_ex(impl_->context, digest.data(), &n);
  std::string text;
  for (unsigned int i = 0; i < n; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace topograph
