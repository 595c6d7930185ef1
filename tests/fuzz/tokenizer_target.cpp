#include <cstdlib>
#include <string_view>
#include <vector>

#include "fuzz/targets.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::fuzz {

void tokenizer(const std::uint8_t* data, std::size_t size) {
  const auto read = Tokenizer::parse({reinterpret_cast<const char*>(data), size}, "tokenizer.json");
  if (!read) return;
  for (const std::string_view text :
       {"", " ", "hello  World's 123\n\n", "caf\u00e9 e\u0301\u0323 \ufb01 \u2581\u3000",
        "\u4e2d\u6587 \U0001f468\u200d\U0001f469 \xff\xc3",
        "<s>a</s> [MASK] aaaaaaaaaaaaaaaaaaaa"}) {
    std::vector<std::int32_t> ids;
    std::vector<TokenOffsets> offsets;
    read->encode(text, {.max_length = 64}, ids, &offsets);
    if (ids.size() != offsets.size()) std::abort();
    for (const TokenOffsets& at : offsets) {
      if (at.end > text.size()) std::abort();
    }
  }
}

}  // namespace topograph::fuzz
