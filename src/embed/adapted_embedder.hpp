#pragma once

#include <filesystem>
#include <memory>

#include "topograph/core/error.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph::detail {

/// Puts the prompt, the cut to the first columns and the scaling to unit length around an embedder
/// that knows nothing of them; returns `inner` itself when the options ask for none of it.
/// @param folder  Where the model's prompts are; empty: it has none.
/// @error option subject: a prompt name that the folder does not have, more columns than there are,
///        or an option that only encoders understand.
[[nodiscard]] Result<std::unique_ptr<Embedder>> adapt_embedder(std::unique_ptr<Embedder> inner,
                                                               const std::filesystem::path& folder,
                                                               const EmbedOptions& options);

/// The columns to keep of `dimension`.
/// @error option subject: more than there are.
[[nodiscard]] Result<std::size_t> kept_columns(const EmbedOptions& options, std::size_t dimension);

}  // namespace topograph::detail
