#pragma once

#include <memory>
#include <string>

#include "topograph/core/progress.hpp"

namespace topograph::cli {

/// Progress on stderr: a bar on a terminal, a line per finished stage (`plain`), JSON lines, or
/// nothing. `auto` is the bar on a terminal and `plain` otherwise.
[[nodiscard]] std::unique_ptr<ProgressSink> make_progress_display(const std::string& mode);

}  // namespace topograph::cli
