#include "topograph/report/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <nlohmann/json.hpp>

#include "topograph/core/matrix.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// Owns what a ReportInput borrows.
struct Example {
  Matrix<float> layout;
  std::vector<std::int32_t> topics = {};
  std::vector<float> probabilities = {};
  std::vector<std::uint8_t> is_placed = {};
  TextColumn texts = {};
  TextColumn titles = {};
  TopicTable table = {};
  std::vector<ReportInput::Layer> layers = {};

  [[nodiscard]] ReportInput input() const {
    return {.layout = layout.view(),
            .topics = topics,
            .probabilities = probabilities,
            .texts = &texts,
            .titles = &titles,
            .is_placed = is_placed,
            .table = &table,
            .layers = layers,
            .facts = {{"seed", "42"}}};
  }
};

Example make_example(std::size_t n, std::int32_t n_topics) {
  Example example{.layout = Matrix<float>(n, 2)};
  const RandomKey key = random_key(1, "report.example");
  for (std::size_t i = 0; i < n; ++i) {
    example.layout[i, 0] = static_cast<float>(normal(key, i, 0));
    example.layout[i, 1] = static_cast<float>(normal(key, i, 1));
    example.topics.push_back(static_cast<std::int32_t>(i) % n_topics);
    example.probabilities.push_back(static_cast<float>(uniform(key, i, 2)));
    example.is_placed.push_back(1);
    example.texts.push_back("text of document " + std::to_string(i));
    example.titles.push_back("title " + std::to_string(i));
  }
  for (std::int32_t id = 0; id < n_topics; ++id) {
    example.table.topics.push_back({.id = id,
                                    .count = 1,
                                    .words = {{"word", 0.5}},
                                    .label = "name " + std::to_string(id),
                                    .representative_rows = {id}});
  }
  return example;
}

Result<std::string> render(const ReportInput& input, const ReportOptions& options = {},
                           int threads = 1) {
  RunContext run({.threads = threads});
  return render_report(input, options, run);
}

std::string between(std::string_view page, std::string_view open, std::string_view close) {
  const std::size_t begin = page.find(open);
  if (begin == std::string_view::npos) return {};
  const std::size_t start = begin + open.size();
  return std::string(page.substr(start, page.find(close, start) - start));
}

std::string data_text(std::string_view page) {
  return between(page, "id=\"report-data\">", "</script>");
}

std::string decode_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t group = 0;
  int n_bits = 0;
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) break;
    group = (group << 6U) | static_cast<std::uint32_t>(digit);
    n_bits += 6;
    if (n_bits >= 8) bytes += static_cast<char>((group >> (n_bits -= 8)) & 0xFFU);
  }
  return bytes;
}

