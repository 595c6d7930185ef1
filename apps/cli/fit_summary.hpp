#pragma once

#include <string>
#include <string_view>

#include "topograph/core/document_table.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {

/// What the summary tells besides the model.
struct FitOutcome {
  std::string output = {};
  bool has_report = true;
  std::string reused = {};  ///< Blocks that were not embedded again; may be empty.
};

/// Documents, topics, outliers, then time and peak memory per stage, on stderr.
void print_fit_summary(const TopicModel& model, const DocumentTable& documents,
                       const RunContext& run, const FitOutcome& outcome);

/// Time and peak memory of each stage, on stderr.
void print_stages(const RunContext& run);

/// "approximate, int8, recall 0.958"; "exact" says all by itself.
[[nodiscard]] std::string search_text(std::string_view method, std::string_view storage,
                                      double recall);

}  // namespace topograph::cli
