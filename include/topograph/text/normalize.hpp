#pragma once

#include <string>
#include <string_view>

namespace topograph {

/// Unicode NFC (ICU). The input is valid UTF-8; already normal text is returned as it is.
[[nodiscard]] std::string to_nfc(std::string_view text);

/// True when the text has no character besides Unicode white space and invisible format characters
/// (U+200B, U+FEFF …).
[[nodiscard]] bool is_blank(std::string_view text);

/// The form in which two documents count as the same: NFC, every run of white space one space, ends
/// trimmed.
[[nodiscard]] std::string duplicate_key(std::string_view text);

/// Lower case by the rules of a locale ("tr": I -> dotless i), then NFC.
[[nodiscard]] std::string to_lower(std::string_view text, const std::string& locale);

}  // namespace topograph
