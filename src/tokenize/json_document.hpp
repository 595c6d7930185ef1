#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "topograph/core/error.hpp"

namespace topograph::detail {

/// Parses a JSON document.
///
/// Numbers with a fraction are read as the peer's parser reads them: the digits as an integer times
/// or over a power of ten, which is the last bit off in one number out of seven. Two ways to split
/// a word that tie in exact arithmetic are told apart by that bit.
/// @error parse, with the line and column of the damage.
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view json, std::string_view where);

/// The value of a JSON number that has a fraction or an exponent; infinite when out of range.
[[nodiscard]] double read_number(std::string_view literal);

}  // namespace topograph::detail
