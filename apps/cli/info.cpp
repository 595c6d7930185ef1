#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <string>

#include "session.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/version.hpp"
#include "topograph/embed/model_store.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/kernels/isa.hpp"

namespace topograph::cli {
namespace {

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

Result<void> run_info(const Session& session) {
  TG_TRY(const RunSettings settings, session.run_settings(nullptr));
  const RunContext run(settings);
  TextColumn names;
  TextColumn values;
  const auto add = [&](std::string_view name, const std::string& value) {
    names.push_back(name);
    values.push_back(value);
  };
  add("version", std::string(version()));
  add("processor", processor_name());
  add("kernels", std::string(isa_name()));
  add("threads", std::to_string(run.threads()));
  add("memory budget", fmt::format("{:.1f} GiB", static_cast<double>(run.memory_bytes()) / 0x1p30));
  for (const auto& folder : model_search_path()) add("model folder", folder.string());
  add("compiler", TOPOGRAPH_COMPILER);
  add("libraries", TOPOGRAPH_LIBRARIES);
  print_table(std::cout, {{{"property", std::move(names), {}}, {"value", std::move(values), {}}}},
              session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_info(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("info", "Version, processor, threads, memory, libraries");
  add_run_options(*command, session);
  add_format_option(*command, session);
  command->callback([&session] { session.work = [&session] { return run_info(session); }; });
}

}  // namespace topograph::cli
