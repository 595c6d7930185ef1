#include "label_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "topograph/io/read_documents.hpp"

namespace topograph::cli {
namespace {

constexpr const char* kWhere = "--labels";

Result<std::vector<GivenLabel>> read_json_labels(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const auto json = nlohmann::json::parse(text.str(), nullptr, false);
  if (!file || !json.is_object()) {
    return option_error(kWhere, "cannot read labels from '" + path + "'",
                        "expected a JSON object like {\"0\": \"space\", \"3\": \"cars\"}");
  }
  std::vector<GivenLabel> labels;
  for (const auto& [number, label] : json.items()) {
    if (!label.is_string()) {
      return option_error(kWhere, "expected text as the label of topic " + number);
    }
    TG_TRY(auto entry, parse_label(number, label.get<std::string>(), kWhere));
    labels.push_back(std::move(entry));
  }
  return labels;
}

}  // namespace

Result<GivenLabel> parse_label(const std::string& number, std::string label, const char* where) {
  std::int32_t topic = 0;
  const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), topic);
  if (code == std::errc{} && end == number.data() + number.size()) {
    return GivenLabel(topic, std::move(label));
  }
  return option_error(where, fmt::format("expected the number of a topic, found '{}'", number));
}

Result<std::vector<GivenLabel>> read_label_file(const std::string& path, RunContext& run) {
  if (std::filesystem::path(path).extension() == ".json") return read_json_labels(path);
  const std::vector<std::string> files{path};
  TG_TRY(const DocumentTable table, read_documents(files, {.text = "label"}, run));
  const auto topic = table.columns.find("topic");
  if (!topic) {
    return option_error(kWhere, "cannot read labels from '" + path + "'",
                        "expected a table with the columns `topic` and `label`, or .json");
  }
  std::vector<GivenLabel> labels;
  for (std::size_t row = 0; row < table.size(); ++row) {
    TG_TRY(auto entry, parse_label(cell_text(table.columns.columns[*topic], row),
                                   std::string(table.text[row]), kWhere));
    labels.push_back(std::move(entry));
  }
  return labels;
}

}  // namespace topograph::cli
