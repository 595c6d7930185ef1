// Writes a report of a synthetic corpus for the browser test and for looking at:
//   make_report OUT.html [documents [topics [case]]]
// case: map (default), empty, one, outliers, line, plain (no layers, titles, probabilities, columns
// or quality), notext (no document travels with its text), long (a text of 1 MB), whole (the same,
// uncut), years (dates are years).
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "topograph/core/atomic_file.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/report/report.hpp"

namespace {

using namespace std::string_literals;
using topograph::random_key;
using topograph::uniform;
using topograph::uniform_below;

const topograph::RandomKey key = random_key(7, "report.test");

struct Theme {
  std::string_view name;
  std::array<std::string_view, 8> words;
};
constexpr std::array<Theme, 12> themes = {{
    {"Space missions",
     {"orbit", "launch", "satellite", "shuttle", "lunar", "probe", "rocket", "nasa"}},
    {"Medicine and diet",
     {"patients", "disease", "doctor", "symptoms", "diet", "infection", "dose", "trial"}},
    {"Ice hockey",
     {"hockey", "playoff", "goalie", "season", "league", "puck", "coach", "overtime"}},
    {"Encryption policy",
     {"encryption", "keys", "clipper", "escrow", "privacy", "cipher", "agency", "wiretap"}},
    {"Graphics cards",
     {"driver", "card", "monitor", "resolution", "video", "windows", "pixel", "vga"}},
    {"Motorcycles", {"bike", "helmet", "rider", "engine", "lane", "exhaust", "clutch", "tires"}},
    {"Gun legislation",
     {"firearms", "law", "rights", "weapons", "militia", "crime", "permit", "senate"}},
    {"Middle East",
     {"border", "peace", "village", "treaty", "refugees", "settlement", "talks", "army"}},
    {"Hard disks", {"disk", "scsi", "controller", "drive", "cable", "jumper", "cache", "bios"}},
    {"Religion",
     {"faith", "scripture", "church", "belief", "prayer", "doctrine", "soul", "gospel"}},
    {"Baseball", {"pitcher", "inning", "batting", "team", "stadium", "catcher", "runs", "league"}},
    {"Items for sale",
     {"offer", "price", "shipping", "condition", "sale", "asking", "manual", "box"}},
}};

struct Corpus {
  topograph::Matrix<float> layout;
  std::vector<std::int32_t> topics;
  std::vector<float> probabilities;
  std::vector<std::uint8_t> is_placed;
  topograph::TextColumn texts;
  topograph::TextColumn titles;
  topograph::TopicTable table;
  std::vector<topograph::ReportInput::Layer> layers;
  std::vector<topograph::ReportColumn> columns;
  topograph::Matrix<std::int32_t> members;
  topograph::Matrix<float> member_values;
  std::vector<topograph::ReportInput::Measure> measures;
};

std::string_view theme_word(std::size_t topic, std::uint64_t k) {
  return themes[topic % themes.size()].words[k % 8];
}

std::string topic_name(std::size_t topic) {
  const std::string_view name = themes[topic % themes.size()].name;
  const std::size_t round = topic / themes.size();
  if (round == 0) return std::string(name);
  return fmt::format("{}: {} and {}", name, theme_word(topic, 3 * round),
                     theme_word(topic, 3 * round + 2));
}

std::string sentence(std::size_t row, std::size_t topic) {
  std::string text;
  const std::size_t n_words = 8 + uniform_below(key, row, 90, 40);
  for (std::size_t k = 0; k < n_words; ++k) {
    static constexpr std::array<std::string_view, 12> fillers = {
        "the", "a", "of", "for", "with", "and", "when", "about", "after", "new", "two", "without"};
    if (k > 0) text += ' ';
    if (uniform(key, row, 100 + 2 * k) < 0.4) {
      text += fillers[uniform_below(key, row, 101 + 2 * k, fillers.size())];
    } else {
      text += theme_word(topic, uniform_below(key, row, 500 + k, 8));
    }
  }
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + '.';
}

// Texts that break careless pages.
const std::array<std::string, 8> odd_texts = {
    "A script end </script><script>window.broken=true</script> and <img src=x onerror=alert(1)>",
    "Comment openers <!-- and --> and ]]> and &amp; entities &lt;b&gt;",
    "מפת נושאים של מסמכים בעברית, עם <b>סימנים</b> ומספרים 123",
    "خريطة الموضوعات: نص عربي طويل مع أرقام ٤٥٦",
    "Control \x01\x02\x1b characters, a NUL \0 byte, lines\u2028and\u2029separators"s,
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverkäuferinnenverbandsvorsitzende"
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverkäuferinnenverbandsvorsitzende",
    "Café naïve ÅNGSTRÖM ﬁne 東京の地図 กรุงเทพมหานคร "
    "👩‍👩‍👧‍👦 "
    "zebra-crossing",
    "\"quotes\" 'single' `backticks` ${template} \\ backslash \\u003c",
};

struct Center {
  double x, y, spread;
};
Center center_of(std::size_t topic, std::size_t n_topics) {
  const double turn = 2.399963 * static_cast<double>(topic);
  const double out =
      9.0 * std::sqrt((static_cast<double>(topic) + 0.6) / static_cast<double>(n_topics));
  const double spread = 3.2 / std::sqrt(static_cast<double>(n_topics));
  return {out * std::cos(turn) * 1.35, out * std::sin(turn), spread};
}

void place(Corpus& corpus, std::size_t row, std::size_t topic, std::size_t n_topics) {
  const Center center = center_of(topic, n_topics);
  // Three islands in each topic, stretched differently.
  const std::uint64_t island = uniform_below(key, row, 1, 3);
  const double angle = 2 * M_PI * uniform(key, topic, 40 + island);
  const double away = center.spread * 1.3 * static_cast<double>(island) / 2;
  const double stretch = 0.6 + 0.8 * uniform(key, topic, 50 + island);
  corpus.layout[row, 0] =
      static_cast<float>(center.x + away * std::cos(angle) +
                         center.spread * 0.5 * stretch * topograph::normal(key, row, 2));
  corpus.layout[row, 1] =
      static_cast<float>(center.y + away * std::sin(angle) +
                         center.spread * 0.5 / stretch * topograph::normal(key, row, 3));
}

void add_layers(Corpus& corpus, std::size_t n_topics) {
  topograph::ReportInput::Layer coarse;
  topograph::ReportInput::Layer fine;
  static constexpr std::array<std::string_view, 5> regions = {
      "Science and health", "Sports and leisure", "Computers and networks", "Law and politics",
      "Belief and trade"};
  for (const std::string_view region : regions) coarse.names.emplace_back(region);
  for (std::size_t topic = 0; topic < n_topics; ++topic) {
    for (std::uint64_t island = 0; island < 3; ++island) {
      fine.names.push_back(fmt::format("{}, {}, {}", theme_word(topic, island + topic),
                                       theme_word(topic, island + 3 + topic),
                                       theme_word(topic, island + 5)));
    }
  }
  for (std::size_t row = 0; row < corpus.topics.size(); ++row) {
    const std::int32_t topic = corpus.topics[row];
    const auto angle =
        static_cast<double>(std::atan2(corpus.layout[row, 1], corpus.layout[row, 0]));
    const auto sector = static_cast<std::int32_t>(std::floor((angle + M_PI) / (2 * M_PI) * 4.999));
    coarse.labels.push_back(topic < 0 ? -1 : sector);
    const auto island = static_cast<std::int32_t>(uniform_below(key, row, 1, 3));
    fine.labels.push_back(topic < 0 ? -1 : topic * 3 + island);
  }
  corpus.layers = {std::move(coarse), std::move(fine)};
}

void fill_table(Corpus& corpus, std::size_t n_topics) {
  std::vector<std::vector<std::int64_t>> rows(n_topics + 1);
  for (std::size_t row = 0; row < corpus.topics.size(); ++row) {
    rows[static_cast<std::size_t>(corpus.topics[row] + 1)].push_back(
        static_cast<std::int64_t>(row));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 && rows[0].empty()) continue;
    topograph::Topic topic;
    topic.id = static_cast<std::int32_t>(i) - 1;
    topic.count = static_cast<std::int64_t>(rows[i].size());
    topic.label = i == 0 ? "" : topic_name(i - 1);
    for (std::uint64_t k = 0; k < 8; ++k) {
      topic.words.push_back({std::string(theme_word(i == 0 ? 3 : i - 1, k + i)),
                             0.12 / (1.0 + 0.4 * static_cast<double>(k))});
    }
    for (std::size_t k = 0; k < std::min<std::size_t>(4, rows[i].size()); ++k) {
      topic.representative_rows.push_back(rows[i][k * (rows[i].size() / 4)]);
    }
    corpus.table.topics.push_back(std::move(topic));
  }
}

