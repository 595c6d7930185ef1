#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenize/piece.hpp"
#include "tokenize/vocabulary.hpp"
#include "tokenize/word_cache.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// Byte-pair encoding: characters grow together, the pair of the lowest rank first, from the left.
class Bpe {
 public:
  struct Merge {
    std::string left = {};
    std::string right = {};
  };
  struct Options {
    std::string unk_token = {};  ///< Empty: characters without a token vanish.
    std::string continuing_subword_prefix = {};
    std::string end_of_word_suffix = {};
    bool fuse_unk = false;
    bool byte_fallback = false;
    bool ignore_merges = false;  ///< A word that is a token is taken as it is.
  };
  struct Symbol {
    std::int32_t id = 0;
    std::uint32_t length = 0;  ///< In bytes of the word.
    std::int32_t previous = -1;
    std::int32_t next = -1;
  };
  struct Candidate {
    std::uint32_t rank = 0;
    std::int32_t position = 0;
    std::int32_t new_id = 0;
  };
  struct Scratch {
    std::vector<Symbol> symbols = {};
    std::vector<std::uint32_t> ranks = {};
    std::vector<Candidate> heap = {};
    std::string spelled = {};
    WordCache cache = {};
  };

  /// @error parse when a merge or the unknown token is not in the vocabulary.
  [[nodiscard]] static Result<Bpe> build(const Vocabulary& vocabulary,
                                         const std::vector<Merge>& merges, const Options& options,
                                         std::string_view where);

  [[nodiscard]] std::int32_t unknown_id() const { return unknown_id_; }
  /// Appends the pieces of one word (UTF-8, not empty).
  void append(std::string_view word, Scratch& scratch, std::vector<Piece>& out) const;

 private:
  struct MergeSlot {
    std::uint64_t pair = no_pair;
    std::uint32_t rank = 0;
    std::int32_t new_id = 0;
  };
  static constexpr std::uint64_t no_pair = ~std::uint64_t{0};
  static constexpr std::uint32_t no_rank = 0xFFFFFFFF;

  [[nodiscard]] static std::uint64_t pair_of(std::int32_t left, std::int32_t right) {
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) |
           static_cast<std::uint32_t>(right);
  }
  [[nodiscard]] const MergeSlot& find_merge(std::int32_t left, std::int32_t right) const;
  void insert_merge(const MergeSlot& merge);
  [[nodiscard]] Result<void> read_merges(const Vocabulary& vocabulary,
                                         const std::vector<Merge>& merges, std::string_view where);
  void make_character_ids(const Vocabulary& vocabulary);
  void make_joints(const std::vector<Merge>& merges);
  [[nodiscard]] std::int32_t character_id(char32_t c) const;
  [[nodiscard]] bool may_join(char32_t left, char32_t right) const;

  void append_stretch(std::string_view stretch, std::uint32_t shift, Scratch& scratch,
                      std::vector<Piece>& out) const;
  void append_merged(std::string_view stretch, std::uint32_t shift, Scratch& scratch,
                     std::vector<Piece>& out) const;
  void spell(std::string_view stretch, Scratch& scratch) const;
  [[nodiscard]] std::int32_t spelled_id(std::string_view stretch, std::size_t begin,
                                        std::size_t end, char32_t c, Scratch& scratch) const;
  void merge_few(Scratch& scratch) const;
  void merge_many(Scratch& scratch) const;

  Options options_ = {};
  Vocabulary vocabulary_ = {};  // only with affixes or ignore_merges
  bool has_affixes_ = false;
  std::int32_t unknown_id_ = -1;
  std::vector<std::int32_t> byte_ids_ = {};
  std::vector<std::int32_t> low_character_ids_ = {};  // of the first code points
  std::vector<std::pair<char32_t, std::int32_t>> high_character_ids_ = {};  // sorted
  std::vector<MergeSlot> merges_ = {};                                      // open addressing
  std::vector<std::uint64_t> joints_ = {};  // bits: may two characters grow together
};

}  // namespace topograph::detail
