#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <memory>

#include "fitted_model.hpp"
#include "model_report.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/atomic_file.hpp"

namespace topograph::cli {
namespace {

constexpr std::array kShortcuts = {Shortcut{"--title", "report.title"}};

struct ReportArgs {
  std::string model = {};
  std::string output = {};
  ReportOptions report = {};
};

struct ReportTree {
  ReportOptions& report;
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("report", s.report);
  }
};

Result<void> run_report(ReportArgs args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(const FittedModel fitted, open_fitted(args.model, run));
  if (args.report.title.empty()) {
    args.report.title =
        std::filesystem::absolute(args.model).lexically_normal().filename().string();
  }
  TG_TRY(const std::string page,
         model_report(fitted.model, fitted.documents, fitted.model.input_json(), args.report, run));
  TG_TRY(write_file(args.output, page));
  fmt::print(stderr, "  report  {}\n", args.output);
  return {};
}

}  // namespace

void add_report(CLI::App& root, Session& session) {
  CLI::App* command =
      root.add_subcommand("report", "One self-contained interactive page of a model");
  auto args = std::make_shared<ReportArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  command->add_option("-o,--output", args->output, "File to write")
      ->required()
      ->type_name("FILE.html");
  add_run_options(*command, session);
  ReportTree tree{args->report};
  auto flags = std::make_shared<OptionFlags>(*command, list_options(tree), kShortcuts);
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      ReportTree options{args->report};
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(options, settings));
      return run_report(*args, session);
    };
  });
}

}  // namespace topograph::cli
