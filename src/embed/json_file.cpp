#include "embed/json_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <system_error>

namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Result<std::string> read_model_file(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) {
    return model_error(ErrorCode::not_found, path.string(),
                       "expected this file in the model's folder, found none");
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.good() && !file.eof()) {
    return model_error(ErrorCode::io, path.string(),
                       fmt::format("cannot read the file: {}", std::strerror(errno)));
  }
  return bytes;
}

Result<Json> read_json_object(const fs::path& path) {
  TG_TRY(const auto bytes, read_model_file(path));
  std::string problem;
  try {
    Json json = Json::parse(bytes);
    if (json.is_object()) return json;
    problem = fmt::format("expected a JSON object, found {}", json.type_name());
  } catch (const nlohmann::json::parse_error& error) {
    problem =
        fmt::format("expected JSON, found a mistake at byte {} of {}", error.byte, bytes.size());
  }
  return model_error(ErrorCode::parse, path.string(), problem,
                     "the file is damaged; fetch the model again");
}

Result<Json> read_optional_json(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return Json::object();
  return read_json_object(path);
}

Result<std::optional<std::size_t>> optional_size(const Json& object, const std::string& key,
                                                 std::size_t low, const fs::path& where) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  const auto high = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
  const bool is_whole = found->is_number_unsigned();
  if (!is_whole || found->get<std::size_t>() < low || found->get<std::size_t>() > high) {
    return model_error(ErrorCode::schema, where.string() + ": " + key,
                       fmt::format("expected a whole number >= {}, found {}", low, found->dump()));
  }
  return found->get<std::size_t>();
}

Result<std::size_t> required_size(const Json& object, const std::string& key, std::size_t low,
                                  const fs::path& where) {
  TG_TRY(const auto value, optional_size(object, key, low, where));
  if (!value) {
    return model_error(ErrorCode::schema, where.string(),
                       fmt::format("expected the key '{}', found none", key));
  }
  return *value;
}

bool flag_or(const Json& object, const std::string& key, bool fallback) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : fallback;
}

std::string text_or(const Json& object, const std::string& key, const std::string& fallback) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : fallback;
}

}  // namespace topograph::detail
