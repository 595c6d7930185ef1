#include "io/json_columns.hpp"

#include <fmt/format.h>

#include <bit>
#include <nlohmann/json.hpp>
#include <utility>

#include "io/json_string.hpp"

namespace topograph {
namespace {

using Json = nlohmann::json;

std::string json_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// Receives the tokens of one line. Values at depth 1 become cells; deeper ones are written back as
/// compact JSON text.
class RowBuilder : public nlohmann::json_sax<Json> {
 public:
  explicit RowBuilder(JsonBlock& block) : block_(block) {}

  bool null() override { return scalar(JsonKind::missing, 0, "null"); }
  bool boolean(bool value) override {
    return scalar(JsonKind::boolean, value ? 1 : 0, value ? "true" : "false");
  }
  bool number_integer(number_integer_t value) override {
    return scalar(JsonKind::integer, std::bit_cast<std::uint64_t>(value), std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    const bool fits = std::in_range<std::int64_t>(value);
    return scalar(fits ? JsonKind::integer : JsonKind::other, value, std::to_string(value));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    return scalar(JsonKind::number, std::bit_cast<std::uint64_t>(value), text);
  }
  bool string(string_t& value) override {
    if (depth_ == 1) return cell(JsonKind::string, 0, value);
    return scalar(JsonKind::other, 0, json_text(value));
  }
  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*n*/) override {
    if (depth_ == 0) {
      depth_ = 1;
      return true;
    }
    return open('{');
  }
  bool start_array(std::size_t /*n*/) override { return open('['); }
  bool end_object() override {
    if (depth_ == 1) {
      depth_ = 0;
      return true;
    }
    return close('}');
  }
  bool end_array() override { return close(']'); }

  bool key(string_t& name) override {
    if (depth_ == 1) return choose_column(name);
    separate();
    nested_ += json_text(name) + ":";
    after_key_ = true;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& failure) override {
    // The text after "column N: " says what is wrong; the place is told in our own terms.
    const std::string_view what = failure.what();
    const std::size_t colon = what.find(": ");
    message_ = what.substr(colon == std::string_view::npos ? 0 : colon + 2);
    position_ = position;
    return false;
  }

  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] std::size_t position() const { return position_; }

 private:
  bool choose_column(const std::string& name) {
    const auto [entry, is_new] = block_.positions.try_emplace(name, block_.columns.size());
    if (is_new) {
      block_.columns.push_back({.name = name});
      block_.columns.back().push_missing_until(block_.n_rows);
    }
    column_ = entry->second;
    if (block_.columns[column_].kinds.size() <= block_.n_rows) return true;
    message_ = fmt::format("the key `{}` appears twice in one object", name);
    return false;
  }

  bool scalar(JsonKind kind, std::uint64_t bits, std::string_view text) {
    if (depth_ == 0) return not_an_object();
    if (depth_ == 1) {
      // Numbers keep their spelling too: a column of mixed types falls back to it.
      return cell(kind, bits, kind == JsonKind::missing ? std::string_view() : text);
    }
    separate();
    nested_ += text;
    return true;
  }

  bool cell(JsonKind kind, std::uint64_t bits, std::string_view text) {
    JsonColumn& column = block_.columns[column_];
    column.kinds.push_back(kind);
    column.bits.push_back(bits);
    column.texts.push_back(text);
    return true;
  }

  bool open(char bracket) {
    if (depth_ == 0) return not_an_object();
    if (depth_ == 1) {
      nested_.clear();
      needs_comma_ = false;
    } else {
      separate();
    }
    nested_ += bracket;
    needs_comma_ = false;
    ++depth_;
    return true;
  }

  bool close(char bracket) {
    nested_ += bracket;
    needs_comma_ = true;
    --depth_;
    return depth_ > 1 || cell(JsonKind::other, 0, nested_);
  }

  void separate() {
    if (needs_comma_ && !after_key_) nested_ += ',';
    after_key_ = false;
    needs_comma_ = true;
  }

  bool not_an_object() {
    message_ = "expected an object such as {\"text\": \"...\"}, found another value";
    return false;
  }

