#pragma once

#include <source_location>

namespace topograph::detail {

[[noreturn]] void expectation_failed(const char* condition, std::source_location at);

}  // namespace topograph::detail

/// States a precondition that only a programming mistake can break; aborts with its location.
#define TG_EXPECTS(...)                                                                       \
  do {                                                                                        \
    if (!(__VA_ARGS__))                                                                       \
      ::topograph::detail::expectation_failed(#__VA_ARGS__, std::source_location::current()); \
  } while (false)
