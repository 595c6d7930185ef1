#include "tokenize/byte_alphabet.hpp"

#include "tokenize/utf8.hpp"

namespace topograph::detail {
namespace {

struct Alphabet {
  std::array<char32_t, 256> characters = {};
  std::array<std::array<char, 2>, 256> utf8 = {};
  std::array<std::uint8_t, 256> length = {};
};

const Alphabet& alphabet() {
  static const Alphabet table = [] {
    Alphabet out;
    char32_t next = 0x100;
    for (char32_t byte = 0; byte < 256; ++byte) {
      const bool is_printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
      out.characters[byte] = is_printable ? byte : next++;
      std::string bytes;
      append_utf8(out.characters[byte], bytes);
      out.length[byte] = static_cast<std::uint8_t>(bytes.size());
      for (std::size_t i = 0; i < bytes.size(); ++i) out.utf8[byte][i] = bytes[i];
    }
    return out;
  }();
  return table;
}

}  // namespace

char32_t byte_character(unsigned char byte) { return alphabet().characters[byte]; }

void append_byte_characters(std::string_view bytes, std::string& out) {
  const Alphabet& table = alphabet();
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.append(table.utf8[byte].data(), table.length[byte]);
  }
}

void expand_bytes(NormalizedView text, NormalizedText& out) {
  out.clear();
  out.reserve(text.size());
  std::string bytes;
  for (const NormalizedCharacter& c : text) {
    bytes.clear();
    append_utf8(c.value, bytes);
    for (const char byte : bytes) {
      out.push_back({byte_character(static_cast<unsigned char>(byte)), c.begin, c.end});
    }
  }
}

}  // namespace topograph::detail
