// bench_neighbors_driver IN.npy OUT.safetensors [option=value ...]: finds the neighbours of the
// rows of IN and writes `ids`, `distances` to OUT. Options are those of `neighbors`, and `k`,
// `metric`, `seed`, `threads`, `memory_mib`, and `queries`: rows asked again one by one. Prints
// what it took as one JSON line; `search_s` leaves out reading, writing and the measurement of
// recall.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>

#include "driver.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/kernels/isa.hpp"
#include "topograph/neighbors/index.hpp"

namespace topograph {
namespace {

struct Request {
  NeighborOptions options = {};
  RunSettings settings = {};
  std::size_t k = 15;
  std::size_t n_queries = 0;
  Metric metric = Metric::cosine;
};

Result<void> apply(const char* setting, Request& request) {
  const auto [name, value] = bench::split_setting(setting);
  if (name == "k") {
    request.k = std::strtoull(value.c_str(), nullptr, 10);
  } else if (name == "queries") {
    request.n_queries = std::strtoull(value.c_str(), nullptr, 10);
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

Result<double> slowest_query_ms(const NeighborIndex& index, MatrixView<const float> x,
                                const Request& request, RunContext& run) {
  double slowest = 0;
  for (std::size_t i = 0; i < std::min(request.n_queries, x.rows()); ++i) {
    const auto begin = std::chrono::steady_clock::now();
    TG_TRY(index.query(x.rows(i, i + 1), request.k, run));
    slowest = std::max(slowest, seconds_since(begin) * 1000);
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
  TG_TRY(const Matrix<float> x, read_npy(argv[1], std::nullopt, run));
  const bench::Costs costs;
  TG_TRY(const auto index,
         NeighborIndex::build(x.view(), request.k, request.metric, request.options, run));
  const double build_s = costs.seconds();
  TG_TRY(const KnnGraph graph, index.graph(run));
  const double search_s = costs.seconds();
  const long above_mib = costs.above_input_mib();
  TG_TRY(const double query_ms, slowest_query_ms(index, x.view(), request, run));
  const auto begin = std::chrono::steady_clock::now();
  std::string recall = "null";
  if (index.report().method == NeighborMethod::approximate && request.options.recall_sample > 0) {
    TG_TRY(const double measured, index.recall_of(graph, run));
    recall = fmt::format("{:.4f}", measured);
  }
  fmt::print(
      "{{\"method\": \"{}\", \"isa\": \"{}\", \"rows\": {}, \"search_s\": {:.3f}, \"build_s\": "
      "{:.3f}, \"recall\": {}, \"recall_s\": {:.3f}, \"above_input_mib\": {}, "
      "\"slowest_query_ms\": {:.3f}}}\n",
      enum_name(index.report().method), isa_name(), x.rows(), search_s, build_s, recall,
      seconds_since(begin), above_mib, query_ms);
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
