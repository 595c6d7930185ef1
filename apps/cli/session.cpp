#include "session.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>

namespace topograph::cli {
namespace {

/// "8G", "512M", "1.5g" or plain bytes.
Result<std::size_t> parse_memory(const std::string& text) {
  if (text.empty()) return std::size_t{0};
  double value = 0;
  const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string unit(rest, text.data() + text.size());
  for (char& c : unit) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  double factor = 0;
  if (unit.empty() || unit == "B") factor = 1;
  if (unit == "K" || unit == "KB") factor = 1024.0;
  if (unit == "M" || unit == "MB") factor = 1024.0 * 1024;
  if (unit == "G" || unit == "GB") factor = 1024.0 * 1024 * 1024;
  if (unit == "T" || unit == "TB") factor = 1024.0 * 1024 * 1024 * 1024;
  if (code != std::errc{} || factor == 0 || value <= 0) {
    return option_error("--memory",
                        fmt::format("expected a size like 8G or 512M, found '{}'", text));
  }
  return static_cast<std::size_t>(value * factor);
}

}  // namespace

Exit exit_code(const Error& error) {
  if (error.code == ErrorCode::cancelled) return Exit::interrupted;
  switch (error.subject) {
    case Subject::option: return Exit::usage;
    case Subject::input: return Exit::input;
    case Subject::model: return Exit::model;
    case Subject::output: return Exit::output;
    case Subject::program: break;
  }
  return error.code == ErrorCode::invalid_argument ? Exit::input : Exit::internal;
}

Result<RunSettings> Session::run_settings(ProgressSink* sink) const {
  TG_TRY(const std::size_t memory, parse_memory(globals.memory));
  return RunSettings{.threads = globals.threads,
                     .seed = globals.seed,
                     .memory_bytes = memory,
                     .stop = stop.get_token(),
                     .progress = sink};
}

TableFormat Session::table_format() const {
  if (globals.format == "json") return TableFormat::json;
  if (globals.format == "csv") return TableFormat::csv;
  if (globals.format == "table") return TableFormat::table;
  return ::isatty(STDOUT_FILENO) != 0 ? TableFormat::table : TableFormat::csv;
}

int terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0) return 0;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return size.ws_col;
}

void add_run_options(CLI::App& command, Session& session) {
  Globals& globals = session.globals;
  constexpr const char* group = "Running";
  command.add_option("--progress", globals.progress, "How progress is shown on stderr")
      ->check(CLI::IsMember({"auto", "plain", "json", "none"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--threads", globals.threads, "Threads (0: all that the process may use)")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str()
      ->group(group);
  command.add_option("--memory", globals.memory, "Memory budget, e.g. 8G")->group(group);
  command.add_option("--seed", globals.seed, "Seed of every random choice")
      ->capture_default_str()
      ->group(group);
}

void add_format_option(CLI::App& command, Session& session) {
  command
      .add_option("--format", session.globals.format,
                  "Format of results on stdout (auto: table on a terminal, csv in a pipe)")
      ->check(CLI::IsMember({"auto", "table", "csv", "json"}))
      ->capture_default_str();
}

}  // namespace topograph::cli
