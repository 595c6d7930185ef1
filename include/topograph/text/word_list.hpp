#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"

namespace topograph {

/// A text without ASCII white space at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Parts of a text between separators: trimmed, blank ones left out.
[[nodiscard]] std::vector<std::string> split_trimmed(std::string_view text, char separator);

/// The lines of a UTF-8 file: trimmed, blank ones and a byte order mark left out.
/// @error option subject `where`: it cannot be read.
[[nodiscard]] Result<std::vector<std::string>> read_word_list(const std::string& path,
                                                              const char* where);

/// A list of words in which `@FILE` stands for the lines of that file.
[[nodiscard]] Result<std::vector<std::string>> expand_word_list(
    const std::vector<std::string>& items, const char* where);

}  // namespace topograph
