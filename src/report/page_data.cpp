#include "report/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/array_blob.hpp"
#include "report/escape.hpp"
#include "report/page_columns.hpp"
#include "report/page_texts.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::int32_t outlier_topic = -1;
constexpr std::size_t max_provenance_chars = 20000;
constexpr std::size_t n_representatives = 10;
constexpr std::size_t most_similar_topics = 1500;  // Pairs grow with the square: 2.2 MB.

std::unexpected<Error> misuse(std::string where, std::string message, std::string hint = {}) {
  return std::unexpected(Error{.code = ErrorCode::invalid_argument,
                               .message = std::move(message),
                               .where = std::move(where),
                               .hint = std::move(hint),
                               .subject = Subject::program});
}

Result<void> check_length(std::string_view name, std::size_t found, std::size_t expected) {
  if (found == expected) return {};
  return misuse(fmt::format("report.{}", name),
                fmt::format("expected {} entries, one a document, found {}", expected, found));
}

/// Vectors and measures have an entry for every topic but the outliers.
Result<void> check_topic_parts(const ReportInput& input) {
  const auto n_topics = idx(std::ranges::count_if(
      input.table->topics, [](const Topic& topic) { return topic.id != outlier_topic; }));
  const auto check = [&](std::string_view name, std::size_t found) -> Result<void> {
    if (found == n_topics) return {};
    return misuse(fmt::format("report.{}", name),
                  fmt::format("expected {} entries, one a topic, found {}", n_topics, found));
  };
  if (!input.topic_vectors.empty()) {
    TG_TRY(check("topic_vectors", input.topic_vectors.rows()));
  }
  for (const ReportInput::Measure& measure : input.measures) {
    TG_TRY(check(fmt::format("measures['{}']", measure.name), measure.values.size()));
  }
  return {};
}

Result<void> check_shapes(const ReportInput& input) {
  const std::size_t n = input.topics.size();
  if (input.table == nullptr) return misuse("report.table", "expected a topic table, found none");
  TG_TRY(check_length("layout", input.layout.rows(), n));
  if (input.member_topics.cols() != input.member_values.cols()) {
    return misuse("report.member_values", "expected the shape of member_topics");
  }
  if (input.member_topics.cols() > 0) {
    TG_TRY(check_length("member_topics", input.member_topics.rows(), n));
    TG_TRY(check_length("member_values", input.member_values.rows(), n));
  }
  for (const ReportColumn& column : input.columns) {
    const std::size_t found =
        std::max({column.codes.size(), column.numbers.size(), column.texts.size()});
    TG_TRY(check_length(fmt::format("columns['{}']", column.name), found, n));
  }
  TG_TRY(check_topic_parts(input));
  if (n > 0 && input.layout.cols() != 2) {
    return misuse("report.layout", fmt::format("expected 2 columns, found {}", input.layout.cols()),
                  "the map is drawn in the plane");
  }
  if (!input.probabilities.empty()) {
    TG_TRY(check_length("probabilities", input.probabilities.size(), n));
  }
  if (input.texts != nullptr) TG_TRY(check_length("texts", input.texts->size(), n));
  if (input.titles != nullptr) TG_TRY(check_length("titles", input.titles->size(), n));
  if (!input.is_placed.empty()) TG_TRY(check_length("is_placed", input.is_placed.size(), n));
  for (std::size_t i = 0; i < input.layers.size(); ++i) {
    TG_TRY(check_length(fmt::format("layers[{}].labels", i), input.layers[i].labels.size(), n));
  }
  return {};
}

/// Rows that have a place on the map, ascending.
Result<std::vector<std::size_t>> placed_rows(const ReportInput& input) {
  std::vector<std::size_t> rows;
  rows.reserve(input.topics.size());
  for (std::size_t row = 0; row < input.topics.size(); ++row) {
    if (!input.is_placed.empty() && input.is_placed[row] == 0) continue;
    if (!std::isfinite(input.layout[row, 0]) || !std::isfinite(input.layout[row, 1])) {
      return misuse(fmt::format("report.layout, row {}", row), "the position is not finite",
                    "mark documents without a position in is_placed");
    }
    rows.push_back(row);
  }
  return rows;
}

