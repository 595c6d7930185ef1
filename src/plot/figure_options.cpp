#include "topograph/plot/figure_options.hpp"

#include <fmt/format.h>

#include <charconv>

namespace topograph {
namespace {

struct Unit {
  std::string_view name;
  double points;
};
constexpr std::array kUnits = {Unit{"", 72.0},          Unit{"in", 72.0}, Unit{"cm", 72.0 / 2.54},
                               Unit{"mm", 72.0 / 25.4}, Unit{"pt", 1.0},  Unit{"px", 0.75}};

/// Reads a number at the beginning of `text` and removes it.
bool take_number(std::string_view& text, double& value) {
  const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return true;
}

}  // namespace

Result<FigureSize> figure_size(const std::string& size, FigureSize usual) {
  if (size.empty()) return usual;
  std::string_view rest = size;
  double width = 0;
  double height = 0;
  bool is_read = take_number(rest, width) && rest.starts_with('x');
  if (is_read) rest.remove_prefix(1);
  is_read = is_read && take_number(rest, height);
  const Unit* unit = nullptr;
  for (const Unit& candidate : kUnits) {
    if (candidate.name == rest) unit = &candidate;
  }
  if (!is_read || unit == nullptr) {
    return option_error("figure.size",
                        fmt::format("expected WIDTHxHEIGHT with the unit in (or none), cm, mm, pt "
                                    "or px, found '{}'",
                                    size),
                        "write for example 7x5, 180x120mm or 1200x750px");
  }
  const FigureSize found{width * unit->points, height * unit->points};
  constexpr double smallest = 36;
  constexpr double largest = 72000;
  const auto fits = [](double side) { return side >= smallest && side <= largest; };
  if (!fits(found.width) || !fits(found.height)) {
    return option_error(
        "figure.size",
        fmt::format("expected 0.5 to 1000 inches, found {:.4g} x {:.4g} inches", found.width / 72,
                    found.height / 72),
        rest.empty() ? "numbers without a unit are inches; pixels are 1200x750px" : "");
  }
  return found;
}

}  // namespace topograph
