// umap_driver IN.safetensors OUT.safetensors [option=value ...]: lays out the graph in IN (offsets,
// columns, values; optional rows x) and writes `coords`. Prints the seconds it took.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "topograph/core/container.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

Result<void> drive(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected IN.safetensors OUT.safetensors");
  TG_TRY(const auto file, ArrayFile::open(argv[1]));
  FuzzyGraph graph;
  TG_TRY(graph.edges.offsets, file.int64s("offsets"));
  TG_TRY(graph.edges.columns, file.int32s("columns"));
  TG_TRY(graph.edges.values, file.floats("values"));
  graph.edges.n_cols = graph.edges.rows();
  Matrix<float> x;
  if (file.contains("x")) {
    TG_TRY(x, file.matrix("x"));
  }
  UmapOptions options;
  RunSettings settings;
  for (int i = 3; i < argc; ++i) {
    const std::string_view setting = argv[i];
    const std::size_t equals = setting.find('=');
    const std::string_view name = setting.substr(0, equals);
    const std::string value(setting.substr(equals + 1));
    if (name == "seed") {
      settings.seed = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "threads") {
      settings.threads = std::atoi(value.c_str());
    } else {
      TG_TRY(set_option(options, name, value));
    }
  }
  RunContext run(settings);
  const auto begin = std::chrono::steady_clock::now();
  TG_TRY(const auto result, umap(graph, x.view(), options, run));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("seconds {:.3f} rows {} epochs {} spectral {}\n", took.count(), graph.rows(),
             result.n_epochs, result.is_spectral);
  for (const auto& record : run.stage_records())
    fmt::print("  {} {:.3f}\n", record.name, record.seconds);
  ArrayWriter writer;
  writer.add("coords", result.coords.view());
  return writer.write(argv[2]);
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  const auto outcome = topograph::drive(argc, argv);
  if (outcome) return EXIT_SUCCESS;
  std::fputs((topograph::to_string(outcome.error()) + "\n").c_str(), stderr);
  return EXIT_FAILURE;
}
