// Topic words of a corpus in eight languages: words, whatever the script, and no function words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <string>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph {
namespace {

struct Language {
  std::string code = {};
  std::vector<std::string> sentences = {};
  std::vector<std::string> words = {};      ///< Among the words of the topic.
  std::vector<std::string> functions = {};  ///< Not among them.
};

const std::array kLanguages = {
    Language{
        "zh",
        {"学生们在图书馆里看书。", "图书馆的猫和学生都很安静。", "这是学生的图书馆，也是猫的家。"},
        {"学生", "图书", "猫"},
        {"的", "和", "在", "是"}},
    Language{"ja",
             {"学生は図書館で本を読みます。", "図書館の猫と学生はとても静かです。",
              "これは学生の図書館で、猫の家でもあります。"},
             {"学生", "図書館", "猫"},
             {"の", "は", "で", "と"}},
    Language{"ko",
             {"학생 은 도서관 에서 책 을 읽습니다.", "도서관 고양이 와 학생 은 아주 조용합니다.",
              "이것 은 학생 의 도서관 이고 고양이 의 집 입니다."},
             {"학생", "도서관"},
             {}},
    Language{"th",
             {"นักเรียนและแมวอยู่ที่โรงเรียน", "แมวของนักเรียนและโรงเรียน", "โรงเรียนมีแมวและนักเรียน"},
             {"แมว", "โรงเรียน"},
             {"และ", "ที่", "ของ"}},
    Language{"ar",
             {"يقرأ الطالب في المكتبة كل يوم", "المكتبة هي بيت الطالب",
              "من المكتبة إلى البيت يمشي الطالب"},
             {"المكتبة", "الطالب"},
             {"في", "من", "إلى", "هي"}},
    Language{
        "hi",
        {"विद्यार्थी पुस्तकालय में पढ़ता है", "पुस्तकालय और विद्यार्थी का घर", "यह विद्यार्थी के लिए पुस्तकालय है"},
        {"विद्यार्थी", "पुस्तकालय"},
        {"में", "और", "का", "है"}},
    Language{
        "de",
        {"Die Schüler lesen in der Bücherei.", "Die Katze der Bücherei und die Schüler sind still.",
         "Das ist die Bücherei für die Schüler."},
        {"schüler", "bücherei"},
        {"die", "der", "und", "in"}},
    Language{"en",
             {"The pupils read in the library.", "The cat of the library and the pupils are quiet.",
              "This is the library for all the pupils."},
             {"pupils", "library"},
             {"the", "of", "and", "in"}},
};

TEST(TopicWordsOfEightLanguages, AreWordsOfEveryScriptAndNoFunctionWords) {
  TextColumn texts;
  std::vector<std::int32_t> topics;
  for (std::size_t language = 0; language < kLanguages.size(); ++language) {
    for (const std::string& sentence : kLanguages[language].sentences) {
      texts.push_back(sentence);
      topics.push_back(narrow<std::int32_t>(language));
    }
  }
  std::vector<std::int64_t> rows(texts.size());
  std::iota(rows.begin(), rows.end(), 0);
  RunContext run({.threads = 2});
  const auto plan = plan_counting(texts, {}, run);
  ASSERT_TRUE(plan);
  const auto found = describe_topics(texts, topics, {}, rows,
                                     narrow<std::int32_t>(kLanguages.size()), *plan, {}, {}, run);
  ASSERT_TRUE(found);
  for (std::size_t language = 0; language < kLanguages.size(); ++language) {
    const Language& expected = kLanguages[language];
    std::vector<std::string> words;
    for (const TopicWord& word : found->table.topics[language].words) words.push_back(word.term);
    EXPECT_THAT(words, ::testing::IsSupersetOf(expected.words)) << expected.code;
    for (const std::string& function : expected.functions) {
      EXPECT_THAT(words, ::testing::Not(::testing::Contains(function))) << expected.code;
    }
  }
}

}  // namespace
}  // namespace topograph
