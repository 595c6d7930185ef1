#include "text/addresses.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "topograph/text/words.hpp"

namespace topograph {
namespace {

std::string kept(std::string_view text) {
  WordSplitter splitter;
  std::vector<TokenSpan> tokens;
  splitter.split(text, tokens);
  drop_addresses(text, tokens);
  std::string joined;
  for (const TokenSpan& token : tokens) {
    joined += joined.empty() ? "" : " ";
    joined += text.substr(token.begin, token.end - token.begin);
  }
  return joined;
}

TEST(Addresses, OfTheWebAreNoWords) {
  EXPECT_EQ(kept("read https://t.co/Ab3d_x?y=1#z now"), "read now");
  EXPECT_EQ(kept("(see http://example.org/a-b), then ftp://x.y"), "see then");
  EXPECT_EQ(kept("at www.example.org/news and WWW.EXAMPLE.ORG."), "at and");
  EXPECT_EQ(kept("看https://t.co/abc谢谢"), "看 谢谢");
  EXPECT_EQ(kept("https://a.b"), "");
}

TEST(Addresses, OfPeopleAreNoWordsButTheirHandlesAre) {
  EXPECT_EQ(kept("write to jane.doe+x@mail.example.org."), "write to");
  EXPECT_EQ(kept("mailto:me@here.org today"), "mailto today");
  EXPECT_EQ(kept("thanks @jane and @joe.smith"), "thanks @jane and @joe.smith");
  EXPECT_EQ(kept("five@noon"), "five@noon");
}

TEST(Addresses, EntitiesAreNoWords) {
  EXPECT_EQ(kept("rock &amp; roll &#39;n&#x27; &lt;b&gt;"), "rock roll n b");
  EXPECT_EQ(kept("AT&T; R&D"), "AT R D");
  EXPECT_EQ(kept("q&a about &nothing at all"), "q a about nothing at all");
}

TEST(Addresses, LeaveOtherTextAlone) {
  for (const std::string_view text :
       {"the http client and the www", "10:30 note: this", "ratio 3://4", "wwww", "@", "&", ":",
        "w", "&;", "a@b", "x@.y"}) {
    WordSplitter splitter;
    std::vector<TokenSpan> before;
    splitter.split(text, before);
    std::vector<TokenSpan> after = before;
    drop_addresses(text, after);
    EXPECT_EQ(after, before) << text;
  }
}

}  // namespace
}  // namespace topograph
