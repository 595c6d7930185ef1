#include "tokenize/json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace topograph::detail {
namespace {

using nlohmann::json;

/// `file:line:column` of a byte of the document.
std::string place(std::string_view where, std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("{}:{}:{}", where, line, before.size() - line_begin + 1);
}

/// Builds the document from the parser's events.
class DocumentBuilder final : public nlohmann::json_sax<json> {
 public:
  [[nodiscard]] json take() { return std::move(root_); }
  [[nodiscard]] std::size_t error_byte() const { return error_byte_; }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(std::int64_t value) override { return put(value); }
  bool number_unsigned(std::uint64_t value) override { return put(value); }
  bool number_float(double /*value*/, const std::string& literal) override {
    const double value = read_number(literal);
    return std::isfinite(value) && put(value);
  }
  bool string(std::string& value) override { return put(std::move(value)); }
  bool binary(json::binary_t& /*value*/) override { return false; }  // not in JSON text
  bool start_object(std::size_t /*size*/) override { return open(json::object()); }
  bool key(std::string& name) override {
    member_ = &(*open_.back())[name];
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(json::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t byte, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    error_byte_ = byte;
    return false;
  }

 private:
  json* place_value(json&& value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_array()) {
      open_.back()->push_back(std::move(value));
      return &open_.back()->back();
    }
    *member_ = std::move(value);
    return member_;
  }
  bool put(json&& value) {
    place_value(std::move(value));
    return true;
  }
  bool open(json&& value) {
    open_.push_back(place_value(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  json root_ = {};
  std::vector<json*> open_ = {};
  json* member_ = nullptr;  // of the innermost object, where the next value goes
  std::size_t error_byte_ = 0;
};

}  // namespace

double read_number(std::string_view literal) {
  constexpr int largest_exponent = 308;
  const bool is_negative = literal.starts_with('-');
  if (is_negative) literal.remove_prefix(1);
  std::uint64_t digits = 0;
  std::int64_t exponent = 0;
  bool has_point = false;
  bool is_full = false;  // further digits do not fit and are left out
  std::size_t i = 0;
  for (; i < literal.size() && literal[i] != 'e' && literal[i] != 'E'; ++i) {
    if (literal[i] == '.') {
      has_point = true;
      continue;
    }
    const auto digit = static_cast<std::uint64_t>(literal[i] - '0');
    constexpr std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
    is_full = is_full || digits > (limit - digit) / 10;
    if (!is_full) digits = digits * 10 + digit;
    if (has_point && !is_full) --exponent;
    if (!has_point && is_full) ++exponent;
  }
  if (i < literal.size()) {
    std::int64_t written = 0;
    const char* begin = literal.data() + i + 1;
    if (*begin == '+') ++begin;
    const auto status = std::from_chars(begin, literal.data() + literal.size(), written).ec;
    const std::int64_t far = literal[i + 1] == '-' ? -100000 : 100000;
    exponent += status == std::errc{} ? std::clamp<std::int64_t>(written, -100000, 100000) : far;
  }
  auto value = static_cast<double>(digits);
  for (; exponent < -largest_exponent && value != 0; exponent += largest_exponent) value /= 1e308;
  if (value != 0) {
    const double power =
        exponent > largest_exponent
            ? std::numeric_limits<double>::infinity()
            : std::strtod(fmt::format("1e{}", std::abs(exponent)).c_str(), nullptr);
    value = exponent >= 0 ? value * power : value / power;
  }
  return is_negative ? -value : value;
}

Result<json> parse_json(std::string_view text, std::string_view where) {
  DocumentBuilder builder;
  if (json::sax_parse(text.begin(), text.end(), &builder)) return builder.take();
  return model_error(ErrorCode::parse, place(where, text, builder.error_byte()),
                     "this is not valid JSON", "the file may be cut short; fetch the model again");
}

}  // namespace topograph::detail
