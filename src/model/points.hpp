#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/model/options.hpp"

namespace topograph {

/// The documents that take part in the analysis: blank ones left out, identical ones folded.
struct Points {
  std::vector<std::int32_t> of_document = {};  ///< (n documents) point of each; -1: blank.
  std::vector<std::int32_t> weights = {};      ///< Documents per point.
  std::vector<std::int64_t> first_row = {};    ///< Row of each point's first document.
  /// Hash of each point's text, see `text_key`; empty: the texts were never seen.
  std::vector<std::int64_t> keys = {};
  TextColumn texts = {};  ///< Text of each point's first document.

  [[nodiscard]] std::size_t size() const { return weights.size(); }
};

/// Hash of a document's duplicate key; equal texts have equal hashes.
[[nodiscard]] std::int64_t text_key(std::string_view text);

/// Hex SHA-256 of texts, which tells inputs apart.
[[nodiscard]] std::string text_digest(std::initializer_list<const TextColumn*> parts);

[[nodiscard]] Result<Points> make_points(const TextColumn& texts, Duplicates duplicates,
                                         RunContext& run);

}  // namespace topograph
