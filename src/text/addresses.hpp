#pragma once

#include <string_view>
#include <vector>

#include "topograph/text/words.hpp"

namespace topograph {

/// Leaves out the tokens that are parts of web addresses (with "://" or "www."), e-mail addresses
/// and HTML entities ("&amp;"). Addresses end at white space, quotes, brackets, and characters that
/// are not ASCII.
/// @param tokens  Of `text`, in order.
void drop_addresses(std::string_view text, std::vector<TokenSpan>& tokens);

}  // namespace topograph
