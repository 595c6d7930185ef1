#include "tokenize/added_tokens.hpp"

#include <algorithm>
#include <utility>

#include "tokenize/characters.hpp"
#include "tokenize/utf8.hpp"

namespace topograph::detail {
namespace {

/// Start of the character that ends at `end` > 0.
std::size_t previous_character(std::string_view text, std::size_t end) {
  std::size_t begin = end - 1;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  return begin;
}

bool is_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && is_word_character(decode_utf8(text, previous_character(text, begin)).value)) {
    return false;
  }
  return end == text.size() || !is_word_character(decode_utf8(text, end).value);
}

std::size_t skip_space_before(std::string_view text, std::size_t begin) {
  while (begin > 0) {
    const std::size_t before = previous_character(text, begin);
    if (!is_white_space(decode_utf8(text, before).value)) break;
    begin = before;
  }
  return begin;
}

std::size_t skip_space_after(std::string_view text, std::size_t end) {
  while (end < text.size()) {
    const DecodedCharacter character = decode_utf8(text, end);
    if (!is_white_space(character.value)) break;
    end += character.length;
  }
  return end;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, const Normalizer& normalizer)
    : tokens_(std::move(tokens)) {
  std::vector<PieceTrie::Entry> raw;
  std::vector<PieceTrie::Entry> normalized;
  std::vector<std::string> contents(tokens_.size());
  NormalizedText text;
  NormalizeScratch scratch;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const auto value = static_cast<std::int32_t>(i);
    if (!tokens_[i].normalized) {
      raw.push_back({tokens_[i].content, value});
      continue;
    }
    decode_text(tokens_[i].content, 0, text);
    normalize(normalizer, text, scratch);
    to_utf8(text, contents[i]);
    normalized.push_back({contents[i], value});
  }
  raw_ = make_matcher(raw);
  normalized_ = make_matcher(normalized);
}

AddedTokens::Matcher AddedTokens::make_matcher(const std::vector<PieceTrie::Entry>& patterns) {
  Matcher matcher;
  matcher.trie = PieceTrie(patterns);
  std::size_t n_first_bytes = 0;
  for (const PieceTrie::Entry& pattern : patterns) {
    if (pattern.key.empty()) continue;
    matcher.is_empty = false;
    const auto byte = static_cast<unsigned char>(pattern.key.front());
    if (!std::exchange(matcher.is_first_byte[byte], true)) ++n_first_bytes;
    matcher.only_first_byte = byte;
  }
  if (n_first_bytes != 1) matcher.only_first_byte = -1;
  return matcher;
}

std::size_t AddedTokens::next_candidate(const Matcher& matcher, std::string_view text,
                                        std::size_t position) {
  if (matcher.only_first_byte >= 0) {
    return std::min(text.find(static_cast<char>(matcher.only_first_byte), position), text.size());
  }
  while (position < text.size() &&
         !matcher.is_first_byte[static_cast<unsigned char>(text[position])]) {
    ++position;
  }
  return position;
}

void AddedTokens::split(const Matcher& matcher, std::string_view text,
                        std::vector<AddedSplit>& out) const {
  std::size_t done = 0;
  std::size_t position = matcher.is_empty ? text.size() : next_candidate(matcher, text, 0);
  while (position < text.size()) {
    const PieceTrie::Match match = matcher.trie.longest_prefix(text.substr(position));
    if (match.length == 0) {
      position = next_candidate(matcher, text, position + 1);
      continue;
    }
    const AddedToken& token = tokens_[static_cast<std::size_t>(match.value)];
    std::size_t begin = position;
    std::size_t end = position + match.length;
    position = next_candidate(matcher, text, end);
    if (token.single_word && !is_alone(text, begin, end)) continue;
    if (token.lstrip) begin = std::max(skip_space_before(text, begin), done);
    if (token.rstrip) end = skip_space_after(text, end);
    if (done < begin) out.push_back({done, begin, -1});
    out.push_back({begin, end, token.id});
    done = end;
  }
  if (done < text.size()) out.push_back({done, text.size(), -1});
}

void AddedTokens::split_raw(std::string_view text, std::vector<AddedSplit>& out) const {
  split(raw_, text, out);
}

void AddedTokens::split_normalized(std::string_view text, std::vector<AddedSplit>& out) const {
  split(normalized_, text, out);
}

}  // namespace topograph::detail
