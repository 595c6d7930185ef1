#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "topograph/core/error.hpp"

namespace topograph {

using Json = nlohmann::ordered_json;

inline constexpr const char* kDamagedModel =
    "the model is damaged or was not written by topograph; fit it again";

/// What is wrong with a file of a model.
[[nodiscard]] std::unexpected<Error> damaged(const std::filesystem::path& file,
                                             const std::string& what,
                                             const char* hint = kDamagedModel);

/// @error model subject, not_found with the hint.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& path,
                                            const char* missing_hint);

/// @param missing_hint  What helps when there is no such file.
/// @tparam Parsed       `Json` keeps the order of members, and is slow where there are many of
/// them.
/// @error model subject: not_found; schema with `hint` when it is no JSON.
template <class Parsed = Json>
[[nodiscard]] Result<Parsed> read_json(const std::filesystem::path& path, const char* missing_hint,
                                       const char* hint = kDamagedModel) {
  TG_TRY(const std::string text, read_text(path, missing_hint));
  Parsed json = Parsed::parse(text, nullptr, false);
  if (json.is_discarded()) return damaged(path, "broken JSON", hint);
  return json;
}

/// Runs a reader of JSON members; a missing or mistyped one is a schema error, not an exception.
template <class Reader>
Result<void> guarded(const std::filesystem::path& path, Reader&& read,
                     const char* hint = kDamagedModel) {
  try {
    read();
    return {};
  } catch (const Json::exception& problem) {
    return damaged(path, problem.what(), hint);
  }
}

/// JSON text of a file; bytes that are no UTF-8 become U+FFFD.
template <class Parsed>
[[nodiscard]] std::string json_text(const Parsed& json) {
  return json.dump(2, ' ', false, Parsed::error_handler_t::replace) + "\n";
}

}  // namespace topograph