std::string gunzip(std::string bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(64U << 20U, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);  // Checks CRC and length, too.
  EXPECT_EQ(stream.avail_in, 0U) << "one member only: browsers refuse what follows it";
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

/// The page's data as its program sees them.
struct Decoded {
  json description;
  std::string arrays;
  std::string text_bytes;

  template <class T>
  [[nodiscard]] std::vector<T> array(const std::string& name) const {
    const json& entry = description["arrays"][name];
    std::vector<T> values(entry[2].get<std::size_t>());
    const auto offset = entry[1].get<std::size_t>();
    EXPECT_EQ(offset % sizeof(T), 0U) << name;
    EXPECT_LE(offset + values.size() * sizeof(T), arrays.size()) << name;
    arrays.copy(reinterpret_cast<char*>(values.data()), values.size() * sizeof(T), offset);
    return values;
  }
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const {
    std::vector<std::string> out;
    const json& entry = description["texts"][name + "_lengths"];
    auto at = description["texts"][name][1].get<std::size_t>();
    for (std::size_t i = 0; i < entry[2].get<std::size_t>(); ++i) {
      std::uint32_t length = 0;
      text_bytes.copy(reinterpret_cast<char*>(&length), sizeof length,
                      entry[1].get<std::size_t>() + i * sizeof length);
      out.push_back(text_bytes.substr(at, length));
      at += length;
    }
    return out;
  }
};

Decoded decode(std::string_view page) {
  const std::string packed = between(page, "id=\"report-arrays\">", "</script>");
  const std::string texts = between(page, "id=\"report-texts\">", "</script>");
  return {json::parse(data_text(page)), gunzip(decode_base64(packed)),
          gunzip(decode_base64(texts))};
}

TEST(Report, IsOnePageThatCarriesItsData) {
  const Example example = make_example(30, 3);
  const auto page = render(example.input(), {.title = "Tea & <cake>"});
  ASSERT_TRUE(page) << to_string(page.error());
  EXPECT_TRUE(page->starts_with("<!doctype html>"));
  EXPECT_THAT(*page, HasSubstr("<title>Tea &amp; &lt;cake&gt;</title>"));
  const Decoded data = decode(*page);
  EXPECT_EQ(data.description["title"], "Tea & <cake>");
  EXPECT_EQ(data.description["n_placed"], 30);
  EXPECT_EQ(data.description["topics"][2]["label"], "name 2");
  EXPECT_EQ(data.description["topics"][2]["words"][0][0], "word");
  EXPECT_EQ(data.description["topics"][2]["representatives"], json::array({2}));
  EXPECT_EQ(data.description["facts"], json::parse(R"([["seed", "42"]])"));
  EXPECT_EQ(data.texts("text")[29], "text of document 29");
  EXPECT_EQ(data.texts("title")[0], "title 0");
  EXPECT_EQ(data.array<std::uint8_t>("topic")[5], 2U);
}

TEST(Report, BytesDoNotDependOnThreads) {
  Example example = make_example(20000, 7);
  for (std::size_t i = 0; i < 20000; ++i) example.topics[i] = static_cast<std::int32_t>(i % 7);
  const auto one = render(example.input());
  ASSERT_TRUE(one);
  for (const int threads : {2, 3, 7}) {
    const auto other = render(example.input(), {}, threads);
    ASSERT_TRUE(other);
    EXPECT_TRUE(*one == *other) << threads << " threads";
  }
}

TEST(Report, PutsPositionsOnOneScale) {
  Example example = make_example(3, 1);
  const float places[3][2] = {{-1, 5}, {3, 6}, {1, 7}};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis) example.layout[i, axis] = places[i][axis];
  }
  const auto page = render(example.input());
  ASSERT_TRUE(page);
  const Decoded data = decode(*page);
  // x spans 4 units, the whole grid; y spans 2, the middle half of it.
  EXPECT_THAT(data.array<std::uint16_t>("x"), testing::ElementsAre(0, 65535, 32768));
  EXPECT_THAT(data.array<std::uint16_t>("y"), testing::ElementsAre(16384, 32768, 49151));
}

TEST(Report, ShowsProbabilitiesAsWholePercent) {
  Example example = make_example(4, 1);
  example.probabilities = {0.0F, 0.126F, 1.0F, std::numeric_limits<float>::quiet_NaN()};
  const auto page = render(example.input());
  ASSERT_TRUE(page);
  EXPECT_THAT(decode(*page).array<std::uint8_t>("percent"), testing::ElementsAre(0, 13, 100, 0));
}

TEST(Report, LeavesUnplacedDocumentsOutOfTheMapButCountsThem) {
  Example example = make_example(6, 2);
  example.is_placed = {1, 0, 1, 1, 0, 1};
  example.layout[1, 0] = std::numeric_limits<float>::quiet_NaN();
  example.table.topics[1].representative_rows = {1, 3, 5};
  const auto page = render(example.input());
  ASSERT_TRUE(page) << to_string(page.error());
  const Decoded data = decode(*page);
  EXPECT_EQ(data.description["n_documents"], 6);
  EXPECT_EQ(data.description["n_placed"], 4);
  EXPECT_THAT(data.array<std::uint32_t>("row"), testing::ElementsAre(0, 2, 3, 5));
  EXPECT_EQ(data.description["topics"][1]["representatives"], json::array({2, 3}));
}

