#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "document_columns.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/report/report.hpp"

namespace topograph::cli {

/// Where a model comes from, as its manifest says.
struct Provenance {
  std::string_view input_json = {};
  std::uint64_t seed = 0;
};

/// The report page of a model, with the documents' texts and columns from the shell.
[[nodiscard]] Result<std::string> model_report(const TopicModel& model,
                                               const DocumentColumns& documents,
                                               const Provenance& provenance,
                                               const ReportOptions& options, RunContext& run);

}  // namespace topograph::cli
