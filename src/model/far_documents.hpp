#pragma once

#include <cstdint>
#include <vector>

#include "model/model_data.hpp"

namespace topograph {

/// 1 for every new vector that is less like the centroid of its topic than all but a `share` of
/// the topic's own documents are (copies counted); 0 without a topic and with share 0.
[[nodiscard]] std::vector<std::uint8_t> far_documents(const TopicModel::Data& data,
                                                      const Matrix<float>& vectors,
                                                      const std::vector<std::int32_t>& topics,
                                                      double share);

}  // namespace topograph