TEST(Report, NoTextCanEndOrOpenAScript) {
  Example example = make_example(3, 2);
  const std::string evil = "</script><!--<script>alert(1)\xE2\x80\xA8\xE2\x80\xA9&\"'\\\x01";
  example.texts = {};
  for (int i = 0; i < 3; ++i) example.texts.push_back(evil);
  example.table.topics[0].label = evil;
  example.table.topics[0].words = {{evil, 1.0}};
  ReportInput input = example.input();
  input.facts = {{evil, evil}};
  input.layers = {{.labels = {0, 0, 0}, .names = {evil}}};
  const auto page = render(input, {.title = evil});
  ASSERT_TRUE(page);
  EXPECT_THAT(*page, Not(HasSubstr("alert(1)\"")));
  EXPECT_THAT(data_text(*page), Not(HasSubstr("<")));
  EXPECT_THAT(data_text(*page), Not(HasSubstr("\xE2\x80\xA8")));
  // What is read back is the text itself, its control character apart.
  const std::string seen = evil.substr(0, evil.size() - 1);
  const Decoded data = decode(*page);
  EXPECT_EQ(data.description["topics"][0]["label"], seen);
  EXPECT_EQ(data.description["topics"][0]["words"][0][0], seen);
  EXPECT_EQ(data.description["layers"][0][0], seen);
  EXPECT_EQ(data.texts("text")[2], seen);
}

TEST(Report, ShellNamesNoAddressAndIsSmall) {
  const Example example = make_example(0, 1);
  const auto page = render(example.input());
  ASSERT_TRUE(page);
  // The name of SVG looks like an address; nothing is ever fetched from it.
  std::string rest = *page;
  constexpr std::string_view svg_name = "http://www.w3.org/2000/svg";
  for (auto at = rest.find(svg_name); at != std::string::npos; at = rest.find(svg_name)) {
    rest.erase(at, svg_name.size());
  }
  EXPECT_THAT(rest, Not(HasSubstr("http://")));
  EXPECT_THAT(rest, Not(HasSubstr("https://")));
  EXPECT_THAT(*page, HasSubstr("default-src 'none'"));
  EXPECT_LT(page->size(), 1500000U);
}

TEST(Report, AddressesInDocumentsStayInTheData) {
  Example example = make_example(1, 1);
  example.texts = {};
  example.texts.push_back("see https://example.org/a?b=c&d");
  const auto page = render(example.input());
  ASSERT_TRUE(page);
  EXPECT_EQ(decode(*page).texts("text")[0], "see https://example.org/a?b=c&d");
}

TEST(Report, CutsLongTextsBetweenCharactersAndFoldsWhiteSpace) {
  Example example = make_example(4, 1);
  example.texts = {};
  std::string greek;
  for (int i = 0; i < 40; ++i) greek += "\xCE\xB1";
  example.texts.push_back("  one\r\n\ttwo \v three  ");
  example.texts.push_back(greek);
  example.texts.push_back("exactly twenty chars");
  example.texts.push_back("these words do not fit into it");
  const auto page = render(example.input(), {.max_text_chars = 20});
  ASSERT_TRUE(page);
  const std::vector<std::string> texts = decode(*page).texts("text");
  EXPECT_EQ(texts[0], "one two three");
  EXPECT_EQ(texts[1], greek.substr(0, 38) + "\xE2\x80\xA6");
  EXPECT_EQ(texts[2], "exactly twenty chars");
  EXPECT_EQ(texts[3], "these words do not\xE2\x80\xA6");
}

TEST(Report, DrawsWhatIsThereOfUnusualInput) {
  const Example nothing = make_example(0, 1);
  EXPECT_TRUE(render(nothing.input()));

  Example outliers = make_example(5, 1);
  outliers.topics.assign(5, -1);
  outliers.table.topics.clear();
  const auto page = render(outliers.input());
  ASSERT_TRUE(page) << to_string(page.error());
  EXPECT_EQ(decode(*page).description["topics"][0]["id"], -1);
  EXPECT_EQ(decode(*page).description["topics"][0]["count"], 5);

  Example heap = make_example(5, 1);
  for (std::size_t i = 0; i < 5; ++i) heap.layout[i, 0] = heap.layout[i, 1] = 2.5F;
  const auto same_place = render(heap.input());
  ASSERT_TRUE(same_place);
  EXPECT_THAT(decode(*same_place).array<std::uint16_t>("x"), testing::Each(32768));

  const Example many = make_example(1000, 500);
  EXPECT_TRUE(render(many.input()));

  const Example bare = make_example(5, 2);
  ReportInput input = bare.input();
  input.texts = input.titles = nullptr;
  input.probabilities = {};
  input.is_placed = {};
  EXPECT_TRUE(render(input));
}

