#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace topograph {

/// Runs of words as paths from a root, without writing them out: a node is its parent and one more
/// word. Nodes have ids in order of arrival, a parent before its children.
class NgramTrie {
 public:
  static constexpr std::int32_t kRoot = -1;

  /// The node of `word` below `parent`, which is added when it is new.
  std::int32_t add(std::int32_t parent, std::int32_t word);
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] std::int32_t parent(std::int32_t node) const {
    return nodes_[static_cast<std::size_t>(node)].parent;
  }
  [[nodiscard]] std::int32_t word(std::int32_t node) const {
    return nodes_[static_cast<std::size_t>(node)].word;
  }
  /// Memory in use.
  [[nodiscard]] std::size_t bytes() const {
    return nodes_.capacity() * sizeof(Node) + slots_.size() * sizeof(Slot);
  }
  /// Nodes depth first, children by the rank of their words: the order of the terms' bytes when
  /// the ranks are those of the words' bytes and no word has a byte below the space.
  [[nodiscard]] std::vector<std::int32_t> preorder(const std::vector<std::int32_t>& rank) const;

 private:
  struct Node {
    std::int32_t parent = kRoot;
    std::int32_t word = 0;
  };
  /// A free slot has id -1. It repeats the node, so that one look is enough.
  struct Slot {
    Node node = {};
    std::int32_t id = -1;
  };

  void grow();

  std::vector<Node> nodes_ = {};
  std::vector<Slot> slots_ = {};  ///< The size is a power of two.
};

}  // namespace topograph
