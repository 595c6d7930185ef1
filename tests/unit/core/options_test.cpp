#include "topograph/core/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace topograph {

enum class Colour : std::uint8_t { red, green };
template <>
struct EnumNames<Colour> {
  static constexpr std::array<std::string_view, 2> names{"red", "green"};
};

namespace {

using testing::HasSubstr;

struct Inner {
  int count = 3;
  std::optional<float> ratio = {};
  Colour colour = Colour::red;
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("count", s.count, at_least(1), "How many.", "n");
    v("ratio", s.ratio, between(0, 1), "Share.");
    v("colour", s.colour, any_value(), "Paint.");
  }
};

struct Outer {
  Inner inner = {};
  bool flag = false;
  std::string name = "a \"b\"";
  std::vector<std::string> words = {"x"};
  std::pair<int, int> range = {1, 2};
  double step = 0.1;
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("inner", s.inner);
    v("flag", s.flag, any_value(), "On or off.");
    v("name", s.name, any_value(), "Text.");
    v("words", s.words, any_value(), "List.");
    v("range", s.range, at_least(1), "Pair.");
    v("step", s.step, above(0), "Number.");
  }
};

TEST(Options, ListsEveryFieldWithItsPathAndDefault) {
  const auto fields = list_options(Outer{});
  ASSERT_EQ(fields.size(), 8U);
  EXPECT_EQ(fields[0].path, "inner.count");
  EXPECT_EQ(fields[0].value, "3");
  EXPECT_EQ(fields[0].range, ">= 1");
  EXPECT_EQ(fields[1].value, "auto");
  EXPECT_EQ(fields[2].type, "red|green");
}

TEST(Options, SetsEveryTypeFromText) {
  Outer o;
  ASSERT_TRUE(set_option(o, "inner.count", "7"));
  ASSERT_TRUE(set_option(o, "inner.ratio", "0.25"));
  ASSERT_TRUE(set_option(o, "inner.colour", "green"));
  ASSERT_TRUE(set_option(o, "flag", "yes"));
  ASSERT_TRUE(set_option(o, "words", "a, b"));
  ASSERT_TRUE(set_option(o, "range", "2,4"));
  EXPECT_EQ(o.inner.count, 7);
  EXPECT_FLOAT_EQ(*o.inner.ratio, 0.25F);
  EXPECT_EQ(o.inner.colour, Colour::green);
  EXPECT_TRUE(o.flag);
  EXPECT_EQ(o.words, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(o.range, std::make_pair(2, 4));
  ASSERT_TRUE(set_option(o, "inner.ratio", "auto"));
  EXPECT_FALSE(o.inner.ratio.has_value());
}

TEST(Options, AcceptsTheAliasOfAField) {
  Outer o;
  ASSERT_TRUE(set_option(o, "inner.n", "9"));
  EXPECT_EQ(o.inner.count, 9);
}

TEST(Options, RefusesAValueOutOfRangeAndNamesThePath) {
  Outer o;
  const auto outcome = set_option(o, "inner.count", "0");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().where, "inner.count");
  EXPECT_THAT(outcome.error().message, HasSubstr(">= 1"));
  EXPECT_EQ(outcome.error().subject, Subject::option);
}

TEST(Options, SuggestsTheNearestNameForAnUnknownOne) {
  Outer o;
  const auto outcome = set_option(o, "inner.cuont", "1");
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().hint, HasSubstr("inner.count"));
}

TEST(Options, RefusesTextWhereANumberIsExpected) {
  Outer o;
  EXPECT_FALSE(set_option(o, "inner.count", "many"));
  EXPECT_FALSE(set_option(o, "step", "0"));
  EXPECT_FALSE(set_option(o, "step", "nan"));
  EXPECT_FALSE(set_option(o, "range", "4,2"));
  EXPECT_FALSE(set_option(o, "flag", "perhaps"));
  EXPECT_FALSE(set_option(o, "inner.colour", "blue"));
  EXPECT_FALSE(set_option(o, "inner.count", "99999999999999"));
}

TEST(Options, ReportsAllProblemsAtOnce) {
  Outer o;
  o.inner.count = 0;
  o.step = -1;
  const auto problems = check_options(o);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[1].where, "step");
  EXPECT_THAT(validate_options(o).error().message, HasSubstr("step"));
}

TEST(Options, SurviveAJsonRoundTrip) {
  Outer o;
  o.inner.ratio = 0.1F;
  o.words = {"a,b", "[c]"};
  o.range = {3, 5};
  Outer back;
  ASSERT_TRUE(load_options_json(back, options_json(o)));
  EXPECT_EQ(options_json(back), options_json(o));
  EXPECT_EQ(back.words, o.words);
}

TEST(Options, ReadSettingsFromTomlWithTheirLines) {
  const auto path = std::filesystem::temp_directory_path() / "tg_options_test.toml";
  std::ofstream(path) << "flag = true\n[inner]\ncount = 12\nratio = 0.5\n";
  Outer o;
  const auto settings = read_toml_settings(path);
  ASSERT_TRUE(settings);
  ASSERT_TRUE(apply_settings(o, *settings));
  EXPECT_EQ(o.inner.count, 12);
  EXPECT_TRUE(o.flag);
  std::ofstream(path) << "[inner]\ncount = 0\n";
  const auto bad = apply_settings(o, *read_toml_settings(path));
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().where, HasSubstr(":2: inner.count"));
  std::ofstream(path) << "[inner\n";
  EXPECT_THAT(read_toml_settings(path).error().where, HasSubstr("toml:1"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace topograph
