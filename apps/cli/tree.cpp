#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "option_flags.hpp"
#include "session.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/cluster/hdbscan_tables.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {

enum class TreeTable : std::uint8_t {
  clusters,
  condensed,
  linkage,
  spanning,
  exemplars,
  documents
};
template <>
struct EnumNames<TreeTable> {
  static constexpr std::array<std::string_view, 6> names{"clusters", "condensed", "linkage",
                                                         "spanning", "exemplars", "documents"};
};

namespace cli {
namespace {

constexpr std::array kShortcuts = {
    Shortcut{"--table", "table"},
    Shortcut{"--min-cluster-size", "hdbscan.min_cluster_size"},
};

struct TreeOptions {
  TreeTable table = TreeTable::clusters;
  HdbscanOptions hdbscan = {.min_cluster_size = 10};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("table", s.table, any_value(),
      "clusters: birth, death, stability and persistence of each; condensed: what leaves it at "
      "which lambda; linkage: all merges; spanning: the minimum spanning tree; exemplars: the "
      "documents that stand for a cluster; documents: cluster, strength and outlier score of "
      "each.");
    v("hdbscan", s.hdbscan);
  }
};

/// First document of every point; the tables of trees speak of points.
std::vector<std::int64_t> first_documents(const TopicModel& model) {
  std::vector<std::int64_t> first(model.point_weights().size(), -1);
  const auto points = model.point_of_document();
  for (std::size_t i = points.size(); i-- > 0;) {
    if (points[i] >= 0) first[idx(points[i])] = narrow<std::int64_t>(i);
  }
  return first;
}

ColumnTable exemplar_table(const TopicModel& model, const HdbscanCut& cut) {
  const auto first = first_documents(model);
  std::vector<std::int32_t> cluster;
  std::vector<std::int32_t> point;
  std::vector<std::int64_t> row;
  const auto of_cluster = exemplars(cut.condensed, cut.selected);
  for (std::size_t c = 0; c < of_cluster.size(); ++c) {
    for (const std::int32_t p : of_cluster[c]) {
      cluster.push_back(narrow<std::int32_t>(c));
      point.push_back(p);
      row.push_back(first[idx(p)]);
    }
  }
  return {{{"cluster", std::move(cluster), {}},
           {"point", std::move(point), {}},
           {"row", std::move(row), {}}}};
}

ColumnTable document_table(const TopicModel& model, const HdbscanCut& cut) {
  const auto points = model.point_of_document();
  std::vector<std::int64_t> row(points.size());
  std::vector<std::int32_t> point(points.begin(), points.end());
  std::vector<std::int32_t> cluster(points.size(), kNoise);
  std::vector<float> strength(points.size(), 0.0F);
  std::vector<float> outlier_score(points.size(), 0.0F);
  std::vector<std::uint8_t> has_score(points.size(), 0);
  for (std::size_t i = 0; i < points.size(); ++i) {
    row[i] = narrow<std::int64_t>(i);
    if (points[i] < 0) continue;
    const std::size_t p = idx(points[i]);
    cluster[i] = cut.clusters.labels[p];
    strength[i] = cut.clusters.strength[p];
    outlier_score[i] = cut.outlier_scores[p];
    has_score[i] = 1;
  }
  return {{{"row", std::move(row), {}},
           {"point", std::move(point), has_score},
           {"cluster", std::move(cluster), {}},
           {"strength", std::move(strength), {}},
           {"outlier_score", std::move(outlier_score), has_score}}};
}

/// The options of the fit with what is asked for; the tree itself must stay.
Result<HdbscanOptions> cut_options(const TopicModel& model, TreeOptions options,
                                   const std::vector<OptionSetting>& settings) {
  options.hdbscan = model.options().hdbscan;
  TG_TRY(apply_settings(options, settings));
  TG_TRY(validate_options(options));
  for (const OptionSetting& setting : settings) {
    for (const char* name : {"min_samples", "alpha", "metric", "non_finite", "compat"}) {
      if (setting.path != std::string("hdbscan.") + name) continue;
      return option_error(setting.path, "belongs to the tree, which is the model's",
                          "fit again with --set " + setting.path + "=" + setting.text);
    }
  }
  return options.hdbscan;
}

Result<ColumnTable> make_table(const TopicModel& model, TreeTable table,
                               const std::vector<OptionSetting>& settings, RunContext& run) {
  const HdbscanResult* fitted = model.hdbscan();
  if (fitted == nullptr) {
    if (table == TreeTable::linkage && model.linkage() != nullptr) {
      return linkage_table(*model.linkage());
    }
    return option_error("--table",
                        fmt::format("a model of --cluster {} has no {} table",
                                    enum_name(model.options().cluster.method), enum_name(table)),
                        "hdbscan has all of them, agglomerative has linkage");
  }
  if (table == TreeTable::linkage) return linkage_table(fitted->linkage);
  if (table == TreeTable::spanning) return spanning_tree_table(fitted->tree);
  TG_TRY(const HdbscanOptions options, cut_options(model, {}, settings));
  TG_TRY(const HdbscanCut cut, hdbscan_cut(*fitted, model.point_weights(), options, run));
  switch (table) {
    case TreeTable::condensed: return condensed_tree_table(cut.condensed);
    case TreeTable::exemplars: return exemplar_table(model, cut);
    case TreeTable::documents: return document_table(model, cut);
    default: return cluster_table(cut);
  }
}

Result<void> run_tree(const std::string& path, const std::vector<OptionSetting>& settings,
                      const Session& session) {
  TG_TRY(const RunSettings run_settings, session.run_settings(nullptr));
  RunContext run(run_settings);
  TreeOptions options;
  TG_TRY(apply_settings(options, settings));
  TG_TRY(const TopicModel model, TopicModel::load(path));
  TG_TRY(const ColumnTable table, make_table(model, options.table, settings, run));
  for (const std::string& warning : run.warnings()) fmt::print(stderr, "warning: {}\n", warning);
  print_table(std::cout, table, session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_tree(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand(
      "tree", "The cluster tree of a model as tables, cut again at another smallest cluster");
  auto path = std::make_shared<std::string>();
  command->add_option("MODEL", *path, "Folder that `fit --cluster hdbscan` wrote")->required();
  add_format_option(*command, session);
  auto flags = std::make_shared<OptionFlags>(*command, list_options(TreeOptions{}), kShortcuts);
  command->callback([path, flags, &session] {
    session.work = [path, flags, &session]() -> Result<void> {
      TG_TRY(const auto settings, flags->settings());
      return run_tree(*path, settings, session);
    };
  });
}

}  // namespace cli
}  // namespace topograph
