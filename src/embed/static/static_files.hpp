#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "embed/static/static_vectors.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph::detail {

/// Where the parts of a static model lie: model2vec's layout, sentence-transformers' one, or its
/// older one with everything under `0_StaticEmbedding/`.
struct StaticLayout {
  std::filesystem::path config = {};
  std::filesystem::path weights = {};
  std::filesystem::path tokenizer = {};
};

/// The layout of a folder; empty when it is not a static model's folder.
[[nodiscard]] std::optional<StaticLayout> find_static_layout(const std::filesystem::path& folder);

struct StaticConfig {
  bool is_normalized = false;
  std::size_t max_length = 512;  ///< Tokens a text; 0: no limit.
};

/// @error model subject: not_found, parse or schema.
[[nodiscard]] Result<StaticConfig> read_static_config(const std::filesystem::path& folder,
                                                      const StaticLayout& layout);

/// The (rows, columns) array of a static model's file.
/// @error model subject: schema.
[[nodiscard]] Result<ArrayRef> static_vector_array(const ArrayFile& file,
                                                   const std::filesystem::path& where);

/// Reads the vectors for a vocabulary of `n_tokens` ids.
/// @error model subject: not_found, parse, or schema naming what does not fit.
[[nodiscard]] Result<StaticVectors> read_static_vectors(const StaticLayout& layout,
                                                        std::size_t n_tokens);

}  // namespace topograph::detail
