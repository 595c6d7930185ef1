#pragma once

#include <string>

#include "topograph/core/document_table.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {

/// Documents, topics, outliers, then time and peak memory per stage, on stderr.
void print_fit_summary(const TopicModel& model, const DocumentTable& documents,
                       const RunContext& run, const std::string& output, bool has_report);

/// Time and peak memory of each stage, on stderr.
void print_stages(const RunContext& run);

}  // namespace topograph::cli
