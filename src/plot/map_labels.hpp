#pragma once

#include <string>
#include <vector>

#include "plot/canvas.hpp"
#include "topograph/plot/document_map.hpp"

namespace topograph::detail {

/// The drawn documents of one topic.
struct MapGround {
  const FigureTopic* topic = nullptr;
  std::vector<Point> members = {};
};

/// The labels of a map: broken into lines first, because their widths decide what room the map has.
class MapLabelTexts {
 public:
  MapLabelTexts(Canvas& canvas, const FigureTopics& topics, const DocumentMapOptions& options);

  /// What is left of `body` between the columns of labels.
  [[nodiscard]] Box map_room(const Box& body) const;
  void draw(Canvas& canvas, const std::vector<MapGround>& grounds, const Box& room) const;

 private:
  struct Text {
    std::size_t topic = 0;  ///< Position in the figure's topics.
    std::vector<std::string> lines = {};
    TextStyle style = {};
    double width = 0;
    double height = 0;
    double line_height = 0;
  };
  std::vector<Text> texts_ = {};
  MapLabels where_;
  double column_width_ = 0;
  double gap_ = 4;
};

}  // namespace topograph::detail
