#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "fit_summary.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "target_column.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/read_documents.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {

enum class ProjectMethod : std::uint8_t { umap };
template <>
struct EnumNames<ProjectMethod> {
  static constexpr std::array<std::string_view, 1> names{"umap"};
};

namespace cli {
namespace {

constexpr std::array kShortcuts = {
    Shortcut{"--method", "method"},
    Shortcut{"--components", "n_components"},
    Shortcut{"--neighbors", "umap.n_neighbors"},
    Shortcut{"--metric", "umap.metric"},
    Shortcut{"--min-dist", "umap.min_dist"},
};

/// What every method needs, then a group of options per method.
struct ProjectOptions {
  ProjectMethod method = ProjectMethod::umap;
  std::optional<int> n_components = {};
  UmapOptions umap = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("method", s.method, any_value(), "How the vectors are reduced.");
    v("n_components", s.n_components, at_least(1),
      "Columns of the result, for whatever method (unset: the method's own option).");
    v("umap", s.umap);
  }
};

struct ProjectArgs {
  std::string input = {};
  std::string output = {};
  NpyType dtype = NpyType::f32;
  std::vector<std::string> target_files = {};
  std::string target_name = {};
  TargetType target_type = TargetType::labels;
  ProjectOptions options = {};
};

Result<TargetColumn> read_target(const ProjectArgs& args, RunContext& run) {
  if (args.target_files.empty()) return TargetColumn{};
  // The column of the documents is the one that must exist; here it is the target.
  TG_TRY(const DocumentTable table,
         read_documents(args.target_files, {.text = args.target_name}, run));
  return target_column(table.columns.columns[table.text_column], args.target_type);
}

Result<Matrix<float>> project_by_umap(const ProjectOptions& options, MatrixView<const float> x,
                                      const UmapTargets& targets, RunContext& run) {
  UmapOptions umap_options = options.umap;
  if (options.n_components) umap_options.n_components = *options.n_components;
  TG_TRY(auto result, umap(x, targets, umap_options, run));
  return std::move(result.coords);
}

Result<Matrix<float>> project_rows(const ProjectOptions& options, MatrixView<const float> x,
                                   const UmapTargets& targets, RunContext& run) {
  switch (options.method) {
    case ProjectMethod::umap: break;
  }
  return project_by_umap(options, x, targets, run);
}

void print_projection(const Matrix<float>& x, const Matrix<float>& coords, const RunContext& run) {
  fmt::print(stderr, "\n  vectors       {} x {}\n  result        {} x {}\n", x.rows(), x.cols(),
             coords.rows(), coords.cols());
  for (const std::string& warning : run.warnings()) {
    fmt::print(stderr, "  warning       {}\n", warning);
  }
  print_stages(run);
}

Result<void> run_project(const ProjectArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  run.set_plan({{"read", 0.02}, {"neighbors", 0.3}, {"layout", 0.7}});
  // An unwritable place must be known before the minutes of work, not after.
  TG_TRY(auto file, AtomicFile::create(args.output));
  TG_TRY(const TargetColumn target, read_target(args, run));
  Matrix<float> x;
  {
    const Stage stage(run, "read");
    TG_TRY(x, read_npy(args.input, {}, run));
  }
  TG_TRY(const Matrix<float> coords, project_rows(args.options, x.view(), target.view(), run));
  TG_TRY(auto writer, NpyWriter::begin(std::move(file), coords.cols(), args.dtype));
  TG_TRY(writer.append(coords.view()));
  if (run.stop_requested()) return cancelled();
  TG_TRY(writer.commit());
  print_projection(x, coords, run);
  return {};
}

void add_target_flags(CLI::App& command, ProjectArgs& args) {
  constexpr const char* group = "Target";
  auto* file = command
                   .add_option("--target", args.target_files,
                               "Table with what is known of every row, in the order of the vectors")
                   ->type_name("FILE")
                   ->group(group)
                   ->take_last();
  auto* column = command
                     .add_option("--target-column", args.target_name,
                                 "Its column with the classes or numbers; empty: unknown class")
                     ->type_name("COLUMN")
                     ->group(group)
                     ->needs(file);
  file->needs(column);
  add_target_type(command, args.target_type, group)->needs(file);
}

}  // namespace

void add_project(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("project", "Reduce vectors to a few dimensions");
  auto args = std::make_shared<ProjectArgs>();
  command->add_option("INPUT", args->input, "Vectors (n, d): .npy, float32, float16 or float64")
      ->required()
      ->type_name("X.npy");
  command->add_option("-o,--output", args->output, "File to write: .npy (n, components)")
      ->required()
      ->type_name("Y.npy");
  command
      ->add_option_function<std::string>(
          "--dtype",
          [args](const std::string& name) {
            args->dtype = name == "f16" ? NpyType::f16 : NpyType::f32;
          },
          "Numbers of the file: f32, or f16 for half the size")
      ->check(CLI::IsMember({"f32", "f16"}))
      ->default_str("f32");
  add_target_flags(*command, *args);
  add_run_options(*command, session);
  auto flags = std::make_shared<OptionFlags>(*command, list_options(args->options), kShortcuts);
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(args->options, settings));
      TG_TRY(validate_options(args->options));
      return run_project(*args, session);
    };
  });
}

}  // namespace cli
}  // namespace topograph