/// Each document is mostly of its own topic, and some of the next one.
void add_memberships(Corpus& corpus, std::size_t n_topics) {
  corpus.members = topograph::Matrix<std::int32_t>(corpus.topics.size(), 3);
  corpus.member_values = topograph::Matrix<float>(corpus.topics.size(), 3);
  for (std::size_t row = 0; row < corpus.topics.size(); ++row) {
    const auto own = static_cast<std::size_t>(std::max(0, corpus.topics[row]));
    const float value = corpus.probabilities[row];
    corpus.members[row, 0] = static_cast<std::int32_t>(own);
    corpus.members[row, 1] = static_cast<std::int32_t>((own + 1) % n_topics);
    corpus.members[row, 2] = -1;
    corpus.member_values[row, 0] = value;
    corpus.member_values[row, 1] = 0.7F * (1 - value);
  }
}

/// The last topic has none.
void add_measures(Corpus& corpus, std::size_t n_topics) {
  for (const char* name : {"persistence", "NPMI", "C_v"}) {
    topograph::ReportInput::Measure measure{.name = name, .help = "Higher is better <b>always</b>"};
    for (std::size_t topic = 0; topic < n_topics; ++topic) {
      measure.values.push_back(topic + 1 == n_topics
                                   ? std::nan("")
                                   : 0.2 + 0.6 * uniform(key, topic, 800 + corpus.measures.size()));
    }
    corpus.measures.push_back(std::move(measure));
  }
}

