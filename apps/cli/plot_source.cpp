#include "plot_source.hpp"

#include <map>
#include <utility>

namespace topograph::cli {
namespace {

TopicPlaces middles(const DocumentTopics& documents) {
  struct Sum {
    double x = 0;
    double y = 0;
    double n = 0;
  };
  std::map<std::int32_t, Sum> sums;
  for (std::size_t row = 0; row < documents.topics.size(); ++row) {
    if (documents.topics[row] < 0 || documents.is_placed[row] == 0) continue;
    Sum& sum = sums[documents.topics[row]];
    sum.x += static_cast<double>(documents.positions[row, 0]);
    sum.y += static_cast<double>(documents.positions[row, 1]);
    sum.n += 1;
  }
  TopicPlaces places;
  for (const auto& [id, sum] : sums) {
    places.ids.push_back(id);
    places.places.push_back({sum.x / sum.n, sum.y / sum.n});
  }
  return places;
}

}  // namespace

PlotSource::PlotSource(std::filesystem::path folder, TopicModel model)
    : folder_(std::move(folder)), model_(std::move(model)), places_(middles(model_.documents())) {}

Result<PlotSource> PlotSource::open(const std::filesystem::path& folder) {
  TG_TRY(auto model, TopicModel::load(folder));
  return PlotSource(folder, std::move(model));
}

}  // namespace topograph::cli
