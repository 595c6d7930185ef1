#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "topograph/core/options.hpp"
#include "topograph/plot/document_map.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/topic_bars.hpp"

namespace topograph {

enum class PlotKind : std::uint8_t { documents, barchart };
template <>
struct EnumNames<PlotKind> {
  static constexpr std::array<std::string_view, 2> names{"documents", "barchart"};
};

namespace cli {

/// Options of all kinds: `figure` for every one, then a group for each that has its own. A group
/// has the name of its kind, with _ for -.
struct PlotOptions {
  FigureOptions figure = {};
  DocumentMapOptions documents = {};
  BarchartOptions barchart = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("figure", s.figure);
    v("documents", s.documents);
    v("barchart", s.barchart);
  }
};

}  // namespace cli
}  // namespace topograph
