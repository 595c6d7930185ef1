#include "model/read_model.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

Result<void> read_growth(TopicModel::Data& data, const ArrayFile& arrays,
                         const std::filesystem::path& path) {
  if (arrays.contains("online.is_waiting")) {
    TG_TRY(data.is_waiting, arrays.bytes("online.is_waiting"));
  }
  if (arrays.contains("online.term_weights")) {
    TG_TRY(data.term_weights, arrays.doubles("online.term_weights"));
  }
  const std::size_t n = data.points.size();
  if ((!data.is_waiting.empty() && data.is_waiting.size() != n) ||
      (!data.term_weights.empty() && data.term_weights.size() != n)) {
    return damaged(path, "the online arrays do not agree in length");
  }
  return {};
}

Result<void> read_steering(TopicModel::Data& data, const ArrayFile& arrays,
                           const std::filesystem::path& path) {
  const FitOptions& options = data.options;
  if (arrays.contains("guided.vectors")) {
    TG_TRY(data.seed_vectors, arrays.matrix("guided.vectors"));
    if (data.seed_vectors.rows() != options.guided.topics.size() + 1 ||
        data.seed_vectors.cols() != data.dimension) {
      return damaged(path, "guided.vectors has a wrong shape");
    }
  }
  if (!arrays.contains("zeroshot.vectors")) return {};
  TG_TRY(data.matches.vectors, arrays.matrix("zeroshot.vectors"));
  TG_TRY(data.matches.of_point, arrays.int32s("zeroshot.of_point"));
  const auto n_names = narrow<std::int32_t>(options.zeroshot.topics.size());
  if (data.matches.vectors.rows() != idx(n_names) ||
      data.matches.vectors.cols() != data.dimension ||
      data.matches.of_point.size() != data.points.size()) {
    return damaged(path, "the zeroshot arrays have a wrong shape");
  }
  for (const std::int32_t name : data.matches.of_point) {
    if (name < -1 || name >= n_names) return damaged(path, "zeroshot.of_point is out of range");
  }
  return {};
}

}  // namespace topograph
