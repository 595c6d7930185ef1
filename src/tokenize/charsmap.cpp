#include "tokenize/charsmap.hpp"

#include <algorithm>
#include <utility>

#include "tokenize/grapheme.hpp"
#include "tokenize/utf8.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t max_cluster_bytes = 5;

std::expected<std::string, std::string> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int n_bits = 0;
  while (text.ends_with('=')) text.remove_suffix(1);
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0') + 52;
    } else if (c == '+' || c == '/') {
      value = c == '+' ? 62 : 63;
    } else {
      return std::unexpected("not base64");
    }
    bits = (bits << 6) | value;
    n_bits += 6;
    if (n_bits < 8) continue;
    n_bits -= 8;
    out.push_back(static_cast<char>((bits >> n_bits) & 0xFF));
  }
  return out;
}

std::uint32_t read_u32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

// A unit of the trie: its label and a leaf mark in the low bytes, the distance to its children, or
// in a leaf the value.
std::uint32_t offset_of(std::uint32_t unit) { return (unit >> 10) << ((unit & (1U << 9)) >> 6); }
bool has_leaf(std::uint32_t unit) { return ((unit >> 8) & 1U) != 0; }
std::uint32_t label_of(std::uint32_t unit) { return unit & ((1U << 31) | 0xFFU); }
std::uint32_t value_of(std::uint32_t unit) { return unit & ((1U << 31) - 1); }

/// The changes by which `n_old` characters become those of `text`. A removal counts with the
/// character before it; at the very beginning it is lost, which the peer's alignment shows too.
void append_change(std::size_t n_old, std::string_view text, std::vector<RewrittenCharacter>& out) {
  const std::size_t first = out.size();
  for (std::size_t i = 0; i < text.size();) {
    const DecodedCharacter character = decode_utf8(text, i);
    out.push_back({character.value, 0});
    i += character.length;
  }
  const auto n_new = out.size() - first;
  for (std::size_t i = first + std::min(n_old, n_new); i < out.size(); ++i) out[i].change = 1;
  if (n_old > n_new && !out.empty()) {
    out.back().change -= static_cast<std::int32_t>(n_old - n_new);
  }
}

}  // namespace

std::expected<Charsmap, std::string> Charsmap::read(std::string_view base64) {
  const auto bytes = decode_base64(base64);
  if (!bytes) return std::unexpected(bytes.error());
  if (bytes->size() < 4) return std::unexpected("too short");
  const std::string_view all = *bytes;
  const std::size_t trie_bytes = read_u32(all);
  if (trie_bytes % 4 != 0 || trie_bytes > all.size() - 4) {
    return std::unexpected("the trie is longer than the data");
  }
  Charsmap out;
  for (std::size_t i = 0; i < trie_bytes; i += 4) out.units_.push_back(read_u32(all.substr(4 + i)));
  out.replacements_ = all.substr(4 + trie_bytes);
  for (std::size_t c = 0; c < out.is_rewritten_ascii_.size(); ++c) {
    const char key = static_cast<char>(c);
    out.is_rewritten_ascii_[c] = out.find({&key, 1}).has_value();
  }
  return out;
}

std::optional<std::string_view> Charsmap::find(std::string_view key) const {
  if (units_.empty()) return std::nullopt;
  std::uint32_t node = offset_of(units_[0]);
  for (const char byte : key) {
    const std::uint32_t label = static_cast<unsigned char>(byte);
    node ^= label;
    if (label == 0 || node >= units_.size() || label_of(units_[node]) != label) {
      return std::nullopt;
    }
    const bool is_key = has_leaf(units_[node]);
    node ^= offset_of(units_[node]);
    if (!is_key) continue;
    if (node >= units_.size()) return std::nullopt;
    const std::size_t begin = value_of(units_[node]);
    if (begin > replacements_.size()) return std::nullopt;
    const std::string_view rest = std::string_view(replacements_).substr(begin);
    return rest.substr(0, rest.find('\0'));
  }
  return std::nullopt;
}

void Charsmap::apply(NormalizedText& text, std::vector<RewrittenCharacter>& rewritten,
                     NormalizedText& spare) const {
  rewritten.clear();
  bool is_modified = false;
  std::string key;  // short enough to live on the stack
  for (std::size_t i = 0; i < text.size();) {
    if (is_plain(text, i)) {
      rewritten.push_back({text[i].value, 0});
      ++i;
      continue;
    }
    const std::size_t end = grapheme_end(text, i);
    key.clear();
    for (std::size_t k = i; k < end && key.size() <= max_cluster_bytes; ++k) {
      append_utf8(text[k].value, key);
    }
    if (key.size() <= max_cluster_bytes) {
      if (const auto found = find(key)) {
        append_change(end - i, *found, rewritten);
        is_modified = true;
        i = end;
        continue;
      }
    }
    for (; i < end; ++i) {
      key.clear();
      append_utf8(text[i].value, key);
      if (const auto found = find(key)) {
        append_change(1, *found, rewritten);
        is_modified = true;
      } else {
        rewritten.push_back({text[i].value, 0});
      }
    }
  }
  if (is_modified) rewrite(text, rewritten, spare);
}

}  // namespace topograph::detail
