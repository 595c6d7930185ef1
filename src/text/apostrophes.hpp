#pragma once

#include <string>

namespace topograph {

/// Replaces U+2019, the typographic apostrophe, by the plain one, so that both spellings of "don't"
/// are one word.
void straighten_apostrophes(std::string& text);

}  // namespace topograph
