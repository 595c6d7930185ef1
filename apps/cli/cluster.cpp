#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "fit_summary.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/cluster/agglomerative.hpp"
#include "topograph/cluster/dbscan.hpp"
#include "topograph/cluster/gaussian_mixture.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/kmeans.hpp"
#include "topograph/cluster/minibatch_kmeans.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph {

enum class VectorClustering : std::uint8_t {
  hdbscan,
  kmeans,
  minibatch,
  gmm,
  agglomerative,
  dbscan
};
template <>
struct EnumNames<VectorClustering> {
  static constexpr std::array<std::string_view, 6> names{"hdbscan", "kmeans",        "minibatch",
                                                         "gmm",     "agglomerative", "dbscan"};
};

namespace cli {
namespace {

constexpr std::array kShortcuts = {
    Shortcut{"--method", "method"},
    Shortcut{"--clusters", "n_clusters"},
    Shortcut{"--min-cluster-size", "hdbscan.min_cluster_size"},
    Shortcut{"--min-samples", "hdbscan.min_samples"},
};

struct ClusterVectorsOptions {
  VectorClustering method = VectorClustering::hdbscan;
  std::optional<int> n_clusters = {};
  HdbscanOptions hdbscan = {};
  KMeansOptions kmeans = {};
  MinibatchKMeansOptions minibatch = {};
  GaussianMixtureOptions gmm = {};
  AgglomerativeOptions agglomerative = {};
  DbscanOptions dbscan = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("method", s.method, any_value(),
      "How the vectors are clustered. minibatch reads them from the file as it goes; the others "
      "hold them in memory.");
    v("n_clusters", s.n_clusters, at_least(1),
      "Clusters, for whatever method (unset: the method's own option).");
    v("hdbscan", s.hdbscan);
    v("kmeans", s.kmeans);
    v("minibatch", s.minibatch);
    v("gmm", s.gmm);
    v("agglomerative", s.agglomerative);
    v("dbscan", s.dbscan);
  }
};

struct ClusterArgs {
  std::string input = {};
  std::string output = {};
  std::string centers = {};
  ClusterVectorsOptions options = {};
};

struct Clustered {
  Clustering clusters = {};
  Matrix<float> centers = {};
  std::vector<float> outlier_scores = {};
};

/// All rows; as they are where HDBSCAN takes those that are not finite for noise.
Result<Matrix<float>> read_all(const NpyRows& rows, bool may_be_infinite) {
  Matrix<float> x(rows.rows(), rows.cols());
  const auto stored = rows.view();
  if (may_be_infinite && stored && !stored->is_half()) {
    for (std::size_t r = 0; r < x.rows(); ++r) {
      std::ranges::copy(stored->floats().row(r), x.row(r).begin());
    }
    return x;
  }
  std::vector<std::int64_t> ids(rows.rows());
  std::iota(ids.begin(), ids.end(), 0);
  TG_TRY(rows.read(ids, x.view()));
  return x;
}

Result<Clustered> by_hdbscan(MatrixView<const float> x, const ClusterVectorsOptions& all,
                             RunContext& run) {
  HdbscanOptions options = all.hdbscan;
  if (all.n_clusters) options.n_clusters = all.n_clusters;
  const Stage stage(run, "hdbscan");
  TG_TRY(auto found, hdbscan(x, {}, options, run));
  return Clustered{std::move(found.clusters), {}, std::move(found.outlier_scores)};
}

Result<Clustered> in_memory(MatrixView<const float> x, const ClusterVectorsOptions& all,
                            RunContext& run) {
  switch (all.method) {
    case VectorClustering::kmeans: {
      KMeansOptions options = all.kmeans;
      options.n_clusters = all.n_clusters.value_or(options.n_clusters);
      TG_TRY(auto found, kmeans(x, {}, {}, options, run));
      return Clustered{std::move(found.clusters), std::move(found.centers), {}};
    }
    case VectorClustering::gmm: {
      GaussianMixtureOptions options = all.gmm;
      options.n_components = all.n_clusters.value_or(options.n_components);
      TG_TRY(auto found, gaussian_mixture(x, {}, {}, options, run));
      return Clustered{std::move(found.clusters), {}, {}};
    }
    case VectorClustering::agglomerative: {
      AgglomerativeOptions options = all.agglomerative;
      options.n_clusters = all.n_clusters.value_or(options.n_clusters);
      TG_TRY(auto found, agglomerative(x, {}, options, run));
      return Clustered{std::move(found.clusters), std::move(found.centers), {}};
    }
    case VectorClustering::dbscan: {
      TG_TRY(auto found, dbscan(x, {}, all.dbscan, run));
      return Clustered{std::move(found.clusters), {}, {}};
    }
    default: return by_hdbscan(x, all, run);
  }
}

Result<Clustered> cluster_file(const ClusterArgs& args, RunContext& run) {
  const ClusterVectorsOptions& all = args.options;
  TG_TRY(const auto rows, NpyRows::open(args.input));
  if (all.method == VectorClustering::minibatch) {
    MinibatchKMeansOptions options = all.minibatch;
    options.n_clusters = all.n_clusters.value_or(options.n_clusters);
    TG_TRY(auto found, minibatch_kmeans(*rows, {}, options, run));
    return Clustered{std::move(found.clusters), std::move(found.centers), {}};
  }
  Matrix<float> x;
  {
    const Stage stage(run, "read");
    const bool may_be_infinite =
        all.method == VectorClustering::hdbscan && all.hdbscan.non_finite == NonFinite::noise;
    TG_TRY(x, read_all(*rows, may_be_infinite));
  }
  return in_memory(x.view(), all, run);
}

ColumnTable row_table(Clustered found) {
  std::vector<std::int64_t> row(found.clusters.labels.size());
  std::iota(row.begin(), row.end(), 0);
  ColumnTable table{{{"row", std::move(row), {}},
                     {"cluster", std::move(found.clusters.labels), {}},
                     {"strength", std::move(found.clusters.strength), {}}}};
  if (!found.outlier_scores.empty()) {
    table.columns.push_back({"outlier_score", std::move(found.outlier_scores), {}});
  }
  return table;
}

/// Refuses what the chosen method would ignore.
Result<void> check_method(const ClusterArgs& args, const std::vector<OptionSetting>& settings) {
  const std::string method(enum_name(args.options.method));
  for (const OptionSetting& setting : settings) {
    const std::string group = setting.path.substr(0, setting.path.find('.'));
    if (group == setting.path || group == method) continue;
    return option_error(setting.path, "is an option of method " + group + ", found " + method);
  }
  if (args.options.n_clusters && args.options.method == VectorClustering::dbscan) {
    return option_error("n_clusters", "dbscan finds the number of clusters by itself");
  }
  const bool has_centers = args.options.method == VectorClustering::kmeans ||
                           args.options.method == VectorClustering::minibatch ||
                           args.options.method == VectorClustering::agglomerative;
  if (!args.centers.empty() && !has_centers) {
    return option_error("--centers", "method " + method + " has no centers");
  }
  return {};
}

Result<void> run_cluster(const ClusterArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(Clustered found, cluster_file(args, run));
  const auto n_clusters = found.clusters.n_clusters;
  const auto n_noise = std::ranges::count(found.clusters.labels, kNoise);
  const std::size_t n_rows = found.clusters.labels.size();
  if (!args.centers.empty()) TG_TRY(write_npy(args.centers, found.centers.view()));
  const ColumnTable table = row_table(std::move(found));
  if (args.output.empty()) {
    print_table(std::cout, table, session.table_format(), terminal_width());
  } else {
    TG_TRY(write_table(args.output, table));
  }
  fmt::print(stderr, "\n  vectors       {}\n  clusters      {}\n  noise         {}\n", n_rows,
             n_clusters, n_noise);
  for (const std::string& warning : run.warnings()) {
    fmt::print(stderr, "  warning       {}\n", warning);
  }
  print_stages(run);
  return {};
}

}  // namespace

void add_cluster(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("cluster", "Cluster vectors, without documents");
  auto args = std::make_shared<ClusterArgs>();
  command->add_option("INPUT", args->input, "Vectors (n, d): .npy, float32, float16 or float64")
      ->required()
      ->type_name("X.npy");
  command
      ->add_option("-o,--output", args->output,
                   "File to write: .csv, .tsv, .jsonl or .parquet (default: printed)")
      ->type_name("FILE");
  command->add_option("--centers", args->centers, "The clusters' centers, too: .npy")
      ->type_name("FILE");
  add_run_options(*command, session);
  add_format_option(*command, session);
  auto flags = std::make_shared<OptionFlags>(*command, list_options(args->options), kShortcuts);
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(args->options, settings));
      TG_TRY(validate_options(args->options));
      TG_TRY(check_method(*args, settings));
      return run_cluster(*args, session);
    };
  });
}

}  // namespace cli
}  // namespace topograph
