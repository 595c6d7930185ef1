#include "text/addresses.hpp"

#include <cstddef>

namespace topograph {
namespace {

constexpr std::size_t kLongestEntity = 10;  // "&thetasym;" and "&#1114111;"

struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_letter_or_digit(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }
bool is_in_address(char c) {
  return c > ' ' && c < 0x7F && std::string_view("<>\"'`()[]{}").find(c) == std::string_view::npos;
}
bool is_in_local_part(char c) {
  return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}
bool is_in_domain(char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; }

template <class Holds>
std::size_t skip(std::string_view text, std::size_t at, Holds&& holds) {
  while (at < text.size() && holds(text[at])) ++at;
  return at;
}

template <class Holds>
std::size_t skip_back(std::string_view text, std::size_t at, Holds&& holds) {
  while (at > 0 && holds(text[at - 1])) --at;
  return at;
}

/// https://host/path, of which ':' is at `at`.
Stretch with_scheme(std::string_view text, std::size_t at) {
  const std::size_t begin = skip_back(text, at, is_letter);
  if (begin == at || !text.substr(at).starts_with("://")) return {};
  return {begin, skip(text, at, is_in_address)};
}

/// www.host/path, of which "w" is at `at`.
Stretch without_scheme(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (!rest.starts_with("www.") && !rest.starts_with("WWW.")) return {};
  if (at > 0 && is_letter_or_digit(text[at - 1])) return {};
  return {at, skip(text, at, is_in_address)};
}

/// name@host.tld, of which '@' is at `at`.
Stretch e_mail(std::string_view text, std::size_t at) {
  const std::size_t begin = skip_back(text, at, is_in_local_part);
  std::size_t end = skip(text, at + 1, is_in_domain);
  while (end > at + 1 && !is_letter_or_digit(text[end - 1])) --end;
  const std::string_view domain = text.substr(at + 1, end - at - 1);
  const bool is_whole = begin < at && domain.find('.', 1) != std::string_view::npos;
  return is_whole ? Stretch{begin, end} : Stretch{};
}

/// &name; or &#number;, of which '&' is at `at`.
Stretch entity(std::string_view text, std::size_t at) {
  const std::size_t name = at + 1 + (text.substr(at + 1).starts_with('#') ? 1 : 0);
  const std::size_t end = skip(text, name, is_letter_or_digit);
  const bool is_whole =
      end > name && end - at < kLongestEntity && end < text.size() && text[end] == ';';
  return is_whole ? Stretch{at, end} : Stretch{};
}

Stretch stretch_at(std::string_view text, std::size_t at) {
  switch (text[at]) {
    case ':': return with_scheme(text, at);
    case 'w':
    case 'W': return without_scheme(text, at);
    case '@': return e_mail(text, at);
    case '&': return entity(text, at);
    default: return {};
  }
}

}  // namespace

void drop_addresses(std::string_view text, std::vector<TokenSpan>& tokens) {
  std::size_t kept = 0;
  std::size_t next = 0;  // Token that is looked at.
  const auto keep_before = [&](std::size_t end) {
    for (; next < tokens.size() && tokens[next].begin < end; ++next) tokens[kept++] = tokens[next];
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const Stretch found = stretch_at(text, at);
    if (found.end <= at) continue;
    keep_before(found.begin);
    // A token may begin before the address and reach into it.
    while (kept > 0 && tokens[kept - 1].end > found.begin) --kept;
    while (next < tokens.size() && tokens[next].begin < found.end) ++next;
    at = found.end - 1;
  }
  keep_before(text.size());
  tokens.resize(kept);
}

}  // namespace topograph
