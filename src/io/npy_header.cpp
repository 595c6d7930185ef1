#include "io/npy_header.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace topograph {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

std::unexpected<Error> broken(std::string message, std::string hint = {}) {
  return input_error(ErrorCode::parse, {}, std::move(message), std::move(hint));
}

/// Reads the Python dictionary {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  Result<NpyHeader> parse() {
    TG_TRY(expect('{'));
    while (!accept('}')) {
      TG_TRY(parse_entry());
      if (accept(',')) continue;
      TG_TRY(expect('}'));
      break;
    }
    skip_space();
    if (!text_.empty()) return unexpected("the end of the header");
    if (!has_dtype_ || !has_order_ || !has_shape_) {
      return broken("the header lacks one of 'descr', 'fortran_order' and 'shape'");
    }
    return header_;
  }

 private:
  Result<void> parse_entry() {
    TG_TRY(const std::string key, parse_string());
    TG_TRY(expect(':'));
    if (key == "descr" && !has_dtype_) {
      has_dtype_ = true;
      skip_space();
      if (text_.starts_with('[')) {
        return broken("expected a matrix of floats, found a structured array",
                      "save the plain matrix: np.save(path, x.astype(np.float32))");
      }
      TG_TRY(header_.dtype, parse_string());
      return {};
    }
    if (key == "fortran_order" && !has_order_) {
      has_order_ = true;
      TG_TRY(header_.is_fortran, parse_flag());
      return {};
    }
    if (key == "shape" && !has_shape_) {
      has_shape_ = true;
      return parse_shape();
    }
    return broken(fmt::format("unexpected header entry '{}'", key));
  }

  Result<std::string> parse_string() {
    skip_space();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) return unexpected("a quoted word");
    const std::size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) return unexpected("a closing quote");
    std::string word(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return word;
  }

  Result<bool> parse_flag() {
    skip_space();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return value;
    }
    return unexpected("True or False");
  }

  Result<void> parse_shape() {
    TG_TRY(expect('('));
    while (!accept(')')) {
      skip_space();
      std::uint64_t extent = 0;
      const auto [end, code] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (code != std::errc()) return unexpected("a number of rows or columns");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      header_.shape.push_back(extent);
      if (accept(',')) continue;
      TG_TRY(expect(')'));
      break;
    }
    return {};
  }

  void skip_space() { text_.remove_prefix(std::min(text_.find_first_not_of(" \n"), text_.size())); }
  bool accept(char c) {
    skip_space();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  Result<void> expect(char c) {
    if (accept(c)) return {};
    return unexpected(fmt::format("'{}'", c));
  }
  [[nodiscard]] std::unexpected<Error> unexpected(std::string_view what) const {
    return broken(fmt::format(
        "broken NumPy header: expected {}, found {}", what,
        text_.empty() ? std::string("its end") : fmt::format("`{}`", text_.substr(0, 12))));
  }

  std::string_view text_;
  NpyHeader header_ = {};
  bool has_dtype_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

std::size_t little_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
  }
  return value;
}

}  // namespace

Result<NpyHeader> parse_npy_header(std::string_view file) {
  if (!file.starts_with(kMagic)) {
    const bool is_zip = file.starts_with("PK");
    return broken(
        fmt::format("expected a NumPy file (.npy), found {}",
                    file.empty() ? "an empty file" : (is_zip ? "a zip archive" : "other bytes")),
        is_zip ? "an .npz holds several arrays: save one with np.save" : "");
  }
  if (file.size() < 10) return broken("the NumPy header is cut short");
  const auto major = static_cast<unsigned char>(file[6]);
  const auto minor = static_cast<unsigned char>(file[7]);
  if (major < 1 || major > 3 || minor != 0) {
    return broken(fmt::format("expected NumPy format 1.0, 2.0 or 3.0, found {}.{}", major, minor));
  }
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  const std::size_t text_begin = 8 + length_bytes;
  if (file.size() < text_begin) return broken("the NumPy header is cut short");
  const std::size_t length = little_endian(file.substr(8, length_bytes));
  if (file.size() - text_begin < length) return broken("the NumPy header is cut short");
  TG_TRY(NpyHeader header, HeaderParser(file.substr(text_begin, length)).parse());
  header.data_begin = text_begin + length;
  return header;
}

std::string npy_header_bytes(std::string_view dtype, std::size_t rows, std::size_t cols) {
  // Room for the longest numbers; the values begin on a 64-byte boundary.
  constexpr std::size_t header_bytes = 128;
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}",
                                 dtype, rows, cols);
  text.resize(header_bytes - kMagic.size() - 5, ' ');
  text += '\n';
  std::string bytes(kMagic);
  bytes += '\x01';
  bytes += '\x00';
  bytes += static_cast<char>(text.size() & 0xFFU);
  bytes += static_cast<char>(text.size() >> 8U);
  return bytes + text;
}

std::string npy_shape_text(const std::vector<std::size_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", shape[i]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

}  // namespace topograph
