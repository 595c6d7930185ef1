#include "cluster/leiden.hpp"

#include <igraph.h>

#include <chrono>
#include <mutex>
#include <string>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

static_assert(sizeof(igraph_integer_t) == sizeof(std::int64_t), "igraph built with 64-bit ids");

// igraph as Debian builds it keeps its generator, handlers and clean-up stack in plain globals.
std::timed_mutex igraph_mutex;
// The run that igraph's interruption handler polls; guarded by igraph_mutex.
RunContext* polled_run = nullptr;

igraph_error_t interrupt_when_stopped(void* /*data*/) {
  if (polled_run == nullptr || !polled_run->stop_requested()) return IGRAPH_SUCCESS;
  IGRAPH_FINALLY_FREE();
  return IGRAPH_INTERRUPTED;
}

/// Holds igraph for one call: errors return instead of aborting, stop requests interrupt; the
/// handlers of other users of igraph in the process come back at the end.
class IgraphSession {
 public:
  IgraphSession(RunContext& run, std::uint64_t seed)
      : old_error_(igraph_set_error_handler(igraph_error_handler_ignore)),
        old_warning_(igraph_set_warning_handler(igraph_warning_handler_ignore)),
        old_interruption_(igraph_set_interruption_handler(interrupt_when_stopped)) {
    polled_run = &run;
    // The generator (MT19937) takes 32 bits; 0 would be replaced by its own default.
    status_ = igraph_rng_seed(igraph_rng_default(), (seed >> 33U) + 1);
  }
  ~IgraphSession() {
    polled_run = nullptr;
    igraph_set_interruption_handler(old_interruption_);
    igraph_set_warning_handler(old_warning_);
    igraph_set_error_handler(old_error_);
  }
  IgraphSession(const IgraphSession&) = delete;
  IgraphSession& operator=(const IgraphSession&) = delete;
  IgraphSession(IgraphSession&&) = delete;
  IgraphSession& operator=(IgraphSession&&) = delete;

  [[nodiscard]] igraph_error_t status() const { return status_; }

 private:
  igraph_error_handler_t* old_error_;
  igraph_warning_handler_t* old_warning_;
  igraph_interruption_handler_t* old_interruption_;
  igraph_error_t status_ = IGRAPH_SUCCESS;
};

/// An igraph graph that is destroyed with its scope.
class IgraphGraph {
 public:
  IgraphGraph(const LeidenGraph& graph) {
    igraph_vector_int_t ends;
    igraph_vector_int_view(&ends, graph.ends.data(), narrow<igraph_integer_t>(graph.ends.size()));
    status_ = igraph_create(&graph_, &ends, narrow<igraph_integer_t>(graph.n_vertices()),
                            IGRAPH_UNDIRECTED);
  }
  ~IgraphGraph() {
    if (status_ == IGRAPH_SUCCESS) igraph_destroy(&graph_);
  }
  IgraphGraph(const IgraphGraph&) = delete;
  IgraphGraph& operator=(const IgraphGraph&) = delete;
  IgraphGraph(IgraphGraph&&) = delete;
  IgraphGraph& operator=(IgraphGraph&&) = delete;

  [[nodiscard]] igraph_error_t status() const { return status_; }
  [[nodiscard]] const igraph_t* get() const { return &graph_; }

 private:
  igraph_t graph_ = {};
  igraph_error_t status_ = IGRAPH_SUCCESS;
};

/// An igraph vector of integers that is destroyed with its scope.
class IgraphIds {
 public:
  IgraphIds() : status_(igraph_vector_int_init(&ids_, 0)) {}
  ~IgraphIds() {
    if (status_ == IGRAPH_SUCCESS) igraph_vector_int_destroy(&ids_);
  }
  IgraphIds(const IgraphIds&) = delete;
  IgraphIds& operator=(const IgraphIds&) = delete;
  IgraphIds(IgraphIds&&) = delete;
  IgraphIds& operator=(IgraphIds&&) = delete;

  [[nodiscard]] igraph_error_t status() const { return status_; }
  [[nodiscard]] igraph_vector_int_t* get() { return &ids_; }

 private:
  igraph_vector_int_t ids_ = {};
  igraph_error_t status_;
};

std::unexpected<Error> igraph_failed(igraph_error_t status) {
  if (status == IGRAPH_INTERRUPTED) return cancelled();
  return std::unexpected(Error{.code = ErrorCode::internal,
                               .message = std::string("igraph: ") + igraph_strerror(status),
                               .where = "communities"});
}

// Randomness of Leiden's refinement: igraph's and the paper's value.
constexpr double kBeta = 0.01;

}  // namespace

Result<std::vector<std::int32_t>> leiden(const LeidenGraph& graph, const LeidenSettings& settings,
                                         RunContext& run) {
  const std::size_t n = graph.n_vertices();
  std::vector<std::int32_t> labels(n);
  if (graph.n_edges() == 0) {  // Nothing to join: every vertex stays alone.
    for (std::size_t v = 0; v < n; ++v) labels[v] = narrow<std::int32_t>(v);
    return labels;
  }
  std::unique_lock lock(igraph_mutex, std::defer_lock);
  while (!lock.try_lock_for(std::chrono::milliseconds(20))) {
    if (run.stop_requested()) return cancelled();
  }
  if (run.stop_requested()) return cancelled();

  const IgraphSession session(run, settings.seed);
  if (session.status() != IGRAPH_SUCCESS) return igraph_failed(session.status());
  const IgraphGraph built(graph);
  if (built.status() != IGRAPH_SUCCESS) return igraph_failed(built.status());
  IgraphIds membership;
  if (membership.status() != IGRAPH_SUCCESS) return igraph_failed(membership.status());

  igraph_vector_t edge_weights;
  igraph_vector_t vertex_weights;
  igraph_vector_view(&edge_weights, graph.edge_weights.data(),
                     narrow<igraph_integer_t>(graph.n_edges()));
  igraph_vector_view(&vertex_weights, graph.vertex_weights.data(), narrow<igraph_integer_t>(n));
  igraph_integer_t n_communities = 0;
  igraph_real_t quality = 0;
  const igraph_error_t status = igraph_community_leiden(
      built.get(), &edge_weights, &vertex_weights, settings.resolution, kBeta, /*start=*/false,
      settings.n_iterations, membership.get(), &n_communities, &quality);
  if (status != IGRAPH_SUCCESS) return igraph_failed(status);
  for (std::size_t v = 0; v < n; ++v) {
    labels[v] = narrow<std::int32_t>(VECTOR(*membership.get())[v]);
  }
  return labels;
}

}  // namespace topograph::detail
