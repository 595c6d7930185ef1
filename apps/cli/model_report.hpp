#pragma once

#include <string>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/report/report.hpp"

namespace topograph::cli {

/// The report page of a model, with the documents' texts from the shell.
[[nodiscard]] Result<std::string> model_report(const TopicModel& model, const TextColumn& texts,
                                               const TextColumn* titles,
                                               const ReportOptions& options, RunContext& run);

}  // namespace topograph::cli
