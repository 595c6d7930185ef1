#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>

#include "label_file.hpp"
#include "option_flags.hpp"
#include "plot_kinds.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/plot/render.hpp"

namespace topograph::cli {
namespace {

constexpr std::array kShortcuts = {
    Shortcut{"--title", "figure.title"},
    Shortcut{"--subtitle", "figure.subtitle"},
    Shortcut{"--size", "figure.size"},
    Shortcut{"--dpi", "figure.dpi"},
    Shortcut{"--palette", "figure.palette"},
    Shortcut{"--font", "figure.font"},
    Shortcut{"--theme", "figure.theme"},
    Shortcut{"--topics", "figure.topics"},
    Shortcut{"--n-topics", "figure.n_topics"},
    Shortcut{"--document", "distribution.document"},
    Shortcut{"--n-clusters", "heatmap.n_clusters"},
    Shortcut{"--every", "over_time.every"},
    Shortcut{"--bins", "over_time.n_bins"},
};

struct PlotArgs {
  std::string model = {};
  std::string output = {};
  std::vector<std::string> labels = {};
  std::string labels_file = {};
  std::string aspect = {};
  PlotRequest request = {};
};

/// The name of the group of a kind's own options.
std::string group_of(PlotKind kind) {
  std::string name(enum_name(kind));
  std::ranges::replace(name, '-', '_');
  return name;
}

/// Refuses what other options make useless.
Result<void> check_pairs(const PlotOptions& options, const std::vector<OptionSetting>& settings) {
  const auto is_set = [&](std::string_view path) {
    return std::ranges::find(settings, path, &OptionSetting::path) != settings.end();
  };
  if (is_set("reductions.perplexity") && !options.reductions.n_neighbors.empty()) {
    return option_error("reductions.perplexity", "a sweep of n_neighbors draws no t-SNE");
  }
  if (is_set("documents.max_labels") && options.documents.labels == MapLabels::none) {
    return option_error("documents.max_labels", "documents.labels=none draws no labels");
  }
  return {};
}

/// Refuses what the chosen kind would ignore.
Result<void> check_kind(const PlotRequest& request, const std::vector<OptionSetting>& settings) {
  const std::string found = fmt::format("found kind {}", enum_name(request.kind));
  for (const OptionSetting& setting : settings) {
    const std::string group = setting.path.substr(0, setting.path.find('.'));
    if (group == "figure" || group == group_of(request.kind)) continue;
    return option_error(setting.path, "is an option of another kind, " + found);
  }
  if (!request.column.empty() && !uses_column(request)) {
    return option_error(
        "--column", "this kind of figure compares with no column, " + found,
        request.kind == PlotKind::reductions ? "with reductions.supervised=true it does" : "");
  }
  if (!request.time_format.empty() && request.kind != PlotKind::over_time) {
    return option_error("--time-format", "this kind of figure reads no times, " + found);
  }
  return {};
}

Result<void> run_plot(PlotArgs args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(const FigureFormat format, figure_format(args.output));
  // An unwritable place must be known before the work, not after.
  TG_TRY(auto file, AtomicFile::create(args.output));
  PlotOptions& options = args.request.options;
  auto& labels = options.figure.labels;
  if (!args.labels_file.empty()) {
    TG_TRY(const auto given, read_label_file(args.labels_file, run));
    for (const auto& [topic, label] : given) labels.push_back(fmt::format("{}={}", topic, label));
  }
  labels.insert(labels.end(), args.labels.begin(), args.labels.end());
  TG_TRY(const PlotSource source,
         open_plot_source(args.model, reads_of(args.request), args.aspect, run));
  TG_TRY(const Scene scene, plot_scene(args.request, source, run));
  TG_TRY(const std::string bytes, render(scene, format, options.figure.dpi));
  TG_TRY(file.write(bytes));
  if (run.stop_requested()) return cancelled();
  TG_TRY(file.commit());
  for (const std::string& note : scene.notes) fmt::print(stderr, "  note    {}\n", note);
  fmt::print(stderr, "  figure  {}\n", args.output);
  return {};
}

void add_label_flags(CLI::App& command, PlotArgs& args) {
  command.add_option("--label", args.labels, "A label of your own for a topic; may be repeated")
      ->type_name("NUMBER=TEXT")
      ->group("Analysis")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("--labels", args.labels_file,
                  "Table with the columns `topic` and `label`, or .json: {\"0\": \"space\", ...}")
      ->type_name("FILE")
      ->group("Analysis");
  command
      .add_option("--aspect", args.aspect,
                  "Words and labels by this aspect of the topics (`relabel --aspects` makes them)")
      ->type_name("NAME")
      ->group("Analysis");
}

}  // namespace

void add_plot(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("plot", "A figure of a model: .svg, .png or .pdf");
  auto args = std::make_shared<PlotArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  const auto& names = EnumNames<PlotKind>::names;
  command
      ->add_option_function<std::string>(
          "KIND",
          [args, &names](const std::string& name) {
            const auto found = std::ranges::find(names, name);
            args->request.kind = static_cast<PlotKind>(found - names.begin());
          },
          "What to draw")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())));
  command->add_option("-o,--output", args->output, "File to write: .svg, .png or .pdf")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--column", args->request.column,
                   "Column of the documents, for over-time (default: the fit's --time), per-class, "
                   "contingency and reductions (its --class or --label)")
      ->type_name("COLUMN");
  command
      ->add_option("--time-format", args->request.time_format,
                   "How dates are written, for over-time, as for strptime, e.g. %d/%m/%Y (default: "
                   "2020-05-17)")
      ->type_name("FORMAT");
  add_label_flags(*command, *args);
  add_run_options(*command, session);
  auto flags =
      std::make_shared<OptionFlags>(*command, list_options(args->request.options), kShortcuts);
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(args->request.options, settings));
      TG_TRY(validate_options(args->request.options));
      TG_TRY(check_kind(args->request, settings));
      TG_TRY(check_pairs(args->request.options, settings));
      return run_plot(*args, session);
    };
  });
}

}  // namespace topograph::cli
