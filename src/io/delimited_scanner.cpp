#include "io/delimited_scanner.hpp"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace topograph {

DelimitedScanner::DelimitedScanner(char delimiter, std::string name, OnRecord on_record)
    : delimiter_(delimiter), name_(std::move(name)), on_record_(std::move(on_record)) {
  for (const char c : {delimiter, '\n', '\r'}) is_special_[static_cast<unsigned char>(c)] = true;
}

Result<void> DelimitedScanner::feed(std::string_view piece) {
  std::size_t at = 0;
  while (at < piece.size()) {
    TG_TRY(at, step(piece, at));
  }
  offset_ += piece.size();
  return {};
}

Result<std::size_t> DelimitedScanner::step(std::string_view piece, std::size_t at) {
  const char c = piece[at];
  switch (state_) {
    case State::after_return:
      state_ = State::field_start;
      if (c != '\n') return at;
      line_begin_ = offset_ + at + 1;
      return at + 1;
    case State::field_start:
      state_ = State::unquoted;
      if (c != '"') return at;
      state_ = State::quoted;
      has_quotes_ = true;
      quote_line_ = line_;
      quote_column_ = offset_ + at - line_begin_ + 1;
      return at + 1;
    case State::unquoted: {
      std::size_t end = at;
      while (end < piece.size() && !is_special_[static_cast<unsigned char>(piece[end])]) ++end;
      bytes_.append(piece.substr(at, end - at));
      return end == piece.size() ? end : end_unit(piece[end], end);
    }
    case State::quoted: return scan_quoted(piece, at);
    case State::quote_in_quoted:
      if (c == '"') {
        bytes_ += '"';
        state_ = State::quoted;
        return at + 1;
      }
      if (is_special_[static_cast<unsigned char>(c)]) return end_unit(c, at);
      return input_error(
          ErrorCode::parse, where(line_, offset_ + at - line_begin_ + 1),
          fmt::format("expected a {} or the end of the line after a closing quote, found more text",
                      delimiter_ == '\t' ? "tab" : "comma"),
          "a quote inside a quoted field is written twice");
  }
  return at + 1;
}

/// Handles the delimiter or line end at `at`.
Result<std::size_t> DelimitedScanner::end_unit(char c, std::size_t at) {
  end_field();
  if (c == delimiter_) {
    state_ = State::field_start;
    return at + 1;
  }
  TG_TRY(end_record());
  state_ = c == '\r' ? State::after_return : State::field_start;
  record_line_ = ++line_;
  line_begin_ = offset_ + at + 1;
  return at + 1;
}

std::size_t DelimitedScanner::scan_quoted(std::string_view piece, std::size_t at) {
  const void* found = std::memchr(piece.data() + at, '"', piece.size() - at);
  const std::size_t end =
      found == nullptr ? piece.size()
                       : static_cast<std::size_t>(static_cast<const char*>(found) - piece.data());
  for (std::size_t i = at; i < end; ++i) {
    const void* newline = std::memchr(piece.data() + i, '\n', end - i);
    if (newline == nullptr) break;
    i = static_cast<std::size_t>(static_cast<const char*>(newline) - piece.data());
    ++line_;
    line_begin_ = offset_ + i + 1;
  }
  bytes_.append(piece.substr(at, end - at));
  if (found == nullptr) return end;
  state_ = State::quote_in_quoted;
  return end + 1;
}

void DelimitedScanner::end_field() { ends_.push_back(bytes_.size()); }

Result<void> DelimitedScanner::end_record() {
  const DelimitedRecord record{
      .bytes = bytes_,
      .ends = &ends_,
      .line = record_line_,
      .is_blank_line = ends_.size() == 1 && bytes_.empty() && !has_quotes_};
  TG_TRY(on_record_(record));
  bytes_.clear();
  ends_.clear();
  has_quotes_ = false;
  return {};
}

Result<void> DelimitedScanner::finish() {
  if (state_ == State::quoted) {
    return input_error(ErrorCode::parse, where(quote_line_, quote_column_),
                       "this quoted field never ends", "is a quote missing?");
  }
  const bool is_line_start =
      state_ == State::after_return || (state_ == State::field_start && ends_.empty());
  if (is_line_start) return {};
  end_field();
  return end_record();
}

std::string DelimitedScanner::where(std::uint64_t line, std::uint64_t column) const {
  return fmt::format("{}:{}:{}", name_, line, column);
}

}  // namespace topograph
