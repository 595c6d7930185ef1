#pragma once

#include <cstdint>
#include <string>

#include "document_columns.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/report/report.hpp"

namespace topograph::cli {

/// The report page of a model, with the documents' texts and columns from the shell and
/// the seed of its fit.
[[nodiscard]] Result<std::string> model_report(const TopicModel& model,
                                               const DocumentColumns& documents, std::uint64_t seed,
                                               const ReportOptions& options, RunContext& run);

}  // namespace topograph::cli
