// bench_umap_driver IN.safetensors OUT.safetensors [option=value ...]: lays out the rows `x` of IN,
// or the graph `offsets`, `columns`, `values` where IN has one, or the graph of the neighbours
// `ids`, `distances` (n, k; self excluded, its making is timed, too), and writes `coords` to OUT.
// Options are UMAP's, and `seed`, `threads`. Prints what it took as one JSON line.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "topograph/core/container.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

struct Input {
  FuzzyGraph graph = {};  ///< No rows when it is to be made from x.
  Matrix<float> x = {};
  KnnGraph knn = {};
};

Result<Input> read_input(const char* path) {
  TG_TRY(const auto file, ArrayFile::open(path));
  Input input;
  if (file.contains("offsets")) {
    TG_TRY(input.graph.edges.offsets, file.int64s("offsets"));
    TG_TRY(input.graph.edges.columns, file.int32s("columns"));
    TG_TRY(input.graph.edges.values, file.floats("values"));
    input.graph.edges.n_cols = input.graph.edges.rows();
  }
  if (file.contains("ids")) {
    TG_TRY(input.knn.distances, file.matrix("distances"));
    TG_TRY(const auto ids, file.int32s("ids"));
    input.knn.ids = Matrix<std::int32_t>(input.knn.distances.rows(), input.knn.distances.cols());
    std::ranges::copy(ids, input.knn.ids.data());
  }
  if (file.contains("x")) {
    TG_TRY(input.x, file.matrix("x"));
  }
  return input;
}

Result<void> apply(std::string_view setting, UmapOptions& options, RunSettings& settings) {
  const std::size_t equals = std::min(setting.find('='), setting.size() - 1);
  const std::string_view name = setting.substr(0, equals);
  const std::string value(setting.substr(equals + 1));
  if (name == "seed") {
    settings.seed = std::strtoull(value.c_str(), nullptr, 10);
  } else if (name == "threads") {
    settings.threads = std::atoi(value.c_str());
  } else {
    return set_option(options, name, value);
  }
  return {};
}

Result<void> drive(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected IN.safetensors OUT.safetensors");
  TG_TRY(Input input, read_input(argv[1]));
  UmapOptions options;
  RunSettings settings;
  for (int i = 3; i < argc; ++i) {
    TG_TRY(apply(argv[i], options, settings));
  }
  RunContext run(settings);
  const auto begin = std::chrono::steady_clock::now();
  if (input.knn.rows() > 0) {
    TG_TRY(input.graph, fuzzy_graph(input.knn, {}, run));
  }
  auto result = input.graph.rows() > 0 ? umap(input.graph, input.x.view(), options, run)
                                       : umap(input.x.view(), options, run);
  TG_TRY(const auto layout, std::move(result));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{{\"seconds\": {:.3f}, \"rows\": {}, \"n_epochs\": {}, \"is_spectral\": {}",
             took.count(), layout.coords.rows(), layout.n_epochs, layout.is_spectral);
  for (const auto& record : run.stage_records()) {
    fmt::print(", \"{}_s\": {:.3f}", record.name, record.seconds);
  }
  fmt::print("}}\n");
  ArrayWriter writer;
  writer.add("coords", layout.coords.view());
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
