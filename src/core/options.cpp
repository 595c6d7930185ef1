#include "topograph/core/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include <toml++/toml.h>
#include <nlohmann/json.hpp>

namespace topograph {
namespace {

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\n\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n\r") - begin + 1);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

std::string scalar_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "auto";
  return value.dump();
}

void flatten_into(const nlohmann::json& value, const std::string& path, std::string_view where,
                  std::vector<OptionSetting>& out) {
  if (!value.is_object()) {
    out.push_back({path, scalar_text(value), std::string(where)});
    return;
  }
  for (const auto& [name, member] : value.items()) {
    flatten_into(member, path.empty() ? name : path + "." + name, where, out);
  }
}

std::string toml_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* list = node.as_array()) {
    nlohmann::json items = nlohmann::json::array();
    for (const toml::node& item : *list) {
      if (const auto number = item.value<std::int64_t>(); number && item.is_integer()) {
        items.push_back(*number);
      } else {
        items.push_back(toml_text(item));
      }
    }
    return items.dump();
  }
  std::ostringstream text;
  node.visit([&text](const auto& n) { text << n; });
  return text.str();
}

void flatten_toml(const toml::table& table, const std::string& prefix, const std::string& file,
                  std::vector<OptionSetting>& out) {
  for (const auto& [key, node] : table) {
    const std::string path =
        prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
    if (const auto* inner = node.as_table()) {
      flatten_toml(*inner, path, file, out);
    } else {
      out.push_back({path, toml_text(node), fmt::format("{}:{}", file, node.source().begin.line)});
    }
  }
}

}  // namespace

namespace detail {

Result<void> parse_bool(std::string_view text, bool& out) {
  if (text == "true" || text == "yes" || text == "on" || text == "1") {
    out = true;
  } else if (text == "false" || text == "no" || text == "off" || text == "0") {
    out = false;
  } else {
    return option_error({}, fmt::format("expected true or false, found '{}'", text));
  }
  return {};
}

Result<void> parse_int(std::string_view text, std::int64_t& out) {
  text = trim(text);
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (code == std::errc{} && end == text.data() + text.size()) return {};
  return option_error({}, fmt::format("expected a whole number, found '{}'", text));
}

Result<void> parse_number(std::string_view text, double& out) {
  text = trim(text);
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (code == std::errc{} && end == text.data() + text.size() && !std::isnan(out)) return {};
  return option_error({}, fmt::format("expected a number, found '{}'", text));
}

Result<void> parse_list(std::string_view text, std::vector<std::string>& out) {
  out.clear();
  text = trim(text);
  if (text.starts_with('[')) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_array()) return option_error({}, "expected a list, found broken JSON");
    for (const auto& item : json) out.push_back(scalar_text(item));
    return {};
  }
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view item = trim(text.substr(0, comma));
    if (!item.empty()) out.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return {};
}

Result<void> parse_pair(std::string_view text, std::pair<int, int>& out) {
  std::string plain(text);
  std::erase_if(plain, [](char c) { return c == '[' || c == ']' || c == '(' || c == ')'; });
  std::vector<std::string> items;
  TG_TRY(parse_list(plain, items));
  std::int64_t first = 0;
  std::int64_t second = 0;
  if (items.size() != 2 || !parse_int(items[0], first) || !parse_int(items[1], second) ||
      !std::in_range<int>(first) || !std::in_range<int>(second)) {
    return option_error({}, fmt::format("expected two whole numbers like 1,2, found '{}'", text));
  }
  if (first > second) return option_error({}, fmt::format("expected low,high, found '{}'", text));
  out = {static_cast<int>(first), static_cast<int>(second)};
  return {};
}

Result<void> check_range(double value, const Range& range) {
  const bool too_low = range.low && (range.low_open ? value <= *range.low : value < *range.low);
  const bool too_high = range.high && value > *range.high;
  if (!too_low && !too_high && !std::isnan(value)) return {};
  return option_error(
      {}, fmt::format("expected a value {}, found {}", range_text(range), number_text(value)));
}

bool is_unset(std::string_view text) { return text == "auto" || text == "null"; }

std::string range_text(const Range& range) {
  if (range.low && range.high) {
    return fmt::format("in [{}, {}]", number_text(*range.low), number_text(*range.high));
  }
  if (range.low) return fmt::format("{} {}", range.low_open ? ">" : ">=", number_text(*range.low));
  if (range.high) return fmt::format("<= {}", number_text(*range.high));
  return {};
}

std::string number_text(double value) { return fmt::format("{}", value); }
std::string number_text(float value) { return fmt::format("{}", value); }

std::string json_quote(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_list(const std::vector<std::string>& items) {
  return nlohmann::json(items).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Error bad_choice(std::string_view text, const std::string_view* names, std::size_t n) {
  return {ErrorCode::invalid_argument,
          fmt::format("expected one of {}, found '{}'", join_names(names, n), text),
          {},
          {},
          Subject::option};
}

std::string join_names(const std::string_view* names, std::size_t n) {
  return fmt::format("{}", fmt::join(names, names + n, "|"));
}

Error unknown_option(std::string_view path, const std::vector<OptionField>& known) {
  const OptionField* best = nullptr;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const OptionField& field : known) {
    const auto dot = field.path.rfind('.');
    const std::string_view last =
        dot == std::string::npos ? field.path : std::string_view(field.path).substr(dot + 1);
    const std::size_t distance =
        std::min(edit_distance(path, field.path), edit_distance(path, last));
    if (distance < best_distance) {
      best_distance = distance;
      best = &field;
    }
  }
  std::string hint = "`--help` of the command lists all options";
  if (best != nullptr && best_distance <= std::max<std::size_t>(3, path.size() / 3)) {
    hint = fmt::format("did you mean {}?", best->path);
  }
  return {ErrorCode::invalid_argument, "there is no such option", std::string(path), hint,
          Subject::option};
}

Result<std::vector<OptionSetting>> flatten_json(std::string_view text, std::string_view where) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) {
    return model_error(ErrorCode::parse, std::string(where), "expected a JSON object of options");
  }
  std::vector<OptionSetting> settings;
  flatten_into(json, "", where, settings);
  return settings;
}

}  // namespace detail

Result<void> merge_problems(const std::vector<Error>& problems) {
  if (problems.empty()) return {};
  Error all = problems.front();
  for (std::size_t i = 1; i < problems.size(); ++i) {
    all.message += fmt::format("; {}: {}", problems[i].where, problems[i].message);
  }
  return std::unexpected(std::move(all));
}

Result<std::vector<OptionSetting>> read_toml_settings(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::unexpected(Error{ErrorCode::not_found, "cannot read the configuration file",
                                 path.string(), "is the path right?", Subject::option});
  }
  std::ostringstream text;
  text << file.rdbuf();
  std::vector<OptionSetting> settings;
  try {
    flatten_toml(toml::parse(text.str()), "", path.string(), settings);
  } catch (const toml::parse_error& problem) {
    const auto& begin = problem.source().begin;
    return option_error(fmt::format("{}:{}:{}", path.string(), begin.line, begin.column),
                        fmt::format("broken TOML: {}", problem.description()));
  }
  return settings;
}

}  // namespace topograph
