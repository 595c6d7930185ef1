#include "plot/name_room.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "topograph/plot/text_ruler.hpp"

namespace topograph::detail {

double name_room(std::span<const std::string> names, const FigureOptions& figure, double scale,
                 double most) {
  TextRuler ruler(figure.font);
  double widest = 0;
  const std::set<std::string_view> different(names.begin(), names.end());
  for (const std::string_view name : different) {
    widest = std::max(widest, ruler.measure(name, {.size = figure.font_size * scale}).width);
  }
  return std::min(widest, most * figure.font_size);
}

double name_room(const FigureTopics& topics, const FigureOptions& figure, double scale,
                 double most) {
  std::vector<std::string> names;
  for (const FigureTopic& topic : topics.topics) names.push_back(topic.name());
  return name_room(names, figure, scale, most);
}

}  // namespace topograph::detail
