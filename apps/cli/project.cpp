#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "fit_summary.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "project_axes.hpp"
#include "session.hpp"
#include "target_column.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/read_documents.hpp"
#include "topograph/reduce/pca.hpp"
#include "topograph/reduce/tsne.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {

enum class ProjectMethod : std::uint8_t { umap, tsne, pca, svd, none };
template <>
struct EnumNames<ProjectMethod> {
  static constexpr std::array<std::string_view, 5> names{"umap", "tsne", "pca", "svd", "none"};
};

namespace cli {
namespace {

constexpr std::array kShortcuts = {
    Shortcut{"--method", "method"},
    Shortcut{"--components", "n_components"},
    Shortcut{"--neighbors", "umap.n_neighbors"},
    Shortcut{"--metric", "metric"},
    Shortcut{"--min-dist", "umap.min_dist"},
    Shortcut{"--perplexity", "tsne.perplexity"},
};

/// What every method needs, then a group of options per method.
struct ProjectOptions {
  ProjectMethod method = ProjectMethod::umap;
  std::optional<int> n_components = {};
  std::optional<Metric> metric = {};
  NeighborOptions neighbors = {};
  UmapOptions umap = {};
  TsneOptions tsne = {};
  PcaOptions pca = {};
  SvdOptions svd = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("method", s.method, any_value(),
      "How the vectors are reduced; none keeps them (to write them as --dtype).");
    v("n_components", s.n_components, at_least(1),
      "Columns of the result, for whatever method (unset: the method's own option).");
    v("metric", s.metric, any_value(),
      "Distance between vectors (unset: the method's own option).");
    v("neighbors", s.neighbors);
    v("umap", s.umap);
    v("tsne", s.tsne);
    v("pca", s.pca);
    v("svd", s.svd);
  }
};

struct ProjectArgs {
  std::string input = {};
  std::string output = {};
  NpyType dtype = NpyType::f32;
  std::vector<std::string> target_files = {};
  std::string target_name = {};
  TargetType target_type = TargetType::labels;
  std::string start = {};
  std::string radii = {};
  ProjectOptions options = {};
};

/// What is reduced and what is known of it.
struct ProjectInput {
  Matrix<float> x = {};
  TargetColumn target = {};
  Matrix<float> start = {};  ///< Empty: by `init`.
};

struct Projection {
  Matrix<float> coords = {};
  Matrix<float> radii = {};  ///< (n, 2) log radii of rows and places, where wanted.
  std::optional<NeighborReport> search = {};
};

Result<TargetColumn> read_target(const ProjectArgs& args, RunContext& run) {
  if (args.target_files.empty()) return TargetColumn{};
  // The column of the documents is the one that must exist; here it is the target.
  TG_TRY(const DocumentTable table,
         read_documents(args.target_files, {.text = args.target_name}, run));
  return target_column(table.columns.columns[table.text_column], args.target_type);
}

Result<Projection> project_by_umap(const ProjectOptions& options, const ProjectInput& input,
                                   RunContext& run) {
  UmapOptions umap_options = options.umap;
  if (options.n_components) umap_options.n_components = *options.n_components;
  if (options.metric) umap_options.metric = *options.metric;
  TG_TRY(auto result, umap({.x = input.x.view(),
                            .targets = input.target.view(),
                            .start = input.start.view(),
                            .search = options.neighbors},
                           umap_options, run));
  Projection found{.coords = std::move(result.coords), .search = result.search};
  if (!umap_options.output_dens) return found;
  found.radii = Matrix<float>(found.coords.rows(), 2);
  for (std::size_t r = 0; r < found.radii.rows(); ++r) {
    found.radii[r, 0] = result.log_radii[r];
    found.radii[r, 1] = result.layout_log_radii[r];
  }
  return found;
}

Result<Projection> project_by_tsne(const ProjectOptions& options, MatrixView<const float> x,
                                   RunContext& run) {
  TsneOptions tsne_options = options.tsne;
  if (options.n_components) tsne_options.n_components = *options.n_components;
  if (options.metric) tsne_options.metric = *options.metric;
  TG_TRY(auto result, tsne(x, tsne_options, run, options.neighbors));
  return Projection{.coords = std::move(result.coords), .search = result.search};
}

Result<Matrix<float>> project_by_pca(const ProjectOptions& options, MatrixView<const float> x,
                                     RunContext& run) {
  const Stage stage(run, "components");
  TG_TRY(const Pca pca, fit_pca(x, options.pca, run));
  return apply_pca(pca, x, run);
}

Result<Matrix<float>> project_by_svd(const ProjectOptions& options, MatrixView<const float> x,
                                     RunContext& run) {
  const Stage stage(run, "components");
  TG_TRY(const Pca axes, fit_svd(x, options.svd, run));
  return apply_pca(axes, x, run);
}

Result<Projection> project_rows(const ProjectOptions& options, ProjectInput input,
                                RunContext& run) {
  Projection found;
  switch (options.method) {
    case ProjectMethod::umap: return project_by_umap(options, input, run);
    case ProjectMethod::tsne: return project_by_tsne(options, input.x.view(), run);
    case ProjectMethod::pca: {
      TG_TRY(found.coords, project_by_pca(options, input.x.view(), run));
      break;
    }
    case ProjectMethod::svd: {
      TG_TRY(found.coords, project_by_svd(options, input.x.view(), run));
      break;
    }
    case ProjectMethod::none: found.coords = std::move(input.x); break;
  }
  return found;
}

Result<void> check_umap(const ProjectArgs& args) {
  const bool is_umap = args.options.method == ProjectMethod::umap;
  const std::string found = "found method " + std::string(enum_name(args.options.method));
  if (!args.target_files.empty() && !is_umap) {
    return option_error("--target", "only method umap knows targets, " + found);
  }
  if (!args.start.empty() && !is_umap) {
    return option_error("--start", "only method umap starts from given positions, " + found);
  }
  if (!args.radii.empty() && !is_umap) {
    return option_error("--radii", "only method umap measures radii, " + found);
  }
  if (args.options.umap.output_dens && args.radii.empty()) {
    return option_error("umap.output_dens", "needs a place for the radii: --radii FILE.npy");
  }
  return {};
}

/// Refuses what the chosen method would ignore.
Result<void> check_method(const ProjectArgs& args, const std::vector<OptionSetting>& settings) {
  const ProjectOptions& options = args.options;
  const std::string method(enum_name(options.method));
  const std::string found = "found method " + method;
  const bool has_distances =
      options.method == ProjectMethod::umap || options.method == ProjectMethod::tsne;
  for (const OptionSetting& setting : settings) {
    const std::string group = setting.path.substr(0, setting.path.find('.'));
    if (group == setting.path || group == method) continue;
    if (group == "neighbors") {
      if (has_distances) continue;
      return option_error(setting.path, "only methods umap and tsne search neighbours, " + found);
    }
    return option_error(setting.path, "is an option of method " + group + ", " + found);
  }
  TG_TRY(check_umap(args));
  if (options.metric && !has_distances) {
    return option_error("metric", "only methods umap and tsne measure distances, " + found);
  }
  if (is_sparse_file(args.input) && options.method != ProjectMethod::svd) {
    return option_error("method", "expected svd for a sparse matrix, " + found);
  }
  if (options.n_components && options.method == ProjectMethod::none) {
    return option_error("n_components", "method none keeps all columns");
  }
  return {};
}

std::vector<PlannedStage> plan_of(ProjectMethod method) {
  if (method == ProjectMethod::none) return {{"read", 1.0}};
  if (method == ProjectMethod::pca) return {{"read", 0.3}, {"components", 0.5}, {"scores", 0.2}};
  if (method == ProjectMethod::svd) return {{"read", 0.3}, {"components", 0.7}};
  if (method == ProjectMethod::tsne) {
    return {
        {"read", 0.02}, {"neighbors", 0.3}, {"affinities", 0.02}, {"start", 0.02}, {"layout", 0.7}};
  }
  return {{"read", 0.02}, {"neighbors", 0.3}, {"layout", 0.7}};
}

void print_projection(const Projected& shape, const std::optional<NeighborReport>& search,
                      const RunContext& run) {
  fmt::print(stderr, "\n  vectors       {} x {}\n  result        {} x {}\n", shape.rows,
             shape.columns, shape.rows, shape.components);
  if (search) {
    const bool is_exact = search->method == NeighborMethod::exact;
    fmt::print(stderr, "  neighbors     {}\n",
               search_text(enum_name(search->method), is_exact ? "" : enum_name(search->storage),
                           search->recall.value_or(0)));
  }
  for (const std::string& warning : run.warnings()) {
    fmt::print(stderr, "  warning       {}\n", warning);
  }
  print_stages(run);
}

Result<ProjectInput> read_input(const ProjectArgs& args, RunContext& run) {
  ProjectInput input;
  TG_TRY(input.target, read_target(args, run));
  const Stage stage(run, "read");
  TG_TRY(input.x, read_npy(args.input, {}, run));
  if (!args.start.empty()) {
    TG_TRY(input.start, read_npy(args.start, {}, run));
  }
  return input;
}

Result<void> write_radii(AtomicFile file, const Matrix<float>& radii) {
  TG_TRY(auto writer, NpyWriter::begin(std::move(file), radii.cols(), NpyType::f32));
  TG_TRY(writer.append(radii.view()));
  return writer.commit();
}

Result<void> write_projection(const ProjectArgs& args, AtomicFile file, std::size_t columns,
                              const Projection& made, RunContext& run) {
  const Matrix<float>& coords = made.coords;
  TG_TRY(auto writer, NpyWriter::begin(std::move(file), coords.cols(), args.dtype));
  TG_TRY(writer.append(coords.view()));
  if (run.stop_requested()) return cancelled();
  TG_TRY(writer.commit());
  print_projection({coords.rows(), columns, coords.cols()}, made.search, run);
  return {};
}

Result<void> run_project(const ProjectArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  run.set_plan(plan_of(args.options.method));
  // An unwritable place must be known before the minutes of work, not after.
  TG_TRY(auto file, AtomicFile::create(args.output));
  std::optional<AtomicFile> radii_file;
  if (!args.radii.empty()) {
    TG_TRY(auto created, AtomicFile::create(args.radii));
    radii_file.emplace(std::move(created));
  }
  ProjectOptions options = args.options;
  options.pca.n_components = options.n_components.value_or(options.pca.n_components);
  options.svd.n_components = options.n_components.value_or(options.svd.n_components);
  if (options.method == ProjectMethod::pca) {
    TG_TRY(const auto source, NpyRows::open(args.input));
    if (uses_exact_pca(options.pca, source->rows(), source->cols())) {
      TG_TRY(const Projected shape,
             project_rows_by_pca(*source, options.pca, std::move(file), args.dtype, run));
      print_projection(shape, {}, run);
      return {};
    }
  }
  if (is_sparse_file(args.input)) {
    TG_TRY(const Csr<float> x, read_sparse(args.input));
    TG_TRY(auto scores, project_sparse_by_svd(x, options.svd, run));
    return write_projection(args, std::move(file), x.cols(), {.coords = std::move(scores)}, run);
  }
  TG_TRY(ProjectInput input, read_input(args, run));
  const std::size_t columns = input.x.cols();
  TG_TRY(const Projection found, project_rows(options, std::move(input), run));
  TG_TRY(write_projection(args, std::move(file), columns, found, run));
  if (radii_file) {
    TG_TRY(write_radii(std::move(*radii_file), found.radii));
  }
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
  command
      ->add_option(
          "INPUT", args->input,
          "Vectors (n, d): .npy, float32, float16 or float64; for svd also sparse: .safetensors "
          "with data, indices, indptr and shape")
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
  command
      ->add_option("--start", args->start,
                   "Where the rows start instead of umap.init: .npy (n, components)")
      ->type_name("START.npy");
  command
      ->add_option_function<std::string>(
          "--radii",
          [args](const std::string& path) {
            args->radii = path;
            args->options.umap.output_dens = true;
          },
          "Also write the log of every row's local radius and of that of its place: .npy (n, 2)")
      ->type_name("R.npy");
  add_target_flags(*command, *args);
  add_run_options(*command, session);
  auto flags = std::make_shared<OptionFlags>(*command, list_options(args->options), kShortcuts);
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(args->options, settings));
      TG_TRY(validate_options(args->options));
      TG_TRY(check_method(*args, settings));
      return run_project(*args, session);
    };
  });
}

}  // namespace cli
}  // namespace topograph
