#pragma once

#include <string>
#include <string_view>

#include "document_columns.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/report/report.hpp"

namespace topograph::cli {

/// The report page of a model, with the documents' texts and columns from the shell.
/// @param input_json  What the manifest says about the input; `fit` has it before the model does.
[[nodiscard]] Result<std::string> model_report(const TopicModel& model,
                                               const DocumentColumns& documents,
                                               std::string_view input_json,
                                               const ReportOptions& options, RunContext& run);

}  // namespace topograph::cli
