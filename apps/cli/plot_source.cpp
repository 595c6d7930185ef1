#include "plot_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/topics/class_tfidf.hpp"

namespace topograph::cli {
namespace {

TopicPlaces middles(const DocumentTopics& documents) {
  struct Sum {
    double x = 0;
    double y = 0;
    double n = 0;
  };
  std::map<std::int32_t, Sum> sums;
  for (std::size_t row = 0; row < documents.topics.size(); ++row) {
    if (documents.topics[row] < 0 || documents.is_placed[row] == 0) continue;
    Sum& sum = sums[documents.topics[row]];
    sum.x += static_cast<double>(documents.positions[row, 0]);
    sum.y += static_cast<double>(documents.positions[row, 1]);
    sum.n += 1;
  }
  TopicPlaces places;
  for (const auto& [id, sum] : sums) {
    places.ids.push_back(id);
    places.places.push_back({sum.x / sum.n, sum.y / sum.n});
  }
  return places;
}

std::unexpected<Error> damaged(const std::filesystem::path& file, const std::string& what) {
  return model_error(ErrorCode::schema, file.string(), what,
                     "the model folder is damaged; fit it again");
}

/// Class TF-IDF of every topic and the terms, out of the counts that the model keeps.
struct TopicTerms {
  std::string bytes = {};
  std::vector<std::int64_t> offsets = {};
  Csr<double> weights = {};