  JsonBlock& block_;
  std::size_t depth_ = 0;
  std::size_t column_ = 0;
  std::string nested_ = {};
  bool needs_comma_ = false;
  bool after_key_ = false;
  std::string message_ = {};
  std::size_t position_ = 0;
};

/// The kind that holds every value of a column.
JsonKind common_kind(JsonKind a, JsonKind b) {
  if (a == b || b == JsonKind::missing) return a;
  if (a == JsonKind::missing) return b;
  const bool both_numbers = (a == JsonKind::integer || a == JsonKind::number) &&
                            (b == JsonKind::integer || b == JsonKind::number);
  return both_numbers ? JsonKind::number : JsonKind::other;
}

double number_of(JsonKind kind, std::uint64_t bits) {
  if (kind == JsonKind::integer) return static_cast<double>(std::bit_cast<std::int64_t>(bits));
  return std::bit_cast<double>(bits);
}

ColumnValues typed_values(JsonKind kind, std::size_t n_rows) {
  ColumnValues values;
  const auto reserved = [n_rows](auto vector) {
    vector.reserve(n_rows);
    return vector;
  };
  if (kind == JsonKind::boolean) return reserved(std::vector<std::uint8_t>());
  if (kind == JsonKind::integer) return reserved(std::vector<std::int64_t>());
  if (kind == JsonKind::number) return reserved(std::vector<double>());
  return TextColumn();
}

void append_cell(ColumnValues& values, const JsonColumn& column, std::size_t row) {
  const std::uint64_t bits = column.bits[row];
  if (auto* flags = std::get_if<std::vector<std::uint8_t>>(&values)) {
    flags->push_back(static_cast<std::uint8_t>(bits));
  } else if (auto* integers = std::get_if<std::vector<std::int64_t>>(&values)) {
    integers->push_back(std::bit_cast<std::int64_t>(bits));
  } else if (auto* numbers = std::get_if<std::vector<double>>(&values)) {
    numbers->push_back(number_of(column.kinds[row], bits));
  } else {
    std::get<TextColumn>(values).push_back(column.texts[row]);
  }
}

Column join_column(const std::string& name, std::vector<JsonBlock>& blocks, std::size_t n_rows) {
  JsonKind kind = JsonKind::missing;
  bool any_missing = false;
  for (const JsonBlock& block : blocks) {
    const auto found = block.positions.find(name);
    any_missing |= found == block.positions.end();
    if (found == block.positions.end()) continue;
    for (const JsonKind k : block.columns[found->second].kinds) {
      kind = common_kind(kind, k);
      any_missing |= k == JsonKind::missing;
    }
  }
  Column joined{.name = name, .values = typed_values(kind, n_rows)};
  JsonColumn absent;
  for (JsonBlock& block : blocks) {
    const auto found = block.positions.find(name);
    absent.push_missing_until(found == block.positions.end() ? block.n_rows : 0);
    JsonColumn& column = found == block.positions.end() ? absent : block.columns[found->second];
    for (std::size_t row = 0; row < block.n_rows; ++row) {
      append_cell(joined.values, column, row);
      if (any_missing) joined.valid.push_back(column.kinds[row] != JsonKind::missing ? 1 : 0);
    }
    if (&column != &absent) column = JsonColumn{};
  }
  return joined;
}

}  // namespace

void JsonColumn::push_missing_until(std::size_t n_rows) {
  while (kinds.size() < n_rows) {
    kinds.push_back(JsonKind::missing);
    bits.push_back(0);
    texts.push_back({});
  }
}

Result<void> JsonBlock::add_line(std::string_view line) {
  RowBuilder row(*this);
  const bool is_parsed = Json::sax_parse(line.begin(), line.end(), &row);
  if (!is_parsed) {
    const std::string column = row.position() > 0 ? std::to_string(row.position()) : "";
    return input_error(ErrorCode::parse, column, row.message());
  }
  ++n_rows;
  for (JsonColumn& column : columns) column.push_missing_until(n_rows);
  return {};
}

ColumnTable join_json_blocks(std::vector<JsonBlock> blocks) {
  std::vector<std::string> names;
  std::unordered_map<std::string, bool> seen;
  std::size_t n_rows = 0;
  for (const JsonBlock& block : blocks) {
    n_rows += block.n_rows;
    for (const JsonColumn& column : block.columns) {
      if (seen.try_emplace(column.name, true).second) names.push_back(column.name);
    }
  }
  ColumnTable table;
  for (const std::string& name : names) table.columns.push_back(join_column(name, blocks, n_rows));
  return table;
}

}  // namespace topograph
