#include "model/stored_json.hpp"

#include <fstream>
#include <sstream>

namespace topograph {

std::unexpected<Error> damaged(const std::filesystem::path& file, const std::string& what,
                               const char* hint) {
  return model_error(ErrorCode::schema, file.string(), what, hint);
}

Result<std::string> read_text(const std::filesystem::path& path, const char* missing_hint) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return model_error(ErrorCode::not_found, path.string(), "cannot read this file of the model",
                       missing_hint);
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace topograph
