#include "tokenize/piece_trie.hpp"

#include <algorithm>
#include <utility>

namespace topograph::detail {

/// Places the children of each node, widest ranges of keys first come first served. Free units form
/// a circular list; blocks of 256 that are far behind are closed, so that a build stays linear.
class PieceTrie::Builder {
 public:
  Builder(const std::vector<Entry>& entries, std::vector<Unit>& units)
      : entries_(entries), units_(units) {
    add_block();
    take(root);
  }

  void build() {
    std::vector<Node> pending = {{root, 0, entries_.size(), 0}};
    while (!pending.empty()) {
      const Node node = pending.back();
      pending.pop_back();
      place_children(node, pending);
    }
  }

 private:
  struct Node {
    State state = 0;
    std::size_t begin = 0;  // keys that pass through the node
    std::size_t end = 0;
    std::size_t depth = 0;
  };
  struct Link {
    State previous = none;
    State next = none;
  };
  static constexpr std::size_t block_size = 256;
  static constexpr std::size_t n_open_blocks = 16;

  static unsigned char label(const Entry& entry, std::size_t depth) {
    return static_cast<unsigned char>(entry.key[depth]);
  }

  void place_children(Node node, std::vector<Node>& pending) {
    if (node.begin < node.end && entries_[node.begin].key.size() == node.depth) {
      units_[node.state].value = entries_[node.begin].value;
      ++node.begin;
    }
    if (node.begin == node.end) return;
    labels_.clear();
    for (std::size_t i = node.begin; i < node.end; ++i) {
      const unsigned char c = label(entries_[i], node.depth);
      if (labels_.empty() || labels_.back() != c) labels_.push_back(c);
    }
    const State base = find_base();
    units_[node.state].base = base;
    for (const unsigned char c : labels_) {
      take(base ^ c);
      units_[base ^ c].parent = node.state;
    }
    for (std::size_t i = node.begin; i < node.end;) {
      const unsigned char c = label(entries_[i], node.depth);
      std::size_t end = i;
      while (end < node.end && label(entries_[end], node.depth) == c) ++end;
      pending.push_back({base ^ c, i, end, node.depth + 1});
      i = end;
    }
  }

  State find_base() {
    for (State free = first_free_; free != none; free = links_[free].next) {
      const State base = free ^ labels_.front();
      if (std::ranges::all_of(labels_, [&](unsigned char c) { return is_free(base ^ c); })) {
        return base;
      }
    }
    const auto first = static_cast<State>(units_.size());
    add_block();
    return first ^ labels_.front();
  }

  bool is_free(State state) const { return is_free_[state]; }

  void add_block() {
    const std::size_t begin = units_.size();
    units_.resize(begin + block_size);
    links_.resize(begin + block_size);
    is_free_.resize(begin + block_size, false);
    for (std::size_t i = begin; i < begin + block_size; ++i) release(static_cast<State>(i));
    if (begin >= n_open_blocks * block_size) close_block(begin - n_open_blocks * block_size);
  }

  void close_block(std::size_t begin) {
    for (std::size_t i = begin; i < begin + block_size; ++i) {
      if (is_free_[i]) take(static_cast<State>(i));
    }
  }

  void release(State state) {
    links_[state] = {last_free_, none};
    (last_free_ == none ? first_free_ : links_[last_free_].next) = state;
    last_free_ = state;
    is_free_[state] = true;
  }

  void take(State state) {
    const Link link = links_[state];
    (link.previous == none ? first_free_ : links_[link.previous].next) = link.next;
    (link.next == none ? last_free_ : links_[link.next].previous) = link.previous;
    is_free_[state] = false;
  }

  const std::vector<Entry>& entries_;
  std::vector<Unit>& units_;
  std::vector<Link> links_ = {};
  std::vector<bool> is_free_ = {};
  std::vector<unsigned char> labels_ = {};
  State first_free_ = none;
  State last_free_ = none;
};

PieceTrie::PieceTrie(std::vector<Entry> entries) {
  std::erase_if(entries, [](const Entry& entry) { return entry.key.empty(); });
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    return std::pair(a.key, a.value) < std::pair(b.key, b.value);
  });
  const auto repeated =
      std::ranges::unique(entries, [](const Entry& a, const Entry& b) { return a.key == b.key; });
  entries.erase(repeated.begin(), repeated.end());
  Builder(entries, units_).build();
}

}  // namespace topograph::detail
