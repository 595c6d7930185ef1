// The three expressions and the order of their alternatives:
//
//   gpt2   's|'t|'re|'ve|'m|'ll|'d | ?L+ | ?N+ | ?[^sLN]+ | s+(?!S) | s+
//   qwen   the same, any case | [^rnLN]?L+ | N | ?[^sLN]+[rn]* | s*[rn]+ | s+(?!S) | s+
//   llama  like qwen with N{1,3}
//
// where L is \p{L}, N is \p{N}, s is \s, S is \S and r, n are line ends. A run of white space
// before a word leaves its last character to the word; that is what s+(?!S) means.
#include "tokenize/known_patterns.hpp"

#include <array>
#include <cstddef>

#include "tokenize/characters.hpp"

namespace topograph::detail {

const std::string_view gpt2_expression =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

namespace {

constexpr std::string_view qwen_expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view llama_expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

constexpr char32_t long_s = 0x17F;  // the one character that folds to a letter of an English ending

CharacterKind compute_kind(char32_t c) {
  if (c == '\r' || c == '\n') return CharacterKind::line_end;
  if (is_white_space(c)) return CharacterKind::space;
  if (is_letter(c)) return CharacterKind::letter;
  if (is_number(c)) return CharacterKind::number;
  return CharacterKind::other;
}

CharacterKind kind_of(char32_t c) {
  static const auto ascii = [] {
    std::array<CharacterKind, 128> table = {};
    for (char32_t i = 0; i < table.size(); ++i) table[i] = compute_kind(i);
    return table;
  }();
  return c < ascii.size() ? ascii[c] : compute_kind(c);
}

class Scanner {
 public:
  Scanner(NormalizedView text, const std::vector<CharacterKind>& kinds, bool any_case)
      : text_(text), kinds_(kinds), any_case_(any_case) {}

  [[nodiscard]] std::size_t gpt2(std::size_t i) const {
    if (const std::size_t end = ending(i); end > i) return end;
    const std::size_t j = i + (text_[i].value == ' ' ? 1 : 0);
    if (j < size() && !is_space(j)) return run(j, kinds_[j]);
    return spaces(i);
  }

  [[nodiscard]] std::size_t modern(std::size_t i, std::size_t max_digits) const {
    if (const std::size_t end = ending(i); end > i) return end;
    if (kinds_[i] == CharacterKind::letter) return run(i, CharacterKind::letter);
    if (kinds_[i] == CharacterKind::number) return digits(i, max_digits);
    if (kinds_[i] != CharacterKind::line_end && is_kind(i + 1, CharacterKind::letter)) {
      return run(i + 1, CharacterKind::letter);
    }
    const std::size_t j = i + (text_[i].value == ' ' ? 1 : 0);
    if (is_kind(j, CharacterKind::other)) {
      const std::size_t end = run(j, CharacterKind::other);
      return is_kind(end, CharacterKind::line_end) ? run(end, CharacterKind::line_end) : end;
    }
    std::size_t after_line_end = i;
    for (std::size_t k = i; k < size() && is_space(k); ++k) {
      if (kinds_[k] == CharacterKind::line_end) after_line_end = k + 1;
    }
    return after_line_end > i ? after_line_end : spaces(i);
  }

 private:
  [[nodiscard]] std::size_t size() const { return kinds_.size(); }
  [[nodiscard]] bool is_kind(std::size_t i, CharacterKind kind) const {
    return i < size() && kinds_[i] == kind;
  }
  [[nodiscard]] bool is_space(std::size_t i) const {
    return kinds_[i] == CharacterKind::space || kinds_[i] == CharacterKind::line_end;
  }
  [[nodiscard]] std::size_t run(std::size_t i, CharacterKind kind) const {
    while (is_kind(i, kind)) ++i;
    return i;
  }
  [[nodiscard]] std::size_t digits(std::size_t i, std::size_t max_digits) const {
    const std::size_t begin = i;
    while (i < begin + max_digits && is_kind(i, CharacterKind::number)) ++i;
    return i;
  }
  [[nodiscard]] std::size_t spaces(std::size_t i) const {
    std::size_t end = i;
    while (end < size() && is_space(end)) ++end;
    return end < size() && end > i + 1 ? end - 1 : end;
  }

  [[nodiscard]] char32_t folded(std::size_t i) const {
    if (i >= size()) return 0;
    const char32_t c = text_[i].value;
    if (!any_case_) return c;
    if (c == long_s) return 's';
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }
  /// End of 's, 't, 're, 've, 'm, 'll or 'd; `i` when there is none.
  [[nodiscard]] std::size_t ending(std::size_t i) const {
    if (text_[i].value != '\'') return i;
    const char32_t first = folded(i + 1);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return i + 2;
    const char32_t second = folded(i + 2);
    const bool is_long =
        ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
    return is_long ? i + 3 : i;
  }

  NormalizedView text_;
  const std::vector<CharacterKind>& kinds_;
  bool any_case_ = false;
};

}  // namespace

std::optional<KnownPattern> known_pattern(std::string_view expression) {
  if (expression == gpt2_expression) return KnownPattern::gpt2;
  if (expression == qwen_expression) return KnownPattern::qwen;
  if (expression == llama_expression) return KnownPattern::llama;
  return std::nullopt;
}

void find_known(KnownPattern pattern, NormalizedView text, std::vector<CharacterKind>& kinds,
                std::vector<CharacterRange>& out) {
  kinds.resize(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) kinds[i] = kind_of(text[i].value);
  const Scanner scanner(text, kinds, pattern != KnownPattern::gpt2);
  const std::size_t max_digits = pattern == KnownPattern::llama ? 3 : 1;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end =
        pattern == KnownPattern::gpt2 ? scanner.gpt2(i) : scanner.modern(i, max_digits);
    out.push_back({i, end});
    i = end;
  }
}

}  // namespace topograph::detail
