#include "model/points.hpp"

#include <bit>
#include <string>
#include <unordered_map>

#include "topograph/core/digest.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/text/normalize.hpp"

namespace topograph {
namespace {

std::int64_t hash_key(std::string_view key) {
  return std::bit_cast<std::int64_t>(random_key(0, key).value);
}

}  // namespace

std::int64_t text_key(std::string_view text) { return hash_key(duplicate_key(text)); }

std::string text_digest(std::initializer_list<const TextColumn*> parts) {
  Sha256 digest;
  for (const TextColumn* texts : parts) {
    for (std::size_t i = 0; i < texts->size(); ++i) {
      digest.update((*texts)[i]);
      digest.update(std::string_view("\0", 1));
    }
  }
  return digest.hex();
}

Result<Points> make_points(const TextColumn& texts, Duplicates duplicates, RunContext& run) {
  // Keys are what is compared, so two texts fold only when they really are the same.
  std::vector<std::string> keys(texts.size());
  TG_TRY(parallel_blocks(run, texts.size(), 4096, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      if (!is_blank(texts[i])) keys[i] = duplicate_key(texts[i]);
    }
  }));
  Points points;
  points.of_document.assign(texts.size(), -1);
  std::unordered_map<std::string_view, std::int32_t> point_of_key;
  point_of_key.reserve(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (keys[i].empty()) continue;
    const auto next = narrow<std::int32_t>(points.size());
    std::int32_t point = next;
    if (duplicates == Duplicates::fold)
      point = point_of_key.try_emplace(keys[i], next).first->second;
    points.of_document[i] = point;
    if (point != next) {
      ++points.weights[idx(point)];
      continue;
    }
    points.weights.push_back(1);
    points.first_row.push_back(narrow<std::int64_t>(i));
    points.keys.push_back(hash_key(keys[i]));
    points.texts.push_back(texts[i]);
  }
  return points;
}

}  // namespace topograph