/// Positions on a 65536 x 65536 grid, both axes at one scale, the smaller extent centred.
/// At 64 times magnification one grid step is about a pixel.
void add_positions(ArrayBlob& blob, const ReportInput& input,
                   const std::vector<std::size_t>& rows) {
  double low[2] = {0, 0};
  double high[2] = {0, 0};
  for (std::size_t axis = 0; axis < 2 && !rows.empty(); ++axis) {
    low[axis] = std::numeric_limits<double>::infinity();
    high[axis] = -low[axis];
    for (const std::size_t row : rows) {
      const auto value = static_cast<double>(input.layout[row, axis]);
      low[axis] = std::min(low[axis], value);
      high[axis] = std::max(high[axis], value);
    }
  }
  constexpr double steps = 65535;
  const double extent = std::max(high[0] - low[0], high[1] - low[1]);
  const double scale = extent > 0 ? steps / extent : 0;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const double middle = (low[axis] + high[axis]) / 2;
    std::vector<std::uint16_t> grid(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double offset = static_cast<double>(input.layout[rows[i], axis]) - middle;
      grid[i] = static_cast<std::uint16_t>(
          std::clamp(std::round(steps / 2 + offset * scale), 0.0, steps));
    }
    blob.add(axis == 0 ? "x" : "y", grid);
  }
}

/// Index into the topic list of the page for each placed document.
Result<void> add_topics(ArrayBlob& blob, const ReportInput& input,
                        const std::vector<std::size_t>& rows,
                        const std::vector<const Topic*>& topics) {
  std::unordered_map<std::int32_t, std::int32_t> index_of_id;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    index_of_id.emplace(topics[i]->id, narrow<std::int32_t>(i));
  }
  std::vector<std::int32_t> indices(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int32_t id = input.topics[rows[i]];
    const auto found = index_of_id.find(id);
    if (found == index_of_id.end()) {
      return misuse(fmt::format("report.topics, row {}", rows[i]),
                    fmt::format("topic {} is not in the topic table", id));
    }
    indices[i] = found->second;
  }
  blob.add_codes("topic", indices, topics.size());
  return {};
}

/// Probabilities as whole percent, the way the page shows them.
void add_percentages(ArrayBlob& blob, const ReportInput& input,
                     const std::vector<std::size_t>& rows) {
  std::vector<std::uint8_t> percent(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto value = static_cast<double>(input.probabilities[rows[i]]);
    const double bounded = std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0.0;
    percent[i] = static_cast<std::uint8_t>(std::lround(bounded * 100));
  }
  blob.add("percent", percent);
}

Result<std::string> add_layers(ArrayBlob& blob, const ReportInput& input,
                               const std::vector<std::size_t>& rows) {
  std::string json;
  for (std::size_t k = 0; k < input.layers.size(); ++k) {
    const ReportInput::Layer& layer = input.layers[k];
    std::vector<std::int32_t> labels(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      labels[i] = layer.labels[rows[i]];
      if (labels[i] < -1 || std::cmp_greater_equal(labels[i], layer.names.size())) {
        return misuse(
            fmt::format("report.layers[{}].labels, row {}", k, rows[i]),
            fmt::format("cluster {} has no name; the layer has {}", labels[i], layer.names.size()));
      }
    }
    blob.add_codes(fmt::format("layer{}", k), labels, layer.names.size());
    json += k == 0 ? "[" : ",[";
    for (std::size_t i = 0; i < layer.names.size(); ++i) {
      json += fmt::format("{}{}", i == 0 ? "" : ",",
                          script_json_text(excerpt(layer.names[i], max_name_chars)));
    }
    json += ']';
  }
  return "[" + json + "]";
}

std::string topic_json(const Topic& topic, const std::vector<std::size_t>& rows) {
  std::string json =
      fmt::format("{{\"id\":{},\"count\":{},\"label\":{},\"words\":[", topic.id, topic.count,
                  script_json_text(excerpt(topic.label, max_name_chars)));
  bool is_first = true;
  for (const TopicWord& word : topic.words) {
    const double weight = std::isfinite(word.weight) ? word.weight : 0.0;
    json += fmt::format("{}[{},{:.6g}]", std::exchange(is_first, false) ? "" : ",",
                        script_json_text(excerpt(word.term, max_name_chars)), weight);
  }
  json += "],\"representatives\":[";
  std::size_t n_listed = 0;
  for (const std::int64_t row : topic.representative_rows) {
    if (row < 0 || n_listed == n_representatives) continue;
    // The page counts placed documents only.
    const auto at = std::lower_bound(rows.begin(), rows.end(), idx(row));
    if (at == rows.end() || *at != idx(row)) continue;
    json += fmt::format("{}{}", n_listed++ == 0 ? "" : ",", at - rows.begin());
  }
  return json + "]}";
}

