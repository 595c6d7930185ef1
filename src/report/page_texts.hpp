#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "report/array_blob.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph::detail {

constexpr std::size_t max_name_chars = 160;   // Of topics, words, layers and facts.
constexpr std::size_t max_title_chars = 300;  // Of documents.
constexpr std::size_t max_cell_chars = 200;   // Of links and other texts about documents.

/// Which of `n` documents travel with their text: all, or an even sample of `most` of them that
/// holds the `wanted` ones. Ascending.
[[nodiscard]] std::vector<std::size_t> documents_with_text(std::size_t n, std::size_t most,
                                                           std::span<const std::size_t> wanted);

/// The texts of the given rows as one UTF-8 blob `name` and the byte length of each,
/// `name_lengths`.
[[nodiscard]] Result<void> add_texts(ArrayBlob& blob, const std::string& name,
                                     const TextColumn& column, std::span<const std::size_t> rows,
                                     std::size_t max_chars, RunContext& run);

}  // namespace topograph::detail