void add_columns(Corpus& corpus, bool are_years) {
  topograph::ColumnTable table;
  topograph::TextColumn kinds;
  topograph::TextColumn dates;
  topograph::TextColumn links;
  topograph::TextColumn sources;
  std::vector<double> scores;
  for (std::size_t row = 0; row < corpus.topics.size(); ++row) {
    static constexpr std::array<std::string_view, 3> names = {"letter", "</script><b>note", "memo"};
    kinds.push_back(names[uniform_below(key, row, 700, names.size())]);
    const std::uint64_t year = 2010 + uniform_below(key, row, 701, 12);
    dates.push_back(are_years
                        ? fmt::format("{}", year)
                        : fmt::format("{}-{:02}-15", year, 1 + uniform_below(key, row, 702, 12)));
    sources.push_back(row % 2 == 0 ? "<img src=x onerror=window.broken=1>" : "javascript:alert(1)");
    links.push_back(fmt::format("https://example.org/{}", row));
    scores.push_back(100 * uniform(key, row, 703));
  }
  table.columns = {{"kind", kinds},
                   {"date", dates},
                   {"link", links},
                   {"score", scores},
                   {"<svg onload=window.broken=1>", sources}};
  corpus.columns = topograph::report_columns(table, {.class_name = "kind", .time = "date"});
}

topograph::TextColumn long_text() {
  topograph::TextColumn texts;
  texts.push_back(std::string(1000000, 'x') + " end");
  return texts;
}

Corpus make_corpus(std::size_t n, std::size_t n_topics, std::string_view which) {
  Corpus corpus;
  corpus.layout = topograph::Matrix<float>(n, 2);
  for (std::size_t row = 0; row < n; ++row) {
    // Sizes fall with the topic number; one document in twenty belongs nowhere.
    const double u = uniform(key, row, 0);
    auto topic = static_cast<std::size_t>(u * u * static_cast<double>(n_topics));
    topic = std::min(topic, n_topics - 1);
    const bool is_outlier = which == "outliers" || (which != "one" && uniform(key, row, 4) < 0.05);
    place(corpus, row, topic, n_topics);
    if (which == "line") corpus.layout[row, 0] = corpus.layout[row, 1] = 3.0F;
    corpus.topics.push_back(is_outlier ? -1 : static_cast<std::int32_t>(topic));
    corpus.probabilities.push_back(
        is_outlier ? 0.0F : static_cast<float>(0.4 + 0.6 * uniform(key, row, 5)));
    corpus.is_placed.push_back(which == "empty" || row % 997 == 996 ? 0 : 1);
    const bool is_odd = row % 50 == 7;
    corpus.texts.push_back(is_odd ? odd_texts[row / 50 % odd_texts.size()] : sentence(row, topic));
    if ((which == "long" || which == "whole") && row == 0) corpus.texts = long_text();
    corpus.titles.push_back(fmt::format("{} no. {}", themes[topic % themes.size()].name, row));
  }
  fill_table(corpus, n_topics);
  if (n_topics > 3) {
    corpus.table.topics.back().label = "Odd </script> & <b>names</b> — שמות";
    add_layers(corpus, n_topics);
  }
  if (which != "plain") {
    add_columns(corpus, which == "years");
    add_memberships(corpus, n_topics);
    add_measures(corpus, n_topics);
  }
  return corpus;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::size_t n = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20000;
  const std::size_t n_topics = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 24;
  const std::string_view which = argc > 4 ? argv[4] : "map";
  const Corpus corpus = make_corpus(n, n_topics, which);
  topograph::ReportInput input;
  input.layout = corpus.layout.view();
  input.topics = corpus.topics;
  input.texts = &corpus.texts;
  input.is_placed = corpus.is_placed;
  input.table = &corpus.table;
  if (which != "plain") {
    input.probabilities = corpus.probabilities;
    input.titles = &corpus.titles;
    input.layers = corpus.layers;
    input.columns = corpus.columns;
    input.member_topics = corpus.members.view();
    input.member_values = corpus.member_values.view();
    input.measures = corpus.measures;
  }
  input.facts = {{"Model", "all-MiniLM-L6-v2"},
                 {"Neighbors", "15"},
                 {"Clusters", "communities"},
                 {"Seed", "42"},
                 {"Odd </script>", "<svg onload=window.broken=1>"},
                 {"Made by", "topograph 0.1.0"}};
  input.provenance = {{"input", R"({"path": "</script><script>window.broken=1</script>"})"}};
  topograph::RunContext run;
  const auto page = topograph::render_report(input,
                                             {.title = "Messages of twelve <groups> & more",
                                              .max_text_chars = which == "whole" ? 2000000 : 400,
                                              .max_texts = which == "notext" ? 0 : 100000},
                                             run);
  if (!page) {
    std::fprintf(stderr, "%s\n", topograph::to_string(page.error()).c_str());
    return 1;
  }
  const auto written = topograph::write_file(argv[1], *page);
  if (!written) std::fprintf(stderr, "%s\n", topograph::to_string(written.error()).c_str());
  return written ? 0 : 1;
}
