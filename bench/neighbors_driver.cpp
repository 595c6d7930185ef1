// bench_neighbors_driver IN.npy OUT.safetensors [option=value ...]: finds the neighbours of the
// rows of IN and writes `ids`, `distances` to OUT. Options are those of `neighbors`, and `k`,
// `metric`, `seed`, `threads`, `memory_mib`, `mapped=1` (rows are searched in the file, not read),
// `queries`: rows asked again one by one, and `cancels`: times the search is started again and
// stopped, at moments spread over all of it. Prints what it took as one JSON line; `search_s`
// leaves out reading, writing and the measurement of recall.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "driver.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/kernels/isa.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/neighbors/index.hpp"

namespace topograph {
namespace {

struct Request {
  NeighborOptions options = {};
  RunSettings settings = {};
  std::size_t k = 15;
  std::size_t n_queries = 0;
  std::size_t n_cancels = 0;
  bool is_mapped = false;
  Metric metric = Metric::cosine;
};

Result<void> apply(const char* setting, Request& request) {
  const auto [name, value] = bench::split_setting(setting);
  if (name == "k") {
    request.k = std::strtoull(value.c_str(), nullptr, 10);
  } else if (name == "queries") {
    request.n_queries = std::strtoull(value.c_str(), nullptr, 10);
  } else if (name == "cancels") {
    request.n_cancels = std::strtoull(value.c_str(), nullptr, 10);
  } else if (name == "mapped") {
    request.is_mapped = value == "1";
  } else if (name == "metric") {
    return detail::parse_value(value, any_value(), request.metric);
  } else {
    return bench::apply(name, value, request.options, request.settings);
  }
  return {};
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Rows in memory, or in the file.
struct Input {
  Matrix<float> matrix = {};
  std::unique_ptr<NpyRows> mapped = {};
  RowsView rows = {};
};

Result<Input> open_input(const char* path, const Request& request, RunContext& run) {
  Input input;
  if (!request.is_mapped) {
    TG_TRY(input.matrix, read_npy(path, std::nullopt, run));
    input.rows = input.matrix.view();
    return input;
  }
  TG_TRY(input.mapped, NpyRows::open(path, std::nullopt));
  const auto view = input.mapped->view();
  if (!view) return input_error(ErrorCode::unsupported, path, "expected float32 or float16 rows");
  input.rows = *view;
  return input;
}

Result<double> slowest_query_ms(const NeighborIndex& index, const Matrix<float>& x,
                                const Request& request, RunContext& run) {
  double slowest = 0;
  for (std::size_t i = 0; i < std::min(request.n_queries, x.rows()); ++i) {
    const auto begin = std::chrono::steady_clock::now();
    TG_TRY(index.query(x.view().rows(i, i + 1), request.k, run));
    slowest = std::max(slowest, seconds_since(begin) * 1000);
  }
  return slowest;
}

/// The longest wait between a request to stop and the end of the search and its fuzzy graph.
double slowest_stop_ms(const RowsView& rows, const Request& request, double whole_s) {
  double slowest = 0;
  for (std::size_t i = 0; i < request.n_cancels; ++i) {
    std::stop_source stop;
    RunSettings settings = request.settings;
    settings.stop = stop.get_token();
    RunContext run(settings);
    const bench::StopAfter stopper(stop);
    const double moment = static_cast<double>(i + 1) / static_cast<double>(request.n_cancels + 1);
    stopper.begin(static_cast<long>(1000 * whole_s * moment) + 1);
    const auto found = find_neighbors(rows, request.k, request.metric, request.options, run);
    const bool is_stopped = found ? !fuzzy_graph(found->graph, {}, run) : true;
    if (is_stopped) slowest = std::max(slowest, stopper.ms_since_stop());
    stopper.begin(0);  // one that was not needed
  }
  return slowest;
}

Result<void> drive(int argc, char** argv) {
  if (argc < 3) return option_error("usage", "expected IN.npy OUT.safetensors");
  Request request;
  for (int i = 3; i < argc; ++i) {
    TG_TRY(apply(argv[i], request));
  }
  RunContext run(request.settings);
  TG_TRY(const Input input, open_input(argv[1], request, run));
  const bench::Costs costs;
  TG_TRY(const auto index,
         NeighborIndex::build(input.rows, request.k, request.metric, request.options, run));
  const double build_s = costs.seconds();
  TG_TRY(const KnnGraph graph, index.graph(run));
  const double search_s = costs.seconds();
  const double cpu_s = costs.cpu_seconds();
  const long above_mib = costs.above_input_mib();
  TG_TRY(const double query_ms, slowest_query_ms(index, input.matrix, request, run));
  const auto begin = std::chrono::steady_clock::now();
  std::string recall = "null";
  if (index.report().method == NeighborMethod::approximate && request.options.recall_sample > 0) {
    TG_TRY(const double measured, index.recall_of(graph, run));
    recall = fmt::format("{:.4f}", measured);
  }
  const double recall_s = seconds_since(begin);
  const double stop_ms = slowest_stop_ms(input.rows, request, search_s + recall_s);
  fmt::print(
      "{{\"method\": \"{}\", \"storage\": \"{}\", \"index_mib\": {}, \"isa\": \"{}\", \"rows\": "
      "{}, \"search_s\": {:.3f}, \"cpu_s\": {:.1f}, \"build_s\": "
      "{:.3f}, \"recall\": {}, \"recall_s\": {:.3f}, \"above_input_mib\": {}, "
      "\"slowest_query_ms\": {:.3f}, \"slowest_stop_ms\": {:.1f}}}\n",
      enum_name(index.report().method), enum_name(index.report().storage),
      index.report().bytes >> 20U, isa_name(), input.rows.rows(), search_s, cpu_s, build_s, recall,
      recall_s, above_mib, query_ms, stop_ms);
  ArrayWriter writer;
  writer.add("ids", std::span(graph.ids.data(), graph.ids.size()));
  writer.add("distances", graph.distances.view());
  return writer.write(argv[2]);
}

}  // namespace
}  // namespace topograph

int main(int argc, char** argv) {
  return topograph::bench::run_driver(topograph::drive, argc, argv);
}