/// Cosines of all pairs of the topics with vectors (i > j, row by row), -1..1 as 0..65535, and the
/// topics by their index on the page. Only the first, largest ones where there are very many.
void add_similarities(ArrayBlob& blob, const ReportInput& input,
                      const std::vector<const Topic*>& topics) {
  if (input.topic_vectors.empty()) return;
  const std::size_t n = std::min(input.topic_vectors.rows(), most_similar_topics);
  std::vector<std::uint32_t> indices;
  for (std::size_t i = 0; i < topics.size() && indices.size() < n; ++i) {
    if (topics[i]->id != outlier_topic) indices.push_back(narrow<std::uint32_t>(i));
  }
  std::vector<std::uint16_t> cosines;
  cosines.reserve(n * (n - 1) / 2);
  for (std::size_t i = 1; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double dot = 0;
      for (std::size_t d = 0; d < input.topic_vectors.cols(); ++d) {
        dot += static_cast<double>(input.topic_vectors[i, d]) *
               static_cast<double>(input.topic_vectors[j, d]);
      }
      const double bounded = std::isfinite(dot) ? std::clamp(dot, -1.0, 1.0) : 0.0;
      cosines.push_back(static_cast<std::uint16_t>(std::lround((bounded + 1) / 2 * 65535)));
    }
  }
  blob.add("similar_topics", indices);
  blob.add("similarity", cosines);
}

/// The likeliest topics of every placed document, as indices on the page, and whole percent.
void add_memberships(ArrayBlob& blob, const ReportInput& input,
                     const std::vector<std::size_t>& rows,
                     const std::vector<const Topic*>& topics) {
  const std::size_t k = input.member_topics.cols();
  if (k == 0) return;
  std::unordered_map<std::int32_t, std::int32_t> index_of_id;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    index_of_id.emplace(topics[i]->id, narrow<std::int32_t>(i));
  }
  std::vector<std::int32_t> members;
  std::vector<std::uint8_t> percent;
  for (const std::size_t row : rows) {
    for (std::size_t j = 0; j < k; ++j) {
      const auto found = index_of_id.find(input.member_topics[row, j]);
      members.push_back(found == index_of_id.end() ? -1 : found->second);
      const auto value = static_cast<double>(input.member_values[row, j]);
      const double bounded = std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0.0;
      percent.push_back(static_cast<std::uint8_t>(std::lround(bounded * 100)));
    }
  }
  blob.add_codes("member_topics", members, topics.size());
  blob.add("member_percent", percent);
}

/// Measures as `{"name":…,"help":…,"values":[…]}` by topic on the page; null: none.
std::string measures_json(const ReportInput& input, const std::vector<const Topic*>& topics) {
  std::string json;
  for (const ReportInput::Measure& measure : input.measures) {
    json += fmt::format("{}{{\"name\":{},\"help\":{},\"values\":[", json.empty() ? "" : ",",
                        script_json_text(excerpt(measure.name, max_name_chars)),
                        script_json_text(excerpt(measure.help, max_title_chars)));
    std::size_t next = 0;
    for (std::size_t i = 0; i < topics.size(); ++i) {
      const bool has_value = topics[i]->id != outlier_topic && std::isfinite(measure.values[next]);
      json += fmt::format("{}{}", i == 0 ? "" : ",",
                          has_value ? fmt::format("{:.6g}", measure.values[next]) : "null");
      if (topics[i]->id != outlier_topic) ++next;
    }
    json += "]}";
  }
  return "[" + json + "]";
}

std::string facts_json(const std::vector<std::pair<std::string, std::string>>& facts,
                       std::size_t max_chars) {
  std::string json;
  for (const auto& [name, value] : facts) {
    json += fmt::format("{}[{},{}]", json.empty() ? "" : ",",
                        script_json_text(excerpt(name, max_name_chars)),
                        script_json_text(excerpt(value, max_chars)));
  }
  return "[" + json + "]";
}

