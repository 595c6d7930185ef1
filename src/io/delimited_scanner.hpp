#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"

namespace topograph {

/// One record of a delimited file, quotes undone.
struct DelimitedRecord {
  std::string_view bytes = {};                     ///< All fields, one after the other.
  const std::vector<std::size_t>* ends = nullptr;  ///< End of each field in `bytes`.
  std::uint64_t line = 1;                          ///< Physical line on which the record begins.
  bool is_blank_line = false;                      ///< A line without a single character.

  [[nodiscard]] std::size_t size() const { return ends->size(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : (*ends)[i - 1];
    return bytes.substr(begin, (*ends)[i] - begin);
  }
};

/// Splits RFC 4180 text that arrives in pieces of any size into records. Lines end with LF, CRLF or
/// CR; a quoted field may hold delimiters, newlines and doubled quotes; a quote inside an unquoted
/// field is an ordinary character.
class DelimitedScanner {
 public:
  using OnRecord = std::function<Result<void>(const DelimitedRecord&)>;

  DelimitedScanner(char delimiter, std::string name, OnRecord on_record);
  /// Scans one piece. @error parse, with file:line:column, when text follows a closing quote.
  [[nodiscard]] Result<void> feed(std::string_view piece);
  /// Ends the last record. @error parse when a quote is still open.
  [[nodiscard]] Result<void> finish();

 private:
  enum class State : std::uint8_t { field_start, unquoted, quoted, quote_in_quoted, after_return };

  [[nodiscard]] Result<std::size_t> step(std::string_view piece, std::size_t at);
  [[nodiscard]] Result<std::size_t> end_unit(char c, std::size_t at);
  [[nodiscard]] std::size_t scan_quoted(std::string_view piece, std::size_t at);
  void end_field();
  [[nodiscard]] Result<void> end_record();
  [[nodiscard]] std::string where(std::uint64_t line, std::uint64_t column) const;

  char delimiter_;
  std::string name_;
  OnRecord on_record_;
  State state_ = State::field_start;
  bool is_special_[256] = {};  ///< Bytes that end an unquoted run.
  std::string bytes_ = {};
  std::vector<std::size_t> ends_ = {};
  bool has_quotes_ = false;   ///< The record has a quoted field.
  std::uint64_t offset_ = 0;  ///< Of the current piece's first byte.
  std::uint64_t line_ = 1;
  std::uint64_t line_begin_ = 0;  ///< Offset of the current line's first byte.
  std::uint64_t record_line_ = 1;
  std::uint64_t quote_line_ = 0;
  std::uint64_t quote_column_ = 0;
};

}  // namespace topograph
