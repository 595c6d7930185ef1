#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph::test {

/// n topics called "topic <id> label" with `n_words` words each, larger ones first.
inline FigureTopics topics_of(std::size_t n, std::size_t n_words = 10) {
  FigureTopics figure{.n_in_model = n};
  for (std::size_t i = 0; i < n; ++i) {
    FigureTopic topic{.id = static_cast<std::int32_t>(i),
                      .count = static_cast<std::int64_t>(10 * (n - i)),
                      .label = "label of " + std::to_string(i),
                      .color = {static_cast<std::uint8_t>(i * 37 % 200), 90, 120}};
    for (std::size_t w = 0; w < n_words; ++w) {
      topic.words.push_back({"word" + std::to_string(w), 1.0 / static_cast<double>(w + 1)});
    }
    figure.topics.push_back(std::move(topic));
  }
  return figure;
}

inline std::vector<TextMark> texts_of(const Scene& scene) {
  std::vector<TextMark> texts;
  for (const Mark& mark : scene.marks) {
    if (const auto* text = std::get_if<TextMark>(&mark)) texts.push_back(*text);
  }
  return texts;
}

inline std::size_t n_texts(const Scene& scene, std::string_view part) {
  const auto texts = texts_of(scene);
  return static_cast<std::size_t>(std::ranges::count_if(
      texts, [part](const TextMark& text) { return text.text.find(part) != std::string::npos; }));
}

inline std::size_t n_dots(const Scene& scene) {
  std::size_t n = 0;
  for (const Mark& mark : scene.marks) {
    if (const auto* dots = std::get_if<DotsMark>(&mark)) n += dots->centers.size();
  }
  return n;
}

/// Everything has numbers for positions and lies on the page.
inline bool is_on_page(const Scene& scene) {
  const auto is_inside = [&](Point p) {
    return std::isfinite(p.x) && std::isfinite(p.y) && p.x >= -1 && p.y >= -1 &&
           p.x <= scene.width + 1 && p.y <= scene.height + 1;
  };
  for (const Mark& mark : scene.marks) {
    if (const auto* dots = std::get_if<DotsMark>(&mark)) {
      if (!std::ranges::all_of(dots->centers, is_inside)) return false;
    } else if (const auto* text = std::get_if<TextMark>(&mark)) {
      if (!is_inside(text->left)) return false;
      if (text->angle == 0 && text->left.x + text->width > scene.width + 1) return false;
    } else {
      for (const PathStep& step : std::get<PathMark>(mark).steps) {
        if (step.kind != PathStep::Kind::close && !is_inside(step.to)) return false;
      }
    }
  }
  return true;
}

}  // namespace topograph::test
