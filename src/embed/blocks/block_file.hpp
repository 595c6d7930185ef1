#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph::detail {

/// Writes the vectors of one block and what was met while embedding it, so that the file appears
/// complete or not at all.
///
/// @param key  64 hex digits that name the content.
[[nodiscard]] Result<void> write_block_file(const std::filesystem::path& path,
                                            const std::string& key, MatrixView<const float> vectors,
                                            const EmbedReport& report);

/// Fills `vectors` from the file of `key`.
/// @return  Nothing when there is no such file.
/// @error   parse or io, saying what is wrong with the file; `vectors` may be half filled then.
[[nodiscard]] Result<std::optional<EmbedReport>> read_block_file(const std::filesystem::path& path,
                                                                 const std::string& key,
                                                                 MatrixView<float> vectors);

/// Detects damage, not forgery: four interleaved chains of multiply and rotate over 64-bit words,
/// so that it keeps up with memory.
[[nodiscard]] std::uint64_t block_checksum(std::span<const std::byte> bytes);

}  // namespace topograph::detail