/// The documents on the page that topics are represented by, ascending.
std::vector<std::size_t> representatives(const std::vector<const Topic*>& topics,
                                         const std::vector<std::size_t>& rows) {
  std::vector<std::size_t> documents;
  for (const Topic* topic : topics) {
    for (const std::int64_t row : topic->representative_rows) {
      if (row < 0) continue;
      const auto at = std::lower_bound(rows.begin(), rows.end(), idx(row));
      if (at != rows.end() && *at == idx(row)) documents.push_back(idx(at - rows.begin()));
    }
  }
  return documents;
}

/// Titles, texts and text columns of the documents that travel with them.
Result<std::string> add_all_texts(ArrayBlob& arrays, ArrayBlob& texts, const ReportInput& input,
                                  const ReportOptions& options,
                                  const std::vector<std::size_t>& rows,
                                  const std::vector<const Topic*>& topics, RunContext& run) {
  const std::vector<std::size_t> shown =
      documents_with_text(rows.size(), idx(options.max_texts), representatives(topics, rows));
  std::vector<std::size_t> text_rows;
  for (const std::size_t i : shown) text_rows.push_back(rows[i]);
  if (shown.size() < rows.size()) {
    arrays.add("has_text", std::vector<std::uint32_t>(shown.begin(), shown.end()));
  }
  if (input.titles != nullptr) {
    TG_TRY(add_texts(texts, "title", *input.titles, text_rows, max_title_chars, run));
  }
  if (input.texts != nullptr) {
    TG_TRY(add_texts(texts, "text", *input.texts, text_rows, idx(options.max_text_chars), run));
  }
  return add_columns(arrays, texts, input.columns, rows, text_rows, run);
}

}  // namespace

Result<PageData> pack_page_data(const ReportInput& input, const ReportOptions& options,
                                RunContext& run) {
  TG_TRY(check_shapes(input));
  TG_TRY(const std::vector<std::size_t> rows, placed_rows(input));

  // Outliers may be absent from a table that was made without them.
  Topic outliers{.id = outlier_topic};
  std::vector<const Topic*> topics;
  for (const Topic& topic : input.table->topics) topics.push_back(&topic);
  const bool has_outlier_topic =
      std::ranges::any_of(topics, [](const Topic* topic) { return topic->id == outlier_topic; });
  if (!has_outlier_topic) {
    for (const std::size_t row : rows) outliers.count += input.topics[row] == outlier_topic ? 1 : 0;
    if (outliers.count > 0) topics.insert(topics.begin(), &outliers);
  }

  ArrayBlob arrays;
  ArrayBlob texts;
  add_positions(arrays, input, rows);
  TG_TRY(add_topics(arrays, input, rows, topics));
  if (!input.probabilities.empty()) add_percentages(arrays, input, rows);
  if (rows.size() != input.topics.size()) {
    arrays.add("row", std::vector<std::uint32_t>(rows.begin(), rows.end()));
  }
  TG_TRY(const std::string layers, add_layers(arrays, input, rows));
  add_similarities(arrays, input, topics);
  add_memberships(arrays, input, rows, topics);
  TG_TRY(const std::string columns,
         add_all_texts(arrays, texts, input, options, rows, topics, run));

  std::string topics_json;
  for (const Topic* topic : topics) {
    if (!topics_json.empty()) topics_json += ",\n";
    topics_json += topic_json(*topic, rows);
  }
  PageData data{.n_placed = rows.size()};
  data.json = fmt::format(
      "{{\"schema\":2,\"title\":{},\"n_documents\":{},\"n_placed\":{},\n\"topics\":[{}],\n"
      "\"layers\":{},\n\"columns\":{},\n\"n_members\":{},\n\"measures\":{},\n\"facts\":{},\n"
      "\"provenance\":{},\n\"arrays\":{},\n\"texts\":{}}}",
      script_json_text(excerpt(options.title, max_title_chars)), input.topics.size(), rows.size(),
      topics_json, layers, columns, input.member_topics.cols(), measures_json(input, topics),
      facts_json(input.facts, max_name_chars), facts_json(input.provenance, max_provenance_chars),
      arrays.index_json(), texts.index_json());
  data.arrays = arrays.take_bytes();
  data.texts = texts.take_bytes();
  return data;
}

}  // namespace topograph::detail
