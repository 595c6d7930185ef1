#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace topograph {

/// Many strings in one arena of valid UTF-8; `text[i]` is a view into it.
/// Views stay valid until the column is changed or destroyed.
class TextColumn {
 public:
  [[nodiscard]] std::size_t size() const { return offsets_.size() - 1; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t bytes() const { return arena_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const {
    const auto begin = static_cast<std::size_t>(offsets_[i]);
    return {arena_.data() + begin, static_cast<std::size_t>(offsets_[i + 1]) - begin};
  }
  void push_back(std::string_view text) {
    arena_.append(text);
    offsets_.push_back(static_cast<std::int64_t>(arena_.size()));
  }
  void reserve(std::size_t n_texts, std::size_t n_bytes) {
    offsets_.reserve(n_texts + 1);
    arena_.reserve(n_bytes);
  }
  [[nodiscard]] bool operator==(const TextColumn&) const = default;

 private:
  std::string arena_ = {};
  std::vector<std::int64_t> offsets_ = {0};
};

}  // namespace topograph