  [[nodiscard]] std::string_view term(std::int32_t id) const {
    const auto begin = idx(offsets[idx(id)]);
    return std::string_view(bytes).substr(begin, idx(offsets[idx(id) + 1]) - begin);
  }
};

Result<TopicTerms> read_terms(const std::filesystem::path& file, const ClassTfidfOptions& options) {
  TG_TRY(const ArrayFile arrays, ArrayFile::open(file));
  TopicTerms out;
  TG_TRY(const auto bytes, arrays.bytes("counts.terms"));
  TG_TRY(out.offsets, arrays.int64s("counts.term_offsets"));
  Csr<double> counts;
  TG_TRY(counts.offsets, arrays.int64s("counts.offsets"));
  TG_TRY(counts.columns, arrays.int32s("counts.columns"));
  TG_TRY(counts.values, arrays.doubles("counts.values"));
  TG_TRY(const auto idf, arrays.doubles("counts.idf"));
  const auto n_terms = out.offsets.empty() ? 0 : out.offsets.size() - 1;
  const auto in_order = [](const std::vector<std::int64_t>& offsets, std::size_t end) {
    return !offsets.empty() && offsets.front() == 0 && std::ranges::is_sorted(offsets) &&
           std::cmp_equal(offsets.back(), end);
  };
  const bool is_whole = in_order(out.offsets, bytes.size()) &&
                        in_order(counts.offsets, counts.columns.size()) &&
                        counts.values.size() == counts.columns.size() && idf.size() == n_terms &&
                        std::ranges::all_of(counts.columns, [&](std::int32_t column) {
                          return column >= 0 && std::cmp_less(column, n_terms);
                        });
  if (!is_whole) return damaged(file, "the counts of terms do not agree");
  counts.n_cols = n_terms;
  out.bytes.assign(bytes.begin(), bytes.end());
  out.weights = class_tfidf(counts.view(), idf, options);
  return out;
}

std::vector<TopicWord> best_words(const TopicTerms& terms, std::size_t row, std::size_t n,
                                  const std::unordered_set<std::string>& left_out) {
  const CsrView<double> view = terms.weights.view();
  const auto columns = view.row_columns(row);
  const auto values = view.row_values(row);
  std::vector<std::size_t> order(columns.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto is_better = [&](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] > values[b] : columns[a] < columns[b];
  };
  // Stop words take places too; there are rarely more of them than words asked for.
  const std::size_t looked_at = std::min(order.size(), n + left_out.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(looked_at),
                    order.end(), is_better);
  std::vector<TopicWord> words;
  for (std::size_t i = 0; i < looked_at && words.size() < n; ++i) {
    std::string term(terms.term(columns[order[i]]));
    if (!left_out.contains(term)) words.push_back({std::move(term), values[order[i]]});
  }
  return words;
}

Result<std::unordered_set<std::string>> words_left_out(const std::string& stop_words,
                                                       RunContext& run) {
  if (stop_words == "detect") {
    return option_error("wordcloud.stop_words",
                        "expected none, english, language codes or @FILE, found 'detect'",
                        "`fit` detects languages; here name them");
  }
  TG_TRY(const CountPlan plan, plan_counting({}, {.stop_words = stop_words}, run));
  return std::unordered_set<std::string>(plan.stop_words.begin(), plan.stop_words.end());
}

}  // namespace

PlotSource::PlotSource(std::filesystem::path folder, TopicModel model)
    : folder_(std::move(folder)), model_(std::move(model)), places_(middles(model_.documents())) {}

Result<PlotSource> PlotSource::open(const std::filesystem::path& folder) {
  TG_TRY(auto model, TopicModel::load(folder));
  return PlotSource(folder, std::move(model));
}

std::string PlotSource::column_of_role(const std::string& role) const {
  const auto input = nlohmann::json::parse(model_.input_json(), nullptr, false);
  return input.is_object() ? input.value(role, "") : "";
}

Result<Column> PlotSource::column(const std::string& name, const std::vector<std::string>& roles,
                                  RunContext& run) const {
  std::string wanted = name;
  for (const std::string& role : roles) {
    if (wanted.empty()) wanted = column_of_role(role);
  }
  const auto path = folder_ / "documents.parquet";
  TG_TRY(ColumnTable table, read_parquet(path, run));
  std::string names;
  for (const Column& column : table.columns) names += (names.empty() ? "" : ", ") + column.name;
  if (wanted.empty()) {
    return option_error(
        "--column",
        fmt::format("this figure needs a column, and the fit names no {} column", roles.front()),
        "the columns of the documents are " + names);
  }
  const auto found = table.find(wanted);
  if (!found) {
    return option_error("--column", fmt::format("the model has no column `{}`", wanted),
                        "its columns are " + names);
  }
  if (table.n_rows() != model_.documents().topics.size()) {
    return damaged(path, fmt::format("expected {} documents as in the model, found {}",
                                     model_.documents().topics.size(), table.n_rows()));
  }
  return std::move(table.columns[*found]);
}

Result<std::string> PlotSource::text(std::size_t row, RunContext& run) const {
  const std::size_t n = model_.documents().topics.size();
  if (row >= n) {
    return option_error("distribution.document",
                        fmt::format("expected a row below {}, found {}", n, row));
  }
  TG_TRY(const Column texts, column("", {"text"}, run));
  return cell_text(texts, row);
}

Result<Matrix<float>> PlotSource::topic_vectors(const FigureTopics& topics, RunContext& run) const {
  const auto file = folder_ / "arrays.safetensors";
  TG_TRY(const ArrayFile arrays, ArrayFile::open(file));
  TG_TRY(const Matrix<float> centroids, arrays.matrix("centroids"));
  Matrix<float> chosen(topics.topics.size(), centroids.cols());
  for (std::size_t i = 0; i < topics.topics.size(); ++i) {
    const auto id = idx(topics.topics[i].id);
    if (id >= centroids.rows()) return damaged(file, "a topic has no mean vector");
    std::ranges::copy(centroids.row(id), chosen.row(i).begin());
  }
  return unit_rows(chosen.view(), run);
}

Result<void> PlotSource::add_words(FigureTopics& topics, std::size_t n,
                                   const std::string& stop_words, RunContext& run) const {
  TG_TRY(need_counts(model_));
  TG_TRY(const auto left_out, words_left_out(stop_words, run));
  const auto file = folder_ / "arrays.safetensors";
  TG_TRY(const TopicTerms terms, read_terms(file, model_.options().ctfidf));
  // Rows of the counts are the topics in order, -1 first where it has words.
  const auto& table = model_.topics().topics;
  for (FigureTopic& topic : topics.topics) {
    const auto found = std::ranges::find(table, topic.id, &Topic::id);
    auto row = idx(found - table.begin());
    // Empty documents make an outlier topic without counts.
    if (terms.weights.rows() + 1 == table.size() && table.front().id < 0) --row;
    if (row >= terms.weights.rows()) return damaged(file, "a topic has no counts");
    topic.words = best_words(terms, row, n, left_out);
  }
  return {};
}

}  // namespace topograph::cli
