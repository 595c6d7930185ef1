#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "fitted_model.hpp"
#include "session.hpp"
#include "topic_coherence.hpp"
#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/column_table.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/evaluate/contingency.hpp"
#include "topograph/evaluate/preservation.hpp"
#include "topograph/evaluate/separation.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph::cli {
namespace {

struct EvaluateArgs {
  std::string model = {};
  std::string label = {};
  std::size_t sample = 10000;
  std::size_t map_sample = 1000;
  bool wants_dbcv = false;
};

using Scores = std::vector<std::pair<std::string, double>>;

/// Topics beside a column of known labels, documents without a label left out.
struct Comparison {
  std::vector<std::string> names = {};  ///< Of the labels, in byte order.
  ContingencyTable table = {};
  Scores scores = {};
};

Result<Comparison> compare(const FittedModel& fitted, const std::string& label) {
  TG_TRY(const Column* column, wanted_column(fitted, label, "label", "--label"));
  const auto& topics = fitted.model.documents().topics;
  std::map<std::string, std::vector<std::size_t>> rows_of;
  for (std::size_t row = 0; row < topics.size(); ++row) {
    std::string value = cell_text(*column, row);
    if (!value.empty()) rows_of[std::move(value)].push_back(row);
  }
  Comparison out;
  std::vector<std::int32_t> truth;
  std::vector<std::int32_t> found;
  for (const auto& [name, rows] : rows_of) {
    for (const std::size_t row : rows) {
      truth.push_back(narrow<std::int32_t>(out.names.size()));
      found.push_back(topics[row]);
    }
    out.names.push_back(name);
  }
  TG_TRY(out.table, contingency_table(truth, found));
  const Agreement scores = agreement(out.table);
  out.scores = {{"documents", static_cast<double>(truth.size())},
                {"adjusted_rand", scores.adjusted_rand},
                {"adjusted_mutual_info", scores.adjusted_mutual_info},
                {"normalized_mutual_info", scores.normalized_mutual_info},
                {"homogeneity", scores.homogeneity},
                {"completeness", scores.completeness},
                {"v_measure", scores.v_measure},
                {"fowlkes_mallows", scores.fowlkes_mallows},
                {"purity", scores.purity}};
  return out;
}

/// Scores of the stored vectors, of unit length for the cosine metric.
Result<Scores> measure(const EvaluateArgs& args, const TopicModel& model, RunContext& run) {
  Scores scores;
  MatrixView<const float> x = model.point_embeddings();
  if (x.empty() || model.facts().n_topics < 2) return scores;
  const Metric metric = model.options().neighbors.metric;
  Matrix<float> unit;
  if (metric == Metric::cosine) {
    TG_TRY(unit, unit_rows(x, run));
    x = unit.view();
  }
  TG_TRY(const double mean, silhouette(x, model.point_labels(), metric, args.sample, run));
  scores.emplace_back("silhouette", mean);
  TG_TRY(const CenterScores centers, center_scores(x, model.point_labels(), run));
  scores.emplace_back("davies_bouldin", centers.davies_bouldin);
  scores.emplace_back("calinski_harabasz", centers.calinski_harabasz);
  if (args.wants_dbcv) {
    TG_TRY(const DensityValidity density, density_validity(x, model.point_labels(), run));
    scores.emplace_back("density_validity", density.score);
  }
  return scores;
}

/// How well the map keeps the neighbourhoods of the stored vectors.
Result<Scores> measure_map(const EvaluateArgs& args, const TopicModel& model, RunContext& run) {
  const PreservationOptions options{.metric = model.options().neighbors.metric,
                                    .sample = args.map_sample};
  const auto x = model.point_embeddings();
  if (x.rows() <= 2 * options.n_neighbors || !model.has_map()) return Scores{};
  TG_TRY(const NeighborPreservation found,
         neighbor_preservation(x, model.point_positions(), options, run));
  return Scores{{"map_trustworthiness", found.trustworthiness},
                {"map_continuity", found.continuity},
                {"map_neighbors_kept", found.neighbors_kept}};
}

ColumnTable contingency_columns(const Comparison& comparison) {
  ColumnTable table;
  TextColumn names;
  for (const std::string& name : comparison.names) names.push_back(name);
  table.columns.push_back({"label", std::move(names), {}});
  for (std::size_t c = 0; c < comparison.table.column_labels.size(); ++c) {
    std::vector<std::int64_t> counts;
    for (std::size_t r = 0; r < comparison.names.size(); ++r) {
      counts.push_back(comparison.table.counts[r, c]);
    }
    table.columns.push_back(
        {fmt::format("topic {}", comparison.table.column_labels[c]), std::move(counts), {}});
  }
  return table;
}

ColumnTable score_columns(const Scores& scores) {
  TextColumn names;
  std::vector<double> values;
  for (const auto& [name, value] : scores) {
    names.push_back(name);
    values.push_back(value);
  }
  return {{{"score", std::move(names), {}}, {"value", std::move(values), {}}}};
}

void print_json(const std::optional<Comparison>& comparison, const Scores& scores) {
  nlohmann::ordered_json json;
  if (comparison) {
    auto& table = json["contingency"];
    table["labels"] = comparison->names;
    table["topics"] = comparison->table.column_labels;
    table["counts"] = nlohmann::ordered_json::array();
    for (std::size_t r = 0; r < comparison->names.size(); ++r) {
      const auto row = comparison->table.counts.row(r);
      table["counts"].push_back(std::vector<std::int64_t>(row.begin(), row.end()));
    }
  }
  for (const auto& [name, value] : scores) json["scores"][name] = value;
  std::cout << json.dump(2) << "\n";
}

Result<void> run_evaluate(const EvaluateArgs& args, const Session& session) {
  TG_TRY(const RunSettings settings, session.run_settings(nullptr));
  RunContext run(settings);
  TG_TRY(const FittedModel fitted, open_fitted(args.model, run));
  const TopicModel& model = fitted.model;
  const std::string& label = args.label.empty() ? fitted.documents.label_name : args.label;
  std::optional<Comparison> comparison;
  Scores scores;
  if (!label.empty()) {
    TG_TRY(comparison, compare(fitted, label));
    scores = comparison->scores;
  }
  TG_TRY(const auto coherence, topic_coherence(model, fitted.texts, run));
  if (const auto mean = mean_coherence(coherence.npmi))
    scores.emplace_back("npmi_coherence", *mean);
  if (const auto mean = mean_coherence(coherence.cv)) scores.emplace_back("cv_coherence", *mean);
  TG_TRY(const Scores internal, measure(args, model, run));
  scores.insert(scores.end(), internal.begin(), internal.end());
  TG_TRY(const Scores map, measure_map(args, model, run));
  scores.insert(scores.end(), map.begin(), map.end());
  const TableFormat format = session.table_format();
  if (format == TableFormat::json) {
    print_json(comparison, scores);
    return {};
  }
  if (comparison) {
    print_table(std::cout, contingency_columns(*comparison), format, terminal_width());
    std::cout << "\n";
  }
  print_table(std::cout, score_columns(scores), format, terminal_width());
  return {};
}

}  // namespace

void add_evaluate(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("evaluate",
                                          "Topics beside known labels, how well their words go "
                                          "together, they separate the vectors and the "
                                          "map keeps them");
  auto args = std::make_shared<EvaluateArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  command
      ->add_option("--label", args->label,
                   "Column with known labels (default: the --label of the fit, if any)")
      ->type_name("COLUMN");
  command
      ->add_option("--sample", args->sample,
                   "Documents that the silhouette looks at, drawn by the seed; 0: all")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--map-sample", args->map_sample,
                   "Documents whose 15 neighbours on the map are compared with those of their "
                   "vectors, drawn by the seed; 0: all")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--dbcv", args->wants_dbcv,
                    "Density-based validity too: takes the square of the largest topic's size");
  add_run_options(*command, session);
  add_format_option(*command, session);
  command->callback([args, &session] {
    session.work = [args, &session] { return run_evaluate(*args, session); };
  });
}

}  // namespace topograph::cli
