// bench_umap_driver IN.safetensors OUT.safetensors [option=value ...]: lays out the rows `x` of IN,
// or the graph `offsets`, `columns`, `values` where IN has one, or the graph of the neighbours
// `ids`, `distances` (n, k; self excluded, its making is timed, too), and writes `coords` to OUT.
// Options are UMAP's, and `seed`, `threads`; with output_dens the radii are written, too;
// `stop_after_ms` asks it to stop and prints how long that took. Prints what it took as one JSON
// line.
#include <fmt/format.h>

#include <cstdlib>
#include <span>
#include <stop_token>
#include <utility>

#include "driver.hpp"
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
    TG_TRY(input.knn, bench::read_neighbors(file));
  }
  if (file.contains("x")) {
    TG_TRY(input.x, file.matrix("x"));
  }
  return input;
}

Result<UmapResult> lay_out(Input& input, const UmapOptions& options, RunContext& run) {
  if (input.knn.rows() > 0) {
    TG_TRY(input.graph, fuzzy_graph(input.knn, {}, run));
  }
  return input.graph.rows() > 0 ? umap(input.graph, input.x.view(), options, run)
                                : umap(input.x.view(), options, run);
}

Result<void> drive(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected IN.safetensors OUT.safetensors");
  TG_TRY(Input input, read_input(argv[1]));
  UmapOptions options;
  RunSettings settings;
  long stop_after_ms = 0;
  for (int i = 3; i < argc; ++i) {
    const auto [name, value] = bench::split_setting(argv[i]);
    if (name == "stop_after_ms") {
      stop_after_ms = std::atol(value.c_str());
    } else {
      TG_TRY(bench::apply(name, value, options, settings));
    }
  }
  std::stop_source stop;
  settings.stop = stop.get_token();
  RunContext run(settings);
  const bench::Costs costs;
  const bench::StopAfter stopper(stop);
  if (stop_after_ms > 0) stopper.begin(stop_after_ms);
  auto result = lay_out(input, options, run);
  if (!result && result.error().code == ErrorCode::cancelled && stop_after_ms > 0) {
    fmt::print("{{\"asked_to_stop_ms\": {}, \"stopped_after_ms\": {:.1f}}}\n", stop_after_ms,
               stopper.ms_since_stop());
    return {};
  }
  TG_TRY(const auto layout, std::move(result));
  fmt::print(
      "{{\"seconds\": {:.3f}, \"cpu_s\": {:.3f}, \"peak_mib\": {}, \"above_input_mib\": {}, "
      "\"rows\": {}, \"n_epochs\": {}, \"is_spectral\": {}",
      costs.seconds(), costs.cpu_seconds(), costs.peak_mib(), costs.above_input_mib(),
      layout.coords.rows(), layout.n_epochs, layout.is_spectral);
  for (const auto& record : run.stage_records()) {
    fmt::print(", \"{}_s\": {:.3f}", record.name, record.seconds);
  }
  fmt::print("}}\n");
  ArrayWriter writer;
  writer.add("coords", layout.coords.view());
  if (options.output_dens) {
    writer.add("log_radii", std::span(layout.log_radii));
    writer.add("layout_log_radii", std::span(layout.layout_log_radii));
  }
  return writer.write(argv[2]);
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  return topograph::bench::run_driver(topograph::drive, argc, argv);
}
