#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/term_cutter.hpp"
#include "text/term_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// The terms of a vocabulary as paths of words, so that n-grams are found without being written
/// out. Immutable.
class KnownNgrams {
 public:
  /// A place in the paths.
  struct Node {
    std::uint32_t part = 0;
    std::int32_t node = kRoot;
  };
  static constexpr std::int32_t kRoot = -1;

  /// @param rules  Of the plan that the terms were counted by: they are found by their stems.
  /// @determinism  The same for any number of threads.
  [[nodiscard]] static Result<KnownNgrams> build(const Vocabulary& vocabulary,
                                                 const CutRules& rules, RunContext& run);

  /// Number of a word that some term has; -1: none has.
  [[nodiscard]] std::int32_t word(std::string_view word) const;
  /// Goes on by one word; false when no term begins so.
  [[nodiscard]] bool step(Node& node, std::int32_t word) const;
  /// The term that ends here, -1: none.
  [[nodiscard]] std::int32_t term(const Node& node) const {
    return parts_[node.part].terms[static_cast<std::size_t>(node.node)];
  }

 private:
  /// Terms that begin with some words: all of a word are in one part.
  struct Part {
    std::vector<std::int32_t> terms = {};  ///< Of every node; -1: only what others begin with.
    std::vector<std::uint32_t> first_child = {0};
    std::vector<std::int32_t> child_words = {};  ///< Ascending below one node.
    std::vector<std::int32_t> child_nodes = {};
  };
  struct Builder;

  TermTable words_ = {};
  std::vector<std::int32_t> rank_ = {};  ///< Number of every entry of `words_`.
  std::vector<Node> roots_ = {};         ///< Of every number.
  std::vector<Part> parts_ = {};
};

}  // namespace topograph
