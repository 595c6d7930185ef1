#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/io/table_file.hpp"

namespace CLI {
class App;
}

namespace topograph::cli {

/// Exit codes of the contract.
enum class Exit : int {
  ok = 0,
  usage = 2,
  input = 3,
  model = 4,
  output = 5,
  internal = 70,
  interrupted = 130
};

[[nodiscard]] Exit exit_code(const Error& error);

/// Options that several subcommands share.
struct Globals {
  std::string format = "auto";
  std::string progress = "auto";
  int threads = 0;
  std::string memory = {};
  std::uint64_t seed = 42;
};

/// What the subcommands share: global options, the stop source, and the chosen work.
struct Session {
  Globals globals = {};
  std::stop_source stop = {};
  std::function<Result<void>()> work = {};  ///< Set by the subcommand that was chosen.

  [[nodiscard]] Result<RunSettings> run_settings(ProgressSink* sink) const;
  /// Format of results on stdout: what was asked for, else a table on a terminal, csv in a pipe.
  [[nodiscard]] TableFormat table_format() const;
};

/// --progress, --threads, --memory, --seed: for subcommands that compute.
void add_run_options(CLI::App& command, Session& session);
/// --format: for subcommands that print a table.
void add_format_option(CLI::App& command, Session& session);

/// Width of the terminal on stdout; 0 when it is none.
[[nodiscard]] int terminal_width();

// One per subcommand, in the file of the same name.
void add_fit(CLI::App& root, Session& session);
void add_transform(CLI::App& root, Session& session);
void add_embed(CLI::App& root, Session& session);
void add_project(CLI::App& root, Session& session);
void add_topics(CLI::App& root, Session& session);
void add_documents(CLI::App& root, Session& session);
void add_cluster(CLI::App& root, Session& session);
void add_tree(CLI::App& root, Session& session);
void add_restructure(CLI::App& root, Session& session);  ///< reduce, merge, split, delete, outliers
void add_partial_fit(CLI::App& root, Session& session);
void add_relabel(CLI::App& root, Session& session);
void add_find(CLI::App& root, Session& session);
void add_hierarchy(CLI::App& root, Session& session);
void add_slices(CLI::App& root, Session& session);  ///< over-time, per-class
void add_distribution(CLI::App& root, Session& session);
void add_match(CLI::App& root, Session& session);
void add_merge_models(CLI::App& root, Session& session);
void add_convert(CLI::App& root, Session& session);
void add_evaluate(CLI::App& root, Session& session);
void add_report(CLI::App& root, Session& session);
void add_plot(CLI::App& root, Session& session);
void add_model(CLI::App& root, Session& session);
void add_info(CLI::App& root, Session& session);

}  // namespace topograph::cli
