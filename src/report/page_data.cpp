#include "report/page_data.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/escape.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::int32_t outlier_topic = -1;
constexpr std::size_t max_name_chars = 160;   // Of topics, words, layers and facts.
constexpr std::size_t max_title_chars = 300;  // Of documents.
constexpr std::size_t text_grain = 2048;
constexpr std::size_t n_representatives = 10;

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

Result<void> check_shapes(const ReportInput& input) {
  const std::size_t n = input.topics.size();
  if (input.table == nullptr) return misuse("report.table", "expected a topic table, found none");
  TG_TRY(check_length("layout", input.layout.rows(), n));
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

/// Collects arrays: the bytes in one blob, and for each a JSON entry `"x":["u16",offset,count]`.
class ArrayBlob {
 public:
  template <class T>
  void add(std::string_view name, std::string_view type, const std::vector<T>& values) {
    static_assert(std::endian::native == std::endian::little, "the page reads little-endian");
    bytes_.resize((bytes_.size() + 7) / 8 * 8, '\0');  // Typed arrays start on their own borders.
    describe(name, type, values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void add_text(std::string_view name, std::string_view text) {
    describe(name, "utf8", text.size());
    bytes_.append(text);
  }
  [[nodiscard]] std::string index_json() const { return "{" + index_ + "}"; }
  [[nodiscard]] std::string take_bytes() { return std::move(bytes_); }

 private:
  void describe(std::string_view name, std::string_view type, std::size_t count) {
    if (!index_.empty()) index_ += ',';
    index_ += fmt::format("{}:[\"{}\",{},{}]", script_json_text(name), type, bytes_.size(), count);
  }
  std::string index_ = {};
  std::string bytes_ = {};
};

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
    blob.add(axis == 0 ? "x" : "y", "u16", grid);
  }
}

/// All texts as one UTF-8 blob and the byte length of each.
Result<void> add_texts(ArrayBlob& blob, const std::string& name, const TextColumn& column,
                       const std::vector<std::size_t>& rows, std::size_t max_chars,
                       RunContext& run) {
  std::vector<std::string> pieces(block_count(rows.size(), text_grain));
  std::vector<std::uint32_t> lengths(rows.size());
  TG_TRY(parallel_blocks(run, rows.size(), text_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::string text = excerpt(column[rows[i]], max_chars);
      lengths[i] = narrow<std::uint32_t>(text.size());
      pieces[block.index] += text;
    }
  }));
  std::string joined;
  for (const std::string& piece : pieces) joined += piece;
  blob.add(name + "_lengths", "u32", lengths);
  blob.add_text(name, joined);
  return {};
}

/// Index into the topic list of the page for each placed document.
Result<void> add_topics(ArrayBlob& blob, const ReportInput& input,
                        const std::vector<std::size_t>& rows,
                        const std::vector<const Topic*>& topics) {
  std::unordered_map<std::int32_t, std::uint32_t> index_of_id;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    index_of_id.emplace(topics[i]->id, narrow<std::uint32_t>(i));
  }
  std::vector<std::uint32_t> indices(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int32_t id = input.topics[rows[i]];
    const auto found = index_of_id.find(id);
    if (found == index_of_id.end()) {
      return misuse(fmt::format("report.topics, row {}", rows[i]),
                    fmt::format("topic {} is not in the topic table", id));
    }
    indices[i] = found->second;
  }
  blob.add("topic", "u32", indices);
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
  blob.add("percent", "u8", percent);
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
    blob.add(fmt::format("layer{}", k), "i32", labels);
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

std::string facts_json(const ReportInput& input) {
  std::string json;
  for (const auto& [name, value] : input.facts) {
    json += fmt::format("{}[{},{}]", json.empty() ? "" : ",",
                        script_json_text(excerpt(name, max_name_chars)),
                        script_json_text(excerpt(value, max_name_chars)));
  }
  return "[" + json + "]";
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

  ArrayBlob blob;
  add_positions(blob, input, rows);
  TG_TRY(add_topics(blob, input, rows, topics));
  if (!input.probabilities.empty()) add_percentages(blob, input, rows);
  if (rows.size() != input.topics.size()) {
    blob.add("row", "u32", std::vector<std::uint32_t>(rows.begin(), rows.end()));
  }
  TG_TRY(const std::string layers, add_layers(blob, input, rows));
  const auto max_chars = static_cast<std::size_t>(options.max_text_chars);
  if (input.titles != nullptr) {
    TG_TRY(add_texts(blob, "title", *input.titles, rows, max_title_chars, run));
  }
  if (input.texts != nullptr) {
    TG_TRY(add_texts(blob, "text", *input.texts, rows, max_chars, run));
  }

  std::string topics_json;
  for (const Topic* topic : topics) {
    if (!topics_json.empty()) topics_json += ",\n";
    topics_json += topic_json(*topic, rows);
  }
  PageData data{.n_placed = rows.size()};
  data.json = fmt::format(
      "{{\"schema\":1,\"title\":{},\"n_documents\":{},\"n_placed\":{},\n\"topics\":[{}],\n"
      "\"layers\":{},\n\"facts\":{},\n\"arrays\":{}}}",
      script_json_text(excerpt(options.title, max_title_chars)), input.topics.size(), rows.size(),
      topics_json, layers, facts_json(input), blob.index_json());
  data.arrays = blob.take_bytes();
  return data;
}

}  // namespace topograph::detail
