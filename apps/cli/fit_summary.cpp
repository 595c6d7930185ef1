#include "fit_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace topograph::cli {
namespace {

std::string memory_text(std::size_t bytes) {
  const double mib = static_cast<double>(bytes) / (1024.0 * 1024.0);
  return mib >= 1024 ? fmt::format("{:.2f} GiB", mib / 1024) : fmt::format("{:.0f} MiB", mib);
}

double percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void print_cluster_number(const ClusterNumber& number) {
  if (number.curve.empty()) return;
  fmt::print(stderr, "  {:<14}{} of the numbers tried\n", "chosen by", number.criterion);
  for (const ClusterNumber::Tried& tried : number.curve) {
    fmt::print(stderr, "  {:<14}{:>4}  {:.4f}{}\n", "", tried.n_clusters, tried.score,
               tried.n_clusters == number.chosen ? "  <- chosen" : "");
  }
}

}  // namespace

void print_stages(const RunContext& run) {
  double seconds = 0;
  std::size_t peak = 0;
  fmt::print(stderr, "\n  {:<14}{:>9}  {:>10}\n", "stage", "seconds", "peak");
  for (const StageRecord& stage : run.stage_records()) {
    fmt::print(stderr, "  {:<14}{:>9.2f}  {:>10}\n", stage.name, stage.seconds,
               memory_text(stage.peak_bytes));
    seconds += stage.seconds;
    peak = std::max(peak, stage.peak_bytes);
  }
  fmt::print(stderr, "  {:<14}{:>9.2f}  {:>10}\n", "all", seconds, memory_text(peak));
}

std::string search_text(std::string_view method, std::string_view storage, double recall) {
  std::string text(method);
  if (!storage.empty()) text += fmt::format(", {}", storage);
  if (recall > 0) text += fmt::format(", recall {:.3f}", recall);
  return text;
}

void print_fit_summary(const TopicModel& model, const DocumentTable& documents,
                       const RunContext& run, const FitOutcome& outcome) {
  const FitFacts& facts = model.facts();
  const auto line = [](const char* name, const std::string& value) {
    fmt::print(stderr, "  {:<14}{}\n", name, value);
  };
  fmt::print(stderr, "\n");
  line("documents", std::to_string(facts.n_documents));
  if (facts.n_empty > 0) line("empty", fmt::format("{} (topic -1)", facts.n_empty));
  if (facts.n_duplicates > 0)
    line("identical", fmt::format("{} folded into an earlier one", facts.n_duplicates));
  if (facts.n_truncated > 0)
    line("truncated", fmt::format("{} longer than the model's limit", facts.n_truncated));
  if (!facts.precision.empty()) line("precision", facts.precision);
  line("neighbors", search_text(facts.neighbors, facts.neighbor_storage, facts.neighbor_recall));
  if (documents.n_invalid_utf8 > 0)
    line("invalid UTF-8",
         fmt::format("{} documents, bytes replaced by U+FFFD", documents.n_invalid_utf8));
  if (!outcome.reused.empty()) line("reused", outcome.reused);
  line("topics", std::to_string(facts.n_topics));
  if (const auto wanted = model.zeroshot_topics(); !wanted.empty()) {
    line("by name",
         fmt::format("{} of {} names",
                     wanted.size() - static_cast<std::size_t>(std::ranges::count(wanted, -1)),
                     wanted.size()));
  }
  if (facts.resolution > 0 && !model.options().communities.resolution) {
    line("resolution", fmt::format("{:.3g} (auto)", facts.resolution));
  }
  print_cluster_number(model.cluster_number());
  line("without topic", fmt::format("{} ({:.1f} %)", facts.n_outliers,
                                    percent(facts.n_outliers, facts.n_documents)));
  print_stages(run);
  namespace fs = std::filesystem;
  const fs::path output = outcome.output;
  fmt::print(stderr, "\n  model   {}\n", output.string());
  if (outcome.has_report) {
    fmt::print(stderr, "  report  {}\n", (output / "report.html").string());
  }
}

}  // namespace topograph::cli
