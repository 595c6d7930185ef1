#pragma once

#include <type_traits>
#include <utility>

#include "topograph/core/expects.hpp"

namespace topograph {

/// Converts between integer types; aborts when the value does not fit (checked once at a border).
template <class To, class From>
[[nodiscard]] constexpr To narrow(From value) {
  static_assert(std::is_integral_v<To> && std::is_integral_v<From>);
  TG_EXPECTS(std::in_range<To>(value));
  return static_cast<To>(value);
}

/// Index helper: a non-negative signed id as an array index.
template <class From>
[[nodiscard]] constexpr std::size_t idx(From value) {
  return static_cast<std::size_t>(value);
}

}  // namespace topograph