TEST(Report, NamesWhatDoesNotFitTogether) {
  Example example = make_example(4, 2);
  example.layout[2, 1] = std::numeric_limits<float>::infinity();
  auto page = render(example.input());
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().where, HasSubstr("row 2"));

  example = make_example(4, 2);
  example.topics[3] = 9;
  page = render(example.input());
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().message, HasSubstr("topic 9"));

  example = make_example(4, 2);
  example.probabilities.pop_back();
  page = render(example.input());
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().message, HasSubstr("expected 4"));

  example = make_example(4, 2);
  example.layers = {{.labels = {0, 1, 2, -1}, .names = {"a", "b"}}};
  page = render(example.input());
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().where, HasSubstr("layers[0].labels, row 2"));

  page = render(make_example(4, 2).input(), {.max_text_chars = 3});
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().where, HasSubstr("report.max_text_chars"));
}

TEST(Report, CarriesAnEvenSampleOfTextsWhereThereAreMany) {
  Example example = make_example(1000, 2);
  example.table.topics[1].representative_rows = {999};
  const auto page = render(example.input(), {.max_texts = 100});
  ASSERT_TRUE(page) << to_string(page.error());
  const Decoded data = decode(*page);
  const auto shown = data.array<std::uint32_t>("has_text");
  const std::vector<std::string> texts = data.texts("text");
  ASSERT_EQ(texts.size(), shown.size());
  EXPECT_LE(shown.size(), 100U);
  EXPECT_GE(shown.size(), 95U);
  EXPECT_EQ(shown.back(), 999U) << "representative documents are among them";
  for (std::size_t k = 0; k < shown.size(); ++k) {
    EXPECT_EQ(texts[k], "text of document " + std::to_string(shown[k]));
  }
  EXPECT_GT(std::ranges::count_if(shown, [](std::uint32_t i) { return i >= 500; }), 30);
}

TEST(Report, PacksColumnsByTheirKind) {
  const Example example = make_example(3, 1);
  ReportInput input = example.input();
  ReportColumn category{.name = "kind", .role = "label", .kind = ColumnKind::category};
  category.values = {"a", "b</script>"};
  category.codes = {1, -1, 0};
  ReportColumn time{.name = "when", .kind = ColumnKind::time};
  time.numbers = {0, 86400000, std::numeric_limits<double>::quiet_NaN()};
  ReportColumn link{.name = "where", .kind = ColumnKind::link};
  for (const char* text : {"https://a.org", "", "https://b.org"}) link.texts.push_back(text);
  input.columns = {category, time, link};
  const auto page = render(input);
  ASSERT_TRUE(page) << to_string(page.error());
  const Decoded data = decode(*page);
  EXPECT_EQ(data.description["columns"][0]["values"], json::array({"a", "b</script>"}));
  EXPECT_EQ(data.description["columns"][0]["role"], "label");
  EXPECT_EQ(data.description["columns"][2]["kind"], "link");
  EXPECT_THAT(data.array<std::uint8_t>("column0"), testing::ElementsAre(1, 255, 0));
  EXPECT_EQ(data.array<double>("column1")[1], 86400000);
  EXPECT_TRUE(std::isnan(data.array<double>("column1")[2]));
  EXPECT_EQ(data.texts("column2")[2], "https://b.org");
}

TEST(Report, PacksSimilaritiesOfTheTopicsWithVectors) {
  const Example example = make_example(4, 2);
  Matrix<float> vectors(2, 2);
  vectors[0, 0] = 1;
  vectors[1, 0] = 0.6F;
  vectors[1, 1] = 0.8F;
  ReportInput input = example.input();
  input.topic_vectors = vectors.view();
  input.measures = {{.name = "persistence", .help = "", .values = {0.25, 0.5}}};
  const auto page = render(input);
  ASSERT_TRUE(page) << to_string(page.error());
  const Decoded data = decode(*page);
  EXPECT_THAT(data.array<std::uint32_t>("similar_topics"), testing::ElementsAre(0, 1));
  EXPECT_THAT(data.array<std::uint16_t>("similarity"), testing::ElementsAre(52428));
  EXPECT_EQ(data.description["measures"][0]["values"], json::array({0.25, 0.5}));
  input.measures[0].values.pop_back();
  const auto refused = render(input);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().where, HasSubstr("persistence"));
}

TEST(Report, StopsWhenAsked) {
  const Example example = make_example(100, 2);
  std::stop_source source;
  source.request_stop();
  RunContext run({.threads = 1, .stop = source.get_token()});
  const auto page = render_report(example.input(), {}, run);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace topograph
