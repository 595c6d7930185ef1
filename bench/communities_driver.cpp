// bench_communities_driver graph IN.npy OUT.safetensors [k=15] [rows=N]: writes the fuzzy graph
// (`offsets`, `columns`, `values`) of the first N different rows of IN.
// bench_communities_driver fit GRAPH.safetensors OUT.safetensors [option=value ...]: finds its
// communities and writes `labels`, `strength` and `layer.N` (N = 0 is the coarsest).
// Options are those of `communities`, and `seed`, `threads`, `repeat`. Prints one JSON line;
// `seconds` is the least of the repeated runs.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver.hpp"
#include "topograph/cluster/communities.hpp"
#include "topograph/core/container.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/neighbors/index.hpp"

namespace topograph {
namespace {

struct Request {
  RunSettings run = {};
  std::size_t k = 15;
  std::size_t n_rows = std::numeric_limits<std::size_t>::max();
  int n_runs = 1;
  std::vector<OptionSetting> settings = {};
};

Request read_settings(int argc, char** argv) {
  Request request;
  for (int i = 4; i < argc; ++i) {
    const auto [name, value] = bench::split_setting(argv[i]);
    if (name == "threads") {
      request.run.threads = std::atoi(value.c_str());
    } else if (name == "seed") {
      request.run.seed = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "repeat") {
      request.n_runs = std::max(1, std::atoi(value.c_str()));
    } else if (name == "k") {
      request.k = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "rows") {
      request.n_rows = std::strtoull(value.c_str(), nullptr, 10);
    } else {
      request.settings.push_back({name, value, "command line"});
    }
  }
  return request;
}

/// As the facade builds it: k counts the row itself.
Result<void> make_graph(const char* in, const char* out, const Request& request) {
  RunContext run(request.run);
  TG_TRY(const Matrix<float> all, read_npy(in, std::nullopt, run));
  const auto rows = all.view().rows(0, std::min(all.rows(), request.n_rows));
  TG_TRY(const auto index, NeighborIndex::build(rows, request.k - 1, Metric::cosine, {}, run));
  TG_TRY(const KnnGraph knn, index.graph(run));
  TG_TRY(const FuzzyGraph graph, fuzzy_graph(knn, {.disconnection_distance = 2.0F}, run));
  ArrayWriter writer;
  writer.add("offsets", std::span<const std::int64_t>(graph.edges.offsets));
  writer.add("columns", std::span<const std::int32_t>(graph.edges.columns));
  writer.add("values", std::span<const float>(graph.edges.values));
  return writer.write(out);
}

Result<FuzzyGraph> read_graph(const char* path) {
  TG_TRY(const auto file, ArrayFile::open(path));
  FuzzyGraph graph;
  TG_TRY(graph.edges.offsets, file.int64s("offsets"));
  TG_TRY(graph.edges.columns, file.int32s("columns"));
  TG_TRY(graph.edges.values, file.floats("values"));
  graph.edges.n_cols = graph.edges.rows();
  return graph;
}

Result<void> fit(const char* in, const char* out, const Request& request) {
  TG_TRY(const FuzzyGraph graph, read_graph(in));
  CommunitiesOptions options;
  TG_TRY(apply_settings(options, request.settings));
  RunContext run(request.run);
  double least = std::numeric_limits<double>::infinity();
  Communities found;
  for (int i = 0; i < request.n_runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    TG_TRY(found, communities(graph, {}, options, run));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    least = std::min(least, took.count());
  }
  fmt::print(
      "{{\"seconds\": {:.4f}, \"quality\": {:.8f}, \"communities\": {}, \"resolution\": {:.4g}, "
      "\"layers\": [",
      least, found.quality, found.base.n_clusters, found.resolution);
  ArrayWriter writer;
  writer.add("labels", std::span<const std::int32_t>(found.base.labels));
  writer.add("strength", std::span<const float>(found.base.strength));
  for (std::size_t i = 0; i < found.layers.size(); ++i) {
    const CommunityLayer& layer = found.layers[i];
    fmt::print("{}[{:.4g}, {}, {:.3f}]", i == 0 ? "" : ", ", layer.resolution, layer.n_clusters,
               layer.stability);
    writer.add(fmt::format("layer.{}", i), std::span<const std::int32_t>(layer.labels));
  }
  fmt::print("]}}\n");
  return writer.write(out);
}

Result<void> run_driver(int argc, char** argv) {
  if (argc < 4) return option_error("usage", "expected graph|fit IN OUT [option=value ...]");
  const Request request = read_settings(argc, argv);
  const std::string_view verb = argv[1];
  if (verb == "graph") return make_graph(argv[2], argv[3], request);
  if (verb == "fit") return fit(argv[2], argv[3], request);
  return option_error("usage", "expected graph or fit, found '" + std::string(verb) + "'");
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  const auto outcome = topograph::run_driver(argc, argv);
  if (outcome) return EXIT_SUCCESS;
  std::fputs((topograph::to_string(outcome.error()) + "\n").c_str(), stderr);
  return EXIT_FAILURE;
}
