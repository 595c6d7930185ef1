#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "topograph/tokenize/tokenizer.hpp"

namespace topograph {
namespace {

using nlohmann::json;

TEST(TokenizerFamiliesGolden, EveryFamilyGivesThePeersIdsAndOffsets) {
  std::ifstream file(std::string(TG_TEST_DATA) + "/tokenize/families.json");
  const json golden = json::parse(file);
  ASSERT_EQ(golden["families"].size(), 9U);
  for (const auto& [name, family] : golden["families"].items()) {
    SCOPED_TRACE(name);
    json document = family["tokenizer"];
    const json& parts = golden["vocabularies"][family["vocabulary"].get<std::string>()];
    document["model"]["vocab"] = parts[0];
    if (!parts[1].is_null()) document["model"]["merges"] = parts[1];
    const auto tokenizer = Tokenizer::parse(document.dump(), name);
    ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
    for (const json& one : family["cases"]) {
      const auto text = one[0].get<std::string>();
      for (int round = 0; round < 2; ++round) {  // the second time from the cache of words
        std::vector<std::int32_t> ids;
        std::vector<TokenOffsets> offsets;
        tokenizer->encode(text, {}, ids, &offsets);
        EXPECT_EQ(ids, one[1].get<std::vector<std::int32_t>>()) << one[0].dump(-1, ' ', true);
        std::vector<std::uint32_t> flat;
        for (const TokenOffsets& at : offsets) flat.insert(flat.end(), {at.begin, at.end});
        EXPECT_EQ(flat, one[2].get<std::vector<std::uint32_t>>()) << one[0].dump(-1, ' ', true);
      }
    }
  }
}

}  // namespace
}  // namespace topograph
