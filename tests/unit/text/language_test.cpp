#include "topograph/text/language.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "topograph/text/normalize.hpp"

namespace topograph {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TextColumn column(const std::vector<std::string>& texts) {
  TextColumn texts_column;
  for (const std::string& text : texts) texts_column.push_back(text);
  return texts_column;
}

std::vector<std::string> detected(const std::vector<std::string>& texts) {
  RunContext run;
  const auto shares = detect_languages(column(texts), run);
  std::vector<std::string> languages;
  if (shares) {
    for (const LanguageShare& share : *shares) languages.push_back(share.language);
  }
  return languages;
}

// Two plain sentences in each of some languages of every script.
const std::map<std::string, std::vector<std::string>>& sentences() {
  static const std::map<std::string, std::vector<std::string>> texts = {
      {"en", {"The cat has been on the roof since this morning.", "We do not know what it wants."}},
      {"de", {"Die Katze ist seit heute Morgen auf dem Dach.", "Wir wissen nicht, was sie will."}},
      {"fr",
       {"Le chat est sur le toit depuis ce matin.", "Nous ne savons pas ce qu\u2019il veut."}},
      {"es",
       {"El gato est\u00e1 en el tejado desde esta ma\u00f1ana.",
        "No sabemos lo que quiere ni por qu\u00e9."}},
      {"it",
       {"Il gatto \u00e8 sul tetto da questa mattina.",
        "Non sappiamo che cosa vuole dalla vicina."}},
      {"pt",
       {"O gato dorme no telhado da nossa casa.",
        "N\u00e3o sabemos o que ele quer nem por qu\u00ea."}},
      {"nl", {"De kat zit sinds vanochtend op het dak.", "Wij weten niet wat ze van ons wil."}},
      {"pl", {"Kot jest na dachu od samego rana.", "Nie wiemy, czego on od nas chce."}},
      {"tr",
       {"Kedi bu sabahtan beri \u00e7at\u0131da.",
        "Ne istedi\u011fini bilmiyoruz ama \u00e7ok ba\u011f\u0131r\u0131yor."}},
      {"fi", {"Kissa on ollut katolla aamusta asti.", "Me emme tied\u00e4, mit\u00e4 se haluaa."}},
      {"ru",
       {"\u041a\u043e\u0448\u043a\u0430 \u0441 \u0443\u0442\u0440\u0430 "
        "\u0441\u0438\u0434\u0438\u0442 \u043d\u0430 \u043a\u0440\u044b\u0448\u0435.",
        "\u041c\u044b \u043d\u0435 \u0437\u043d\u0430\u0435\u043c, \u0447\u0442\u043e \u0435\u0439 "
        "\u043d\u0443\u0436\u043d\u043e."}},
      {"uk",
       {"\u041a\u0456\u0448\u043a\u0430 \u0432\u0456\u0434 \u0440\u0430\u043d\u043a\u0443 "
        "\u0441\u0438\u0434\u0438\u0442\u044c \u043d\u0430 \u0434\u0430\u0445\u0443.",
        "\u041c\u0438 \u043d\u0435 \u0437\u043d\u0430\u0454\u043c\u043e, \u0449\u043e \u0457\u0439 "
        "\u0442\u0440\u0435\u0431\u0430."}},
      {"el",
       {"\u0397 \u03b3\u03ac\u03c4\u03b1 \u03b5\u03af\u03bd\u03b1\u03b9 \u03c3\u03c4\u03b7 "
        "\u03c3\u03c4\u03ad\u03b3\u03b7 \u03b1\u03c0\u03cc \u03c4\u03bf "
        "\u03c0\u03c1\u03c9\u03af."}},
      {"he",
       {"\u05d4\u05d7\u05ea\u05d5\u05dc \u05e2\u05dc \u05d4\u05d2\u05d2 "
        "\u05de\u05d4\u05d1\u05d5\u05e7\u05e8."}},
      {"ar",
       {"\u0627\u0644\u0642\u0637\u0629 \u0639\u0644\u0649 \u0627\u0644\u0633\u0637\u062d "
        "\u0645\u0646\u0630 \u0627\u0644\u0635\u0628\u0627\u062d.",
        "\u0646\u062d\u0646 \u0644\u0627 \u0646\u0639\u0631\u0641 \u0645\u0627 "
        "\u0627\u0644\u0630\u064a \u062a\u0631\u064a\u062f\u0647 \u0647\u0630\u0647."}},
      {"hi",
       {"\u092c\u093f\u0932\u094d\u0932\u0940 \u0938\u0941\u092c\u0939 \u0938\u0947 \u091b\u0924 "
        "\u092a\u0930 \u0939\u0948\u0964",
        "\u0939\u092e \u0928\u0939\u0940\u0902 \u091c\u093e\u0928\u0924\u0947 \u0915\u093f "
        "\u0909\u0938\u0947 \u0915\u094d\u092f\u093e \u091a\u093e\u0939\u093f\u090f\u0964"}},
      {"th",
       {"\u0e41\u0e21\u0e27\u0e2d\u0e22\u0e39\u0e48\u0e1a\u0e19\u0e2b\u0e25\u0e31\u0e07\u0e04\u0e32"
        "\u0e15\u0e31\u0e49\u0e07\u0e41\u0e15\u0e48\u0e40\u0e0a\u0e49\u0e32"}},
      {"zh",
       {"\u732b\u4ece\u65e9\u4e0a\u5c31\u5728\u5c4b\u9876\u4e0a\u3002",
        "\u6211\u4eec\u4e0d\u77e5\u9053\u5b83\u60f3\u8981\u4ec0\u4e48\u3002"}},
      {"ja",
       {"\u732b\u306f\u671d\u304b\u3089\u5c4b\u6839\u306e\u4e0a\u306b\u3044\u307e\u3059\u3002"}},
      {"ko",
       {"\uace0\uc591\uc774\ub294 \uc544\uce68\ubd80\ud130 \uc9c0\ubd95 \uc704\uc5d0 "
        "\uc788\ub2e4."}},
  };
  return texts;
}

TEST(Language, DetectsEachLanguageOnItsOwn) {
  for (const auto& [language, texts] : sentences()) {
    EXPECT_EQ(detected(texts), std::vector<std::string>{language});
  }
}

TEST(Language, MixedCorpusGivesSharesInOrder) {
  RunContext run;
  TextColumn texts;
  for (const auto& [language, copies] : {std::pair{"en", 6}, {"de", 3}, {"th", 1}}) {
    for (int i = 0; i < copies; ++i) texts.push_back(sentences().at(language).front());
  }
  const auto shares = detect_languages(texts, run);
  ASSERT_TRUE(shares);
  ASSERT_EQ(shares->size(), 3U);
  EXPECT_EQ((*shares)[0].language, "en");
  EXPECT_DOUBLE_EQ((*shares)[0].share, 0.6);
  EXPECT_EQ((*shares)[1].language, "de");
  EXPECT_DOUBLE_EQ((*shares)[1].share, 0.3);
  EXPECT_EQ((*shares)[2].language, "th");
}

TEST(Language, RareLanguagesOfTheSameScriptAreLeftOut) {
  std::vector<std::string> texts(99, sentences().at("en").front());
  texts.push_back(sentences().at("de").front());
  EXPECT_EQ(detected(texts), std::vector<std::string>{"en"});
}

TEST(Language, AFewDocumentsInAScriptOfTheirOwnBringInTheirLanguage) {
  std::vector<std::string> texts(4000, sentences().at("en").front());
  for (std::size_t i = 0; i < 20; ++i) texts[i * 150] = sentences().at("zh")[i % 2];
  for (std::size_t i = 0; i < 2; ++i) {
    texts[77 + 1000 * i] = sentences().at("ru")[i];
    texts[2077 + 1000 * i] = sentences().at("uk")[i];
  }
  EXPECT_EQ(detected(texts), (std::vector<std::string>{"en", "zh", "ru", "uk"}));
}

TEST(Language, ADocumentInTwentyThousandIsNoLanguageOfTheCorpus) {
  std::vector<std::string> texts(20'000, sentences().at("en").front());
  texts[300] = sentences().at("ko").front();
  EXPECT_EQ(detected(texts), std::vector<std::string>{"en"});
}

TEST(Language, ShortTitlesFollowTheirNeighbours) {
  // "was" and "in" alone could be German or Dutch.
  std::vector<std::string> texts(20, sentences().at("en").front());
  texts.insert(texts.end(), 5, "Rain in Spain");
  EXPECT_EQ(detected(texts), std::vector<std::string>{"en"});
}

TEST(Language, UnknownTextHasNoLanguage) {
  EXPECT_TRUE(detected({}).empty());
  EXPECT_TRUE(detected({"", "  ", "12345 67", "\U0001F600"}).empty());
  EXPECT_TRUE(detected({"xkcd qwerty zzz"}).empty());
  EXPECT_TRUE(detected({"\u13e3\u13b3\u13a9"}).empty());  // Cherokee has no list.
}

TEST(Language, DetectionStopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  RunContext run({.stop = source.get_token()});
  const auto shares = detect_languages(column({"the end"}), run);
  ASSERT_FALSE(shares);
  EXPECT_EQ(shares.error().code, ErrorCode::cancelled);
}

TEST(StopWords, CoverAtLeastThirtyLanguages) {
  const auto languages = stop_word_languages();
  EXPECT_GE(languages.size(), 30U);
  EXPECT_TRUE(std::ranges::is_sorted(languages));
  for (const char* code : {"zh", "ja", "ko", "th", "ar", "hi", "tr", "en"}) {
    EXPECT_THAT(languages, Contains(code));
  }
}

TEST(StopWords, AreSortedNormalLowerCaseWords) {
  for (const std::string_view language : stop_word_languages()) {
    const auto words = stop_words(language);
    ASSERT_TRUE(words);
    EXPECT_GE(words->size(), 40U) << language;
    EXPECT_TRUE(std::ranges::is_sorted(*words)) << language;
    EXPECT_EQ(std::ranges::adjacent_find(*words), words->end()) << language;
    for (const std::string_view word : *words) {
      EXPECT_EQ(to_lower(word, std::string(language)), word) << language;
      EXPECT_FALSE(is_blank(word)) << language;
    }
  }
}

TEST(StopWords, AreFunctionWordsNotContent) {
  EXPECT_THAT(*stop_words("en"), Contains("don't"));
  EXPECT_THAT(*stop_words("en"), Contains("the"));
  EXPECT_THAT(*stop_words("en"), Not(Contains("computer")));
  EXPECT_THAT(*stop_words("de"), Contains("nicht"));
  EXPECT_THAT(*stop_words("zh"), Contains("\u6211\u4eec"));
  EXPECT_THAT(*stop_words("th"), Contains("\u0e41\u0e25\u0e30"));
}

TEST(StopWords, BothNorwegianStandardsShareAList) {
  EXPECT_EQ(*stop_words("nb"), *stop_words("no"));
  EXPECT_EQ(*stop_words("nn"), *stop_words("no"));
}

TEST(StopWords, UnknownLanguageListsTheKnownOnes) {
  const auto words = stop_words("xx");
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().subject, Subject::option);
  EXPECT_THAT(words.error().message, HasSubstr("'xx'"));
  EXPECT_THAT(words.error().message, HasSubstr("de el en"));
}

}  // namespace
}  // namespace topograph
