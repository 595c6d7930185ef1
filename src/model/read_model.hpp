#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "model/model_data.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/error.hpp"

namespace topograph {

/// The error of a file that no fit wrote like this.
[[nodiscard]] std::unexpected<Error> damaged(const std::filesystem::path& file,
                                             const std::string& what);

/// The seeds and names that steered the fit.
[[nodiscard]] Result<void> read_steering(TopicModel::Data& data, const ArrayFile& arrays,
                                         const std::filesystem::path& path);

/// What partial fits left.
[[nodiscard]] Result<void> read_growth(TopicModel::Data& data, const ArrayFile& arrays,
                                       const std::filesystem::path& path);

}  // namespace topograph
