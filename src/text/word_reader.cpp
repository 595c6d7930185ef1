#include "text/word_reader.hpp"

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

void WordReader::start() {
  tokens_ = {};
  of_token_.clear();
  keys_.clear();
  surfaces_.clear();
  words_ = {};
}

void WordReader::read(std::string_view text, std::vector<Piece>& keys,
                      std::vector<Piece>& surfaces) {
  for (const std::string_view token : cutter_.cut(text)) {
    const std::int32_t id = tokens_.add(token);
    if (idx(id) == of_token_.size()) judge(token);
    const Pieces pieces = of_token_[idx(id)];
    for (std::uint32_t i = pieces.begin; i < pieces.end; ++i) {
      keys.push_back(keys_[i]);
      if (is_stemmed_) surfaces.push_back(surfaces_[i]);
    }
  }
}

void WordReader::judge(std::string_view token) {
  const auto begin = static_cast<std::uint32_t>(keys_.size());
  const std::string_view word = cutter_.counted(token);
  if (!word.empty()) {
    append(cutter_.key_of(word), keys_);
    if (is_stemmed_) append(word, surfaces_);
    TG_EXPECTS(!is_stemmed_ || surfaces_.size() == keys_.size());
  }
  of_token_.push_back({begin, static_cast<std::uint32_t>(keys_.size())});
}

void WordReader::append(std::string_view word, std::vector<Piece>& pieces) {
  Piece flag = 0;
  for_pieces(word, [&](std::string_view piece) {
    pieces.push_back(static_cast<Piece>(words_.add(piece)) | flag);
    flag = kContinues;
  });
}

}  // namespace topograph
