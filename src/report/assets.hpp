#pragma once

#include <string_view>

/// The parts of the page that do not depend on the data, built from web/ and compiled in.
namespace topograph::detail {

[[nodiscard]] std::string_view report_html();  ///< Content of <body>.
[[nodiscard]] std::string_view report_css();
[[nodiscard]] std::string_view report_js();

}  // namespace topograph::detail
