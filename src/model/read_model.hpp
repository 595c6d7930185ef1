#pragma once

#include <filesystem>

#include "model/model_data.hpp"
#include "model/stored_json.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/error.hpp"

namespace topograph {

/// The seeds and names that steered the fit.
[[nodiscard]] Result<void> read_steering(TopicModel::Data& data, const ArrayFile& arrays,
                                         const std::filesystem::path& path);

/// What partial fits left.
[[nodiscard]] Result<void> read_growth(TopicModel::Data& data, const ArrayFile& arrays,
                                       const std::filesystem::path& path);

}  // namespace topograph
